"""How what an operator has written becomes the value of a setting, or is refused.

Each function raises BadSettings, naming the setting, for what cannot be meant.
"""

import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

# What comes after https:// in an address as browsers send it, and its port.
_PLACE = re.compile(r"([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(:[1-9][0-9]*)?")
_THREE_STEPS = (
    "FORUM_CRISIS_CALLS must be three numbers of minutes from 1 to 720, each greater than the one "
    "before, such as 5,10,15."
)
# Signs that turn the words around them, too.
_TURNING = {"LRE", "LRO", "PDF", "RLE", "RLO"}


class BadSettings(Exception):
    """A setting that cannot be meant; the message is one clear sentence for the operator."""


def check_text(name: str, value: str) -> None:
    """Raise BadSettings if these bytes are no text; no cookie, header or log line can hold them."""
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise BadSettings(f"FORUM_{name.upper()} must be text in UTF-8.") from problem


def instance_folder(value: str) -> Path:
    """Return the folder, made if need be."""
    folder = _path(value).absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except ValueError as problem:
        raise BadSettings("FORUM_INSTANCE must be the path of a folder.") from problem
    except OSError as problem:
        raise BadSettings(f"The folder {folder} cannot be made: {problem.strerror}.") from problem
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadSettings(f"The folder {folder} cannot be written to.")
    return folder


def _path(value: str) -> Path:
    """Return a path as a shell reads it: service files and containers leave ~ as it is."""
    try:
        return Path(value).expanduser()
    except RuntimeError:  # nobody's home
        return Path(value)


def database(value: str) -> str:
    """Return the address of a SQLite file or of a PostgreSQL."""
    if value.startswith("postgres://"):  # as some hosts give it
        value = value.replace("postgres:", "postgresql:", 1)
    try:
        address = make_url(value)
        backend, port = address.get_backend_name(), address.port
    except (ArgumentError, ValueError):
        backend, port = "", None
    if backend not in {"sqlite", "postgresql"} or (port is not None and not 0 < port < 65536):
        raise BadSettings(
            "FORUM_DATABASE_URL must begin with sqlite:/// or postgresql://, and any port in it "
            "be a number from 1 to 65535."
        )
    if backend == "sqlite" and (address.host or address.database in {None, "", ":memory:"}):
        raise BadSettings("FORUM_DATABASE_URL must name a file after sqlite:///.")
    return value


def secret_key(value: str, instance: Path) -> str:
    """Return the key, or else the one that is kept in the instance folder, made if need be."""
    if value:
        if len(value) < 32:
            raise BadSettings("FORUM_SECRET_KEY must have at least 32 characters.")
        return value
    return kept_key(
        "secret_key",
        instance,
        lambda: secrets.token_urlsafe(48),
        lambda kept: len(kept) >= 32,
        "key of at least 32 characters",
    )


def kept_key(
    name: str, instance: Path, make: Callable[[], str], fits: Callable[[str], bool], what: str
) -> str:
    """Return the key in this file of the instance folder, made if need be; no one else reads it."""
    kept = instance / name
    try:
        if not kept.exists():
            _keep(make(), kept)
        key = kept.read_text("utf-8").strip()
    except OSError as problem:
        raise BadSettings(f"{kept} cannot be read or made: {problem.strerror}.") from problem
    except UnicodeDecodeError:
        key = ""
    if not fits(key):
        raise BadSettings(
            f"{kept} holds no {what}; put it back from a backup, or delete it to have a new one "
            "made."
        )
    return key


def _keep(key: str, kept: Path) -> None:
    """Write the whole key or nothing; of two starts at once, the first to finish is right."""
    number, name = tempfile.mkstemp(prefix=f".{kept.name}-", dir=kept.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as made:
            made.write(key)
            made.flush()
            os.fsync(made.fileno())
        with suppress(FileExistsError):
            os.link(name, kept)
    finally:
        Path(name).unlink()


def url(name: str, value: str, schemes: set[str]) -> str:
    """Return an address that names a host, with one of these schemes, or an empty one."""
    parts = _parts(value)
    if value and (parts is None or parts.scheme not in schemes):
        wanted = " or ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise BadSettings(
            f"FORUM_{name.upper()} must begin with {wanted} and name a host; any port is a number "
            "from 1 to 65535."
        )
    return value


