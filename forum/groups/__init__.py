"""Support groups: what they are, who belongs to them, who may enter and see."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.groups import views

    app.register_blueprint(views.bp)
