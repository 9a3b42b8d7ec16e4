"""Private messages: conversations of two people who have both agreed to them."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.core.web.templating import template_helpers
    from forum.messages import policy, sockets, views
    from forum.messages.content import fragments
    from forum.messages.content import views as content_views
    from forum.messages.requests import views as request_views

    assert sockets  # noqa: S101 - declares its events when it is imported
    fragments.init(app)
    template_helpers.add_limits(app, request=policy.REQUEST_MAX)
    app.jinja_env.globals["draw_write_to"] = request_views.draw_write_to
    app.register_blueprint(views.bp)
    app.register_blueprint(content_views.bp)
    app.register_blueprint(request_views.bp)
