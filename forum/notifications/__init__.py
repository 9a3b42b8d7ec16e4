"""Notifications: who receives them, and what they say."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.notifications import device_views, preference_views, views
    from forum.notifications.announcements import views as announcement_views
    from forum.notifications.digests import service as digests
    from forum.notifications.outbox import contents, gathering
    from forum.notifications.preferences import unsubscribe_views

    contents.register(digests.CONTENT)
    contents.register(gathering.CONTENT)
    contents.init(app.config["SITE_NAME"])
    app.register_blueprint(views.bp)
    app.register_blueprint(preference_views.bp)
    app.register_blueprint(device_views.bp)
    app.register_blueprint(announcement_views.bp)
    app.register_blueprint(unsubscribe_views.bp)
    views.init(app)
