"""What can be checked and prepared before the forum is used, each failure in one clear sentence."""

import errno
import resource
import socket
import time
from pathlib import Path

from click import ClickException, echo
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from forum import migrations
from forum.core import db
from forum.core.db import database_errors, engines, serving_lock
from forum.core.text.alphabets import invisible
from forum.settings.environment import Settings
from forum.settings.values import BadSettings

PATIENCE_S = 5
FOR_OTHERS = 5
MAX_FILES = 65_536


def allow_files() -> None:
    """Let this process, and what it becomes, have as many open files as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def check_port(host: str, port: int) -> None:
    """Raise ClickException if nobody could listen there."""
    try:
        family, *_rest, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except (OSError, UnicodeError) as problem:
        number = getattr(problem, "errno", None)
        if number == errno.EADDRINUSE:
            words = (
                f"Port {port} is already taken. "
                "Choose another with --port, or with make run PORT=…."
            )
        elif number == errno.EACCES:
            words = f"Port {port} is reserved by the system. Choose one above 1023 with --port."
        else:
            words = f"“{host}” is not an address of this machine. Choose another with --host."
        raise ClickException(words) from problem


def check_written(settings: Settings) -> None:
    """Raise BadSettings if what the operator has written cannot be used: names and files."""
    if invisible.is_blank(settings.site_name):
        raise BadSettings("FORUM_SITE_NAME must be a name that people can see.")
    if settings.mail_url:
        from forum.core import mail

        mail.check(settings.mail_url, settings.mail_from)
    if settings.guidelines:
        from forum.safety.guidelines import guideline_text

        guideline_text.load(Path(settings.guidelines))
    if settings.helplines or (settings.instance / "helplines.toml").exists():
        from forum.safety import helplines

        own = Path(settings.helplines) if settings.helplines else None
        helplines.load(settings.instance, own)


def check_mail(settings: Settings) -> None:
    """Say what keeps mail from getting out; the forum starts in any case, and tries again."""
    if not settings.mail_url:
        return
    from forum.core import mail

    mail.init(settings.mail_url, settings.mail_from, settings.site_name, settings.origins)
    mailer = mail.Mailer()
    outcome = mailer.reach()
    mailer.rest()
    if not isinstance(outcome, mail.Delivered):
        echo(f"Mail: {outcome.reason} `forum mail test ADDRESS` tries it again.", err=True)
    if not settings.origins:
        echo("Mail: without FORUM_ORIGINS, notifications are not sent by email.", err=True)


def check_redis(settings: Settings) -> None:
    """Raise ClickException if a Redis is named and does not answer."""
    if not settings.redis_url:
        return
    from redis import Redis, RedisError

    try:
        with Redis.from_url(
            settings.redis_url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S
        ) as redis:
            redis.ping()
    except (RedisError, ValueError, TypeError) as problem:  # the last for `?` and what it has not
        raise ClickException(
            "Redis does not answer at the address in FORUM_REDIS_URL; "
            "start it, or take the setting away."
        ) from problem


def check_alone(settings: Settings) -> None:
    """Raise ClickException if another server uses this SQLite file; else this one does from now on.

    Those that one Redis joins know of each other's posts, and may share it. One that was ended by
    force lets go of it within a few seconds.
    """
    until = time.monotonic() + PATIENCE_S
    while not serving_lock.claim(settings.database_url, alone=not settings.redis_url):
        if time.monotonic() > until:
            raise ClickException(
                "Another forum server is using this database already. Stop it first, or give this "
                "one a database of its own."
            )
        time.sleep(0.1)


def prepare_database(settings: Settings) -> None:
    """Open the database and bring it to the newest schema. Raises ClickException or BadSettings."""
    try:
        engine = db.bind(settings.database_url)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            _check_encoding(engines.encoding(connection))
        migrations.upgrade()
    except (DBAPIError, OSError) as problem:
        reason = database_errors.explain(problem)
        if reason and reason.word != database_errors.NOT_OPENED:
            raise ClickException(reason.sentence) from problem
        raise ClickException(_cannot_use(settings)) from problem
    except migrations.Refused as problem:
        raise ClickException(str(problem)) from problem
    except ValueError as problem:
        raise BadSettings("FORUM_DATABASE_URL is not an address that can be used.") from problem


def connections(settings: Settings) -> int:
    """Return how many connections to PostgreSQL all web processes may have together; 0 on SQLite.

    A few are left for commands, the worker and the operator. Raises ClickException if what is set
    cannot be had, or what can be had is not enough.
    """
    if db.engine().dialect.name != "postgresql":
        return 0
    with db.engine().connect() as connection:
        allowed = engines.connections_allowed(connection)
    room = allowed - FOR_OTHERS
    if room < 2 * settings.workers:
        raise ClickException(
            f"PostgreSQL lets the forum have {allowed} connections, which is too few for "
            f"{settings.workers} web processes. Raise max_connections there, or lower "
            "FORUM_WORKERS."
        )
    if settings.database_connections > room:
        raise ClickException(
            f"FORUM_DATABASE_CONNECTIONS is {settings.database_connections}, but PostgreSQL lets "
            f"the forum have {allowed} connections, and {FOR_OTHERS} are kept for other work. Set "
            f"at most {room}, or raise max_connections there."
        )
    return settings.database_connections or min(80, room)


def _check_encoding(encoding: str) -> None:
    if encoding != "UTF8":
        raise ClickException(
            f"The database in FORUM_DATABASE_URL keeps text as {encoding}, which has no room for "
            "all scripts. Create it anew with ENCODING 'UTF8' TEMPLATE template0."
        )


def _cannot_use(settings: Settings) -> str:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return f"The database file {url.database} cannot be opened or written."
    return "The database at FORUM_DATABASE_URL cannot be reached or used."
