"""Support groups: what they are, who belongs to them, who may enter and see."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.groups import invitation_views, people_views, profile_views, settings_views, views

    for door in (views, people_views, invitation_views, settings_views, profile_views):
        app.register_blueprint(door.bp)
