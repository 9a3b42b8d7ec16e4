"""Everything that can be set from outside; the only reader of the environment."""

import os
import secrets
import tempfile
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

LOG_LEVELS = ("debug", "info", "warning", "error")


class BadSettings(Exception):
    """A setting that cannot be meant; the message is one clear sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """One value a line: what it is for, and what it is when nothing is said.

    Each field is read from the environment variable `FORUM_` + its name in capitals.
    """

    instance: Path = field(
        metadata={
            "help": "Folder for everything that the forum keeps on disk",
            "default": "`instance/` in the current folder",
        }
    )
    database_url: str = field(
        metadata={
            "help": "SQLite or PostgreSQL address",
            "default": "SQLite in the instance folder",
        }
    )
    secret_key: str = field(
        metadata={
            "help": "Signs cookies; at least 32 characters",
            "default": "made at first start, kept in `FORUM_INSTANCE`",
        }
    )
    redis_url: str = field(
        default="",
        metadata={"help": "Redis or Valkey, to share live updates and limits between processes"},
    )
    origins: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "Addresses (scheme://host) that the forum is reached at, separated by commas",
            "default": "the address that it is asked at",
        },
    )
    mail_url: str = field(
        default="",
        metadata={
            "help": "smtp://user:password@host:port, or smtps://; without it no mail is sent"
        },
    )
    mail_from: str = field(default="forum@localhost", metadata={"help": "Sender of mails"})
    workers: int = field(
        default=1, metadata={"help": "Web processes, 1 to 64; more than one needs FORUM_REDIS_URL"}
    )
    rate_limits: bool = field(
        default=True, metadata={"help": "`off` switches rate limits off, for tests and benchmarks"}
    )
    metrics_token: str = field(
        default="",
        metadata={"help": "Lets a scraper with this bearer token read /metrics from elsewhere"},
    )
    proxies: int = field(
        default=0,
        metadata={
            "help": "How many proxies in front to trust for a visitor's address and scheme, 0 to 5"
        },
    )
    site_name: str = field(default="Common Thread", metadata={"help": "The forum's own name"})
    minimum_age: int = field(
        default=18,
        metadata={"help": "Years that whoever signs up says they have, 0 to 25; 0 asks for none"},
    )
    guidelines: str = field(
        default="",
        metadata={
            "help": "Markdown file with the community guidelines",
            "default": "our own short ones",
        },
    )
    complaints: str = field(
        default="",
        metadata={"help": "E-mail or https:// address for complaints, shown on /complaints"},
    )
    complaints_days: int = field(
        default=14, metadata={"help": "Days within which a complaint is decided, 1 to 60"}
    )
    helplines: str = field(
        default="",
        metadata={"help": "Folder with help lines of one's own, in TOML; see docs/safety.md"},
    )
    log_level: str = field(
        default="info", metadata={"help": "How much is logged: debug, info, warning or error"}
    )

    @property
    def https(self) -> bool:
        """Whether people reach the forum over HTTPS, so that cookies may insist on it."""
        return bool(self.origins) and all(o.startswith("https://") for o in self.origins)


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read all settings. Raises BadSettings, naming the setting, on anything that is nonsense."""
    given = {
        k.removeprefix("FORUM_").lower(): v.strip()
        for k, v in environ.items()
        if k.startswith("FORUM_")
    }
    unknown = set(given) - set(Settings.__dataclass_fields__)
    if unknown:
        raise BadSettings(f"FORUM_{min(unknown).upper()} is not a setting; see docs/settings.md.")
    instance = _instance_folder(given.get("instance") or "instance")
    own_file = URL.create("sqlite", database=f"{instance}/forum.sqlite3").render_as_string()
    return Settings(
        instance=instance,
        database_url=_database(given.get("database_url") or own_file),
        secret_key=_secret_key(given.get("secret_key", ""), instance),
        redis_url=_url("redis_url", given.get("redis_url", ""), {"redis", "rediss"}),
        origins=_origins(given.get("origins", "")),
        mail_url=_url("mail_url", given.get("mail_url", ""), {"smtp", "smtps"}),
        mail_from=_line("mail_from", given.get("mail_from") or "forum@localhost"),
        workers=_workers(given.get("workers") or "1", given.get("redis_url", "")),
        rate_limits=_switch("rate_limits", given.get("rate_limits") or "on"),
        metrics_token=given.get("metrics_token", ""),
        proxies=_number("proxies", given.get("proxies") or "0", 0, 5),
        site_name=_line("site_name", given.get("site_name") or "Common Thread"),
        minimum_age=_number("minimum_age", given.get("minimum_age") or "18", 0, 25),
        guidelines=_path("guidelines", given.get("guidelines", ""), folder=False),
        complaints=_complaints(given.get("complaints", "")),
        complaints_days=_number("complaints_days", given.get("complaints_days") or "14", 1, 60),
        helplines=_path("helplines", given.get("helplines", ""), folder=True),
        log_level=_one_of("log_level", given.get("log_level") or "info", LOG_LEVELS),
    )


