"""Scheduled, facilitated live chat: a group meets regularly."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.meetings import (
        calendar_views,
        facilitating_views,
        room_fragments,
        room_views,
        schedule_views,
        sockets,
        summary_views,
        views,
    )

    sockets.init()
    room_fragments.init(app)
    planning = (views, schedule_views, calendar_views)
    for door in (*planning, room_views, facilitating_views, summary_views):
        app.register_blueprint(door.bp)
