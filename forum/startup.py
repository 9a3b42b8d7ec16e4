"""What can be checked and prepared before the forum is used, each failure in one clear sentence."""

import errno
import socket
from pathlib import Path

from click import ClickException
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from forum import migrations
from forum.core import db
from forum.setting_values import BadSettings
from forum.settings import Settings

PATIENCE_S = 5


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
    """Raise BadSettings if what the operator has written cannot be used: files, and a sender."""
    if settings.mail_url:
        from forum.core import mail

        mail.check_sender(settings.mail_from)
    if settings.guidelines:
        from forum.accounts import guidelines

        guidelines.load(Path(settings.guidelines))
    if settings.helplines or (settings.instance / "helplines.toml").exists():
        from forum.safety import helplines

        own = Path(settings.helplines) if settings.helplines else None
        helplines.load(settings.instance, own)


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
    except (RedisError, ValueError) as problem:
        raise ClickException(
            "Redis does not answer at the address in FORUM_REDIS_URL; "
            "start it, or take the setting away."
        ) from problem


def prepare_database(settings: Settings) -> None:
    """Open the database and bring it to the newest schema. Raises ClickException or BadSettings."""
    try:
        engine = db.bind(settings.database_url)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        migrations.upgrade()
    except (DBAPIError, OSError) as problem:
        url = make_url(settings.database_url)
        words = "The database at FORUM_DATABASE_URL cannot be reached or used."
        if url.get_backend_name() == "sqlite":
            words = f"The database file {url.database} cannot be opened or written."
        raise ClickException(trouble(problem) or words) from problem
    except migrations.Unknown as problem:
        raise ClickException(
            f"The database has the schema {problem}, which this version of the forum does not "
            "know. Start the version that made it, or a newer one."
        ) from problem
    except ValueError as problem:
        raise BadSettings("FORUM_DATABASE_URL is not an address that can be used.") from problem


def trouble(problem: BaseException | None) -> str:
    """Return what the operator can do about a database that does not work now; "" if nothing."""
    while problem is not None:
        said = str(getattr(problem, "orig", ""))
        if said == "database is locked":
            return "Another process is writing to the database. Try again when it is done."
        if said == "database or disk is full":
            return "There is no room left for the database. Make some, and try again."
        # SQLite ends a transaction that has no room, so that undoing its savepoint fails as well.
        problem = problem.__context__
    return ""
