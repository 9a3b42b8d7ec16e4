"""Notifications: who receives them, and what they say."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.notifications import views

    app.register_blueprint(views.bp)
    views.init(app)
