"""What a member is told."""

from flask import Flask

FORGET_EVERY_S = 6 * 3600.0


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.core import background
    from forum.notifications import service, views

    app.register_blueprint(views.bp)
    views.init(app)
    background.every(FORGET_EVERY_S, "forget_notifications", service.forget_old)
