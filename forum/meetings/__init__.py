"""Scheduled, facilitated live chat: a group meets regularly."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.meetings import room_fragments, room_views, sockets, summary_views

    assert sockets  # noqa: S101 - declares its events when it is imported
    room_fragments.init(app)
    app.register_blueprint(room_views.bp)
    app.register_blueprint(summary_views.bp)
