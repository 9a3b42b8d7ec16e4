"""Scheduled, facilitated live chat: a group meets regularly."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.meetings.calendars import views as calendar_views
    from forum.meetings.room import facilitator_views, fragments, sockets
    from forum.meetings.room import views as room_views
    from forum.meetings.room.attendance import views as attendance_views
    from forum.meetings.schedule import cover_views, series_views
    from forum.meetings.schedule import views as meeting_views

    sockets.init()
    fragments.init(app)
    scheduling = (meeting_views, series_views, cover_views, calendar_views)
    for each in (*scheduling, room_views, facilitator_views, attendance_views):
        app.register_blueprint(each.bp)
