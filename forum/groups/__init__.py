"""Support groups: what they are, who belongs to them, who may enter and see."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.groups import membership_views, settings_views, views
    from forum.groups.invitations import views as invitation_views
    from forum.groups.profiles import views as profile_views

    for door in (views, membership_views, invitation_views, settings_views, profile_views):
        app.register_blueprint(door.bp)
