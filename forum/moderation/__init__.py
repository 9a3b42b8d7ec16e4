"""Reports, the queue of what wants a human, acts with their log, and what moderators carry."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.moderation import (
        log_views,
        member_views,
        own_views,
        queue_sockets,  # noqa: F401 - declares its events
        queue_views,
        reason_views,
        report_views,
        room_sockets,  # noqa: F401 - declares its events
        room_views,
        rota_views,
        transparency_views,
        views,
        watchword_views,
    )

    for door in (queue_views, report_views, rota_views, watchword_views, transparency_views,
                 views, room_views, log_views, own_views, reason_views,
                 member_views):  # fmt: skip
        app.register_blueprint(door.bp)
    queue_views.init(app)
    views.init(app)
    log_views.init(app)