def pager_url(value: str) -> str:
    """Return an https:// address, or one on this machine; it is told when somebody is in danger."""
    url("pager_url", value, {"http", "https"})
    parts = urlsplit(value)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise BadSettings("FORUM_PAGER_URL must begin with https://, unless it is on this machine.")
    if parts.username is not None:
        raise BadSettings("FORUM_PAGER_URL must have no name or password before its host.")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an address that names a host, and a possible port if any."""
    try:
        parts = urlsplit(address)
        fine = bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")  # what a name cannot be: "mail..example.org"
    except ValueError:
        return None
    return parts if fine and address.isprintable() and not set(address) & set(" \\") else None


def origins(value: str) -> tuple[str, ...]:
    """Return the addresses that are separated by commas, as browsers send them."""
    given = (part.strip().rstrip("/").lower() for part in value.split(",") if part.strip())
    # Without the port that goes without saying.
    origins = tuple(o.removesuffix(":443" if o.startswith("https:") else ":80") for o in given)
    for origin in origins:
        parts = _parts(origin)
        # Nothing but scheme, host and port: browsers send no more, and links are made from it.
        bare = (
            parts
            and _PLACE.fullmatch(parts.netloc)
            and origin == f"{parts.scheme}://{parts.netloc}"
        )
        if not bare or not origin.startswith(("http://", "https://")):
            raise BadSettings(
                "FORUM_ORIGINS must list addresses such as https://forum.example.org."
            )
    return origins


def line(name: str, value: str) -> str:
    """Return words of one line."""
    if any(
        unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(char) in _TURNING
        for char in value
    ):
        raise BadSettings(f"FORUM_{name.upper()} must be one line without control characters.")
    return value


def path(name: str, value: str, *, folder: bool) -> str:
    """Return the path of a folder or a file that is there, or an empty one."""
    given = _path(value)
    try:
        there = not value or (given.is_dir() if folder else given.is_file())
    except ValueError:
        there = False
    if not there:
        kind = "folder" if folder else "file"
        raise BadSettings(f"FORUM_{name.upper()} must be the path of a {kind} that is there.")
    return str(given) if value else ""


def complaints(value: str) -> str:
    """Return an email address or one of a web page, or an empty one."""
    parts = _parts(value) if value.startswith("https://") else None
    name, _, host = value.partition("@")
    mail = bool(name and host) and value.isprintable() and not set(value) & set(' <>"&?:,;/\\')
    if value and not parts and not mail:
        raise BadSettings("FORUM_COMPLAINTS must be an email address or begin with https://.")
    return value


def number(name: str, value: str, least: int, most: int, *others: int) -> int:
    """Return a whole number between these, both included, or one of `others`."""
    plain = value.isascii() and value.isdigit() and len(value) < 10
    if not plain or (not least <= int(value) <= most and int(value) not in others):
        raise BadSettings(f"FORUM_{name.upper()} must be a number from {least} to {most}.")
    return int(value)


def workers(value: str, redis_url: str) -> int:
    """Return how many processes serve; several need a Redis that joins them."""
    count = number("workers", value, 1, 64)
    if count > 1 and not redis_url:
        raise BadSettings("FORUM_WORKERS above 1 needs FORUM_REDIS_URL, which joins the processes.")
    return count


def crisis_calls(value: str) -> tuple[int, int, int]:
    """Return the minutes of three steps, each later than the one before."""
    try:
        again, moderators, administrators = (
            number("crisis_calls", part.strip(), 1, 720) for part in value.split(",")
        )
    except (ValueError, BadSettings) as problem:
        raise BadSettings(_THREE_STEPS) from problem
    if not again < moderators < administrators:
        raise BadSettings(_THREE_STEPS)
    return again, moderators, administrators


def switch(name: str, value: str) -> bool:
    """Return whether it is on."""
    if value.lower() not in {"on", "off"}:
        raise BadSettings(f"FORUM_{name.upper()} must be on or off.")
    return value.lower() == "on"


def one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    """Return one of these words, written small."""
    if value.lower() not in known:
        raise BadSettings(f"FORUM_{name.upper()} must be one of {', '.join(known)}.")
    return value.lower()
