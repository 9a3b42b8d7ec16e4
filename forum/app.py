"""create_app: extensions, blueprints, subscriptions; nothing else."""

from flask import Flask
from flask_compress import Compress

from forum import (
    accounts,
    admin,
    groups,
    home,
    jobs,
    meetings,
    messages,
    moderation,
    notifications,
    privacy,
    safety,
    search,
    threads,
    wiring,
)
from forum.core import db, events, mail, optional_slices, signed_tokens, web_push
from forum.core.ops import health, logs
from forum.core.realtime import socket_events
from forum.core.web import (
    flask_tuning,
    private_ids,
    proxies,
    rate_limits,
    request_language,
    request_sizes,
    responses,
    robots,
    web_app_manifest,
)
from forum.core.web.forms import csrf, form_warnings
from forum.core.web.templating import (
    appearance,
    assets,
    pieces,
    service_worker,
    template_helpers,
)
from forum.settings.environment import Settings, from_environment

SLICES = (
    accounts,
    groups,
    threads,
    meetings,
    messages,
    safety,
    moderation,
    search,
    notifications,
    privacy,
    home,
    admin,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the forum as a WSGI application. Raises BadSettings."""
    settings = settings or from_environment()
    logs.configure(settings.log_level)
    app = flask_tuning.Forum(
        __name__, template_folder=str(assets.folder("templates")), static_folder=None
    )
    flask_tuning.init(app)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="forum_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=60 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our own policy forbids to send
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_BR_LEVEL=3,
        COMPRESS_GZIP_LEVEL=4,
        COMPRESS_ZSTD_LEVEL=1,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        SITE_NAME=settings.site_name,
    )
    app.extensions["forum.settings.environment"] = settings
    proxies.init(app, settings)
    request_language.init(app, settings.language)
    db.bind(settings.database_url, settings.connections_a_process)
    mail.init(settings.mail_url, settings.mail_from, settings.site_name, settings.origins)
    web_push.init(settings.push_key, settings.push_services, settings.origins, settings.mail_from)
    signed_tokens.init(settings.secret_key)
    for part in (
        health,
        request_sizes,
        responses,
        private_ids,
        assets,
        web_app_manifest,
        service_worker,
        template_helpers,
        pieces,
        appearance,
        robots,
        form_warnings,
    ):
        part.init(app)
    rate_limits.init(app, settings)
    csrf.init(app)
    Compress(app)
    for part in SLICES:
        part.init(app)
    if research := optional_slices.optional("forum.research"):
        research.init(app)
    socket_events.init(app, settings)  # after the slices, which declare what it answers
    proxies.believe(app, settings)
    request_sizes.keep_out_long_headers(app)
    events.subscribe(wiring.WITHIN_TRANSACTION, wiring.AFTER_COMMIT)
    jobs.start()
    return app
