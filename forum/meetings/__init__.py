"""Scheduled, facilitated live chat: a group meets regularly."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.meetings import (
        facilitating_views,
        room_fragments,
        room_views,
        sockets,
        summary_views,
    )

    sockets.init()
    room_fragments.init(app)
    app.register_blueprint(room_views.bp)
    app.register_blueprint(facilitating_views.bp)
    app.register_blueprint(summary_views.bp)
