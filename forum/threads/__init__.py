"""Threads and posts: written once, shown live, replayed after any gap."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.threads import limits, sockets, title_views, views
    from forum.threads.approval import views as review_views
    from forum.threads.lists import views as group_views
    from forum.threads.posts import fragments
    from forum.threads.posts import views as post_views
    from forum.threads.reader import content_note_views, date_views
    from forum.threads.relationships import views as mutes_and_blocks_views

    assert sockets  # noqa: S101 - declares its events when it is imported
    app.jinja_env.globals["thread_limits"] = limits
    app.jinja_env.globals["topic_options"] = content_note_views.suggested_options
    fragments.init(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(title_views.bp)
    app.register_blueprint(post_views.bp)
    app.register_blueprint(review_views.bp)
    app.register_blueprint(group_views.bp)
    app.register_blueprint(content_note_views.bp)
    app.register_blueprint(date_views.bp)
    app.register_blueprint(mutes_and_blocks_views.bp)
