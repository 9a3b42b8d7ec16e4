"""Help in a crisis."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.safety import views

    app.register_blueprint(views.bp)