def _instance_folder(value: str) -> Path:
    folder = Path(value).absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except ValueError as problem:
        raise BadSettings("FORUM_INSTANCE must be the path of a folder.") from problem
    except OSError as problem:
        raise BadSettings(f"The folder {folder} cannot be made: {problem.strerror}.") from problem
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadSettings(f"The folder {folder} cannot be written to.")
    return folder


def _database(value: str) -> str:
    try:
        url = make_url(value)
        backend, port = url.get_backend_name(), url.port
    except (ArgumentError, ValueError):
        backend, port = "", None
    if backend not in {"sqlite", "postgresql"} or (port is not None and not 0 < port < 65536):
        raise BadSettings(
            "FORUM_DATABASE_URL must begin with sqlite:/// or postgresql://, and any port in it "
            "be a number from 1 to 65535."
        )
    if backend == "sqlite" and (url.host or url.database in {None, "", ":memory:"}):
        raise BadSettings("FORUM_DATABASE_URL must name a file after sqlite:///.")
    return value


def _secret_key(value: str, instance: Path) -> str:
    if value:
        if len(value) < 32:
            raise BadSettings("FORUM_SECRET_KEY must have at least 32 characters.")
        return value
    kept = instance / "secret_key"
    try:
        if not kept.exists():
            _keep(secrets.token_urlsafe(48), kept)
        key = kept.read_text("utf-8").strip()
    except OSError as problem:
        raise BadSettings(f"{kept} cannot be read or made: {problem.strerror}.") from problem
    except UnicodeDecodeError:
        key = ""
    if len(key) < 32:
        raise BadSettings(
            f"{kept} holds no key of at least 32 characters; put it back from a backup, or delete "
            "it to have a new one made."
        )
    return key


def _keep(key: str, kept: Path) -> None:
    """Write the whole key or nothing; of two starts at once, the first to finish is right."""
    number, name = tempfile.mkstemp(prefix=".secret_key-", dir=kept.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as made:
            made.write(key)
            made.flush()
            os.fsync(made.fileno())
        with suppress(FileExistsError):
            os.link(name, kept)
    finally:
        Path(name).unlink()


def _url(name: str, value: str, schemes: set[str]) -> str:
    parts = _parts(value)
    if value and (parts is None or parts.scheme not in schemes):
        wanted = " or ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise BadSettings(
            f"FORUM_{name.upper()} must begin with {wanted} and name a host; any port is a number "
            "from 1 to 65535."
        )
    return value


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an address that names a host, and a possible port if any."""
    try:
        parts = urlsplit(address)
        fine = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if fine and address.isprintable() and not set(address) & set(" \\") else None


def _origins(value: str) -> tuple[str, ...]:
    given = (part.strip().rstrip("/").lower() for part in value.split(",") if part.strip())
    # As browsers send them: without the port that goes without saying.
    origins = tuple(o.removesuffix(":443" if o.startswith("https:") else ":80") for o in given)
    for origin in origins:
        parts = _parts(origin)
        # Nothing but scheme, host and port: browsers send no more, and links are made from it.
        bare = (
            parts
            and origin.isascii()
            and "@" not in origin
            and origin == f"{parts.scheme}://{parts.netloc}"
        )
        if not bare or not origin.startswith(("http://", "https://")):
            raise BadSettings(
                "FORUM_ORIGINS must list addresses such as https://forum.example.org."
            )
    return origins


def _line(name: str, value: str) -> str:
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in value):
        raise BadSettings(f"FORUM_{name.upper()} must be one line without control characters.")
    return value


def _path(name: str, value: str, *, folder: bool) -> str:
    try:
        there = not value or (Path(value).is_dir() if folder else Path(value).is_file())
    except ValueError:
        there = False
    if not there:
        kind = "folder" if folder else "file"
        raise BadSettings(f"FORUM_{name.upper()} must be the path of a {kind} that is there.")
    return value


def _complaints(value: str) -> str:
    parts = _parts(value) if value.startswith("https://") else None
    name, _, host = value.partition("@")
    mail = bool(name and host) and value.isprintable() and not set(value) & set(' <>"&?:,;/\\')
    if value and not parts and not mail:
        raise BadSettings("FORUM_COMPLAINTS must be an e-mail address or begin with https://.")
    return value


def _number(name: str, value: str, least: int, most: int) -> int:
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise BadSettings(f"FORUM_{name.upper()} must be a number from {least} to {most}.")
    return int(value)


def _workers(value: str, redis_url: str) -> int:
    workers = _number("workers", value, 1, 64)
    if workers > 1 and not redis_url:
        raise BadSettings("FORUM_WORKERS above 1 needs FORUM_REDIS_URL, which joins the processes.")
    return workers


def _switch(name: str, value: str) -> bool:
    if value not in {"on", "off"}:
        raise BadSettings(f"FORUM_{name.upper()} must be on or off.")
    return value == "on"


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise BadSettings(f"FORUM_{name.upper()} must be one of {', '.join(known)}.")
    return value
