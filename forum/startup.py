"""What can be checked and prepared before the forum is used, each failure in one clear sentence."""

import errno
import socket

from click import ClickException
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from forum import migrations
from forum.core import db
from forum.settings import BadSettings, Settings

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
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            words = (
                f"Port {port} is already taken. "
                "Choose another with --port, or with make run PORT=…."
            )
        elif problem.errno == errno.EACCES:
            words = f"Port {port} is reserved by the system. Choose one above 1023 with --port."
        else:
            words = f"{host} is not an address of this machine. Choose another with --host."
        raise ClickException(words) from problem


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
        if url.get_backend_name() == "sqlite":
            words = f"The database file {url.database} cannot be opened or written."
        else:
            words = "The database at FORUM_DATABASE_URL cannot be reached or used."
        raise ClickException(words) from problem
    except ValueError as problem:
        raise BadSettings("FORUM_DATABASE_URL is not an address that can be used.") from problem
