"""Notifications: who receives them, and what they say."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.notifications import views
    from forum.notifications.outbox import contents

    contents.init(app.config["SITE_NAME"])
    app.register_blueprint(views.bp)
    views.init(app)
