"""Acts on content and people, each one row of a log that nobody can change."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.moderation import log_views, own_views, views

    for door in (views, log_views, own_views):
        app.register_blueprint(door.bp)
    views.init(app)
