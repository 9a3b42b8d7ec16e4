"""Threads and posts: written once, shown live, replayed after any gap."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.threads import (
        fragments,
        group_views,
        mute_block_views,
        post_views,
        review_views,
        sockets,
        theme_views,
        views,
    )

    assert sockets  # noqa: S101 - declares its events when it is imported
    app.jinja_env.globals["theme_options"] = theme_views.options()
    fragments.init(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(post_views.bp)
    app.register_blueprint(review_views.bp)
    app.register_blueprint(group_views.bp)
    app.register_blueprint(theme_views.bp)
    app.register_blueprint(mute_block_views.bp)
