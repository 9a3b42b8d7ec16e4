"""Who someone is: sign-up, login, sessions, profile, mutes and blocks."""

from flask import Flask

from forum.core.translation import catalogues
from forum.core.web import rate_limits, request_language
from forum.core.web.templating import template_helpers


def init(app: Flask) -> None:
    """Add this slice to the application."""
    from forum.accounts import recovery_views, service, session_views, views
    from forum.accounts.identity import emails, handles, public_ids
    from forum.accounts.login import current_user, devices, passwords, sockets, user_agents
    from forum.accounts.preferences import content_note_preferences
    from forum.accounts.profile import email_views, language_views
    from forum.accounts.profile import views as profile_views

    assert sockets  # noqa: S101 - declares its events when it is imported
    handles.init(app.config["SECRET_KEY"])
    passwords.init(app.config["SITE_NAME"])
    devices.init(app.config["SECRET_KEY"])
    current_user.init(app)
    public_ids.init(app)
    rate_limits.identify_accounts_by(lambda: current_user.viewer().id)
    settings = app.extensions["forum.settings.environment"]
    app.jinja_env.globals["minimum_age"] = settings.minimum_age
    template_helpers.add_limits(
        app,
        handle=handles.MAX_LENGTH,
        password=passwords.MAX_LENGTH,
        email=emails.MAX_LENGTH,
        about=service.ABOUT_MAX,
    )
    app.jinja_env.filters["expand_words"] = content_note_preferences.expand_words
    app.jinja_env.filters["device_name"] = user_agents.shown
    request_language.of_account(current_user.chosen_language)
    app.jinja_env.globals["language_choices"] = catalogues.choices
    for door in (
        views,
        recovery_views,
        profile_views,
        email_views,
        session_views,
        language_views,
    ):
        app.register_blueprint(door.bp)
