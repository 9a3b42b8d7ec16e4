"""Who someone is: sign-up, login, sessions, profile, mutes and blocks."""

from flask import Flask


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.accounts import current, handles, sockets, views

    assert sockets  # noqa: S101 - declares its events when it is imported
    handles.init(app.config["SECRET_KEY"])
    current.init(app)
    app.register_blueprint(views.bp)
