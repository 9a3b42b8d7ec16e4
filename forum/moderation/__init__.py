"""Reports, the moderation queue, actions with their log, and moderators' wellbeing."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.moderation.actions import member_views, views
    from forum.moderation.appeals import views as appeal_views
    from forum.moderation.audit_log import views as log_views
    from forum.moderation.canned_reasons import views as reason_views
    from forum.moderation.crisis_calls import author_views, pager, timing
    from forum.moderation.crisis_calls import views as call_views
    from forum.moderation.on_call import views as rota_views
    from forum.moderation.queue import sockets as queue_sockets  # noqa: F401 - declares its events
    from forum.moderation.queue import views as queue_views
    from forum.moderation.reports import views as report_views
    from forum.moderation.room_moderation import sockets as room_sockets  # noqa: F401 - declares its events
    from forum.moderation.room_moderation import views as room_views
    from forum.moderation.second_approval import views as second_approval_views
    from forum.moderation.transparency import views as transparency_views
    from forum.moderation.watched_words import views as watched_word_views

    for door in (
        queue_views,
        call_views,
        author_views,
        report_views,
        rota_views,
        watched_word_views,
        transparency_views,
        views,
        room_views,
        log_views,
        second_approval_views,
        appeal_views,
        reason_views,
        member_views,
    ):
        app.register_blueprint(door.bp)
    settings = app.extensions["forum.settings.environment"]
    author_views.init()
    timing.init(settings.crisis_calls, settings.crisis_repeat)
    pager.init(settings.pager_url, next(iter(settings.origins), ""))
    queue_views.init(app)
    views.init(app)
    log_views.init(app)
