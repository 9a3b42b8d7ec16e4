"""Who someone is: sign-up, login, sessions, profile, mutes and blocks."""

from pathlib import Path

from flask import Flask

from forum.core import limits


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.accounts import (
        current,
        devices,
        guidelines,
        handles,
        passwords,
        profile_views,
        public_ids,
        recovery_views,
        session_views,
        sockets,
        themes,
        views,
    )

    assert sockets  # noqa: S101 - declares its events when it is imported
    handles.init(app.config["SECRET_KEY"])
    passwords.init(app.config["SITE_NAME"])
    devices.init(app.config["SECRET_KEY"])
    current.init(app)
    public_ids.init(app)
    limits.know_people_by(lambda: current.viewer().id)
    settings = app.extensions["forum.settings"]
    app.jinja_env.globals.update(
        community_guidelines=guidelines.load(
            Path(settings.guidelines) if settings.guidelines else None
        ),
        minimum_age=settings.minimum_age,
    )
    app.jinja_env.filters["spelled_out"] = themes.spelled_out
    for door in (views, recovery_views, profile_views, session_views):
        app.register_blueprint(door.bp)
