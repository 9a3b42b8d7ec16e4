"""Scheduled, facilitated live chat: a group meets regularly."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.meetings import views
    from forum.meetings.attendance import views as summary_views
    from forum.meetings.calendars import views as calendar_views
    from forum.meetings.facilitation import views as facilitating_views
    from forum.meetings.room import fragments as room_fragments
    from forum.meetings.room import sockets
    from forum.meetings.room import views as room_views
    from forum.meetings.schedule import views as schedule_views

    sockets.init()
    room_fragments.init(app)
    planning = (views, schedule_views, calendar_views)
    for door in (*planning, room_views, facilitating_views, summary_views):
        app.register_blueprint(door.bp)
