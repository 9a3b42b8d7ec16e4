"""Everything that can be set from outside; the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL

from forum.settings import backup_values, push_values, values
from forum.settings.values import BadSettings

LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Settings:
    """One value a line: what it is for, and what it is when nothing is said.

    Each field is read from the environment variable `FORUM_` + its name in capitals.
    """

    instance: Path = field(
        metadata={
            "help": "Folder where the forum keeps its files",
            "default": "`instance/` in the current folder",
        }
    )
    database_url: str = field(
        metadata={
            "help": "Address of the SQLite or PostgreSQL database",
            "default": "SQLite in the instance folder",
        }
    )
    secret_key: str = field(
        metadata={
            "help": "Signs cookies; at least 32 characters",
            "default": "made at first start and kept in `FORUM_INSTANCE`",
        }
    )
    database_connections: int = field(
        default=0,
        metadata={
            "help": "Most PostgreSQL connections for all web processes together, 2 to 10000",
            "default": "80, or fewer if PostgreSQL has less room",
        },
    )
    redis_url: str = field(
        default="",
        metadata={"help": "Redis or Valkey; shares live updates and limits between processes"},
    )
    origins: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "Addresses (scheme://host) where people reach the forum, separated by commas",
            "default": "the address of each request",
        },
    )
    mail_url: str = field(
        default="",
        metadata={
            "help": "smtp://user:password@host, or smtps://; see docs/mail.md; without it no mail "
            "is sent"
        },
    )
    mail_from: str = field(default="forum@localhost", metadata={"help": "Sender of all mail"})
    push_key: str = field(
        default="",
        metadata={
            "help": "Private key for web push (VAPID); see docs/push.md",
            "default": "made at first start and kept in `FORUM_INSTANCE`",
        },
    )
    push_services: tuple[str, ...] = field(
        default=push_values.SERVICES,
        metadata={
            "help": "Hosts of push services that the forum may send to, separated by commas; `off` "
            "for no web push",
            "default": "those of Chrome, Firefox, Safari and Edge",
        },
    )
    workers: int = field(
        default=1, metadata={"help": "Web processes, 1 to 64; more than one needs FORUM_REDIS_URL"}
    )
    rate_limits: bool = field(
        default=True, metadata={"help": "`off` turns rate limits off, for tests and benchmarks"}
    )
    metrics_token: str = field(
        default="",
        metadata={"help": "Bearer token that lets a scraper read /metrics from another machine"},
    )
    proxies: int = field(
        default=0,
        metadata={"help": "Number of proxies to trust for a visitor's address and scheme, 0 to 5"},
    )
    language: str = field(
        default="en",
        metadata={"help": "Language if a browser wants none of the forum's languages"},
    )
    site_name: str = field(default="Common Thread", metadata={"help": "Name of the forum"})
    minimum_age: int = field(
        default=18,
        metadata={"help": "Minimum age that new members confirm, 0 to 25; 0 asks for none"},
    )
    guidelines: str = field(
        default="",
        metadata={
            "help": "Markdown file with the community guidelines",
            "default": "short ones that come with the forum",
        },
    )
    complaints: str = field(
        default="",
        metadata={"help": "Email or https:// address for complaints, shown on /complaints"},
    )
    complaints_days: int = field(
        default=14, metadata={"help": "Days within which you decide a complaint, 1 to 60"}
    )
    helplines: str = field(
        default="",
        metadata={"help": "Folder with your own help lines, in TOML; see docs/safety.md"},
    )
    crisis_calls: tuple[int, int, int] = field(
        default=(5, 10, 15),
        metadata={
            "help": "Minutes until a crisis that nobody answers calls the people on call again, "
            "then all moderators, then administrators",
            "default": "`5,10,15`",
        },
    )
    crisis_repeat: int = field(
        default=30,
        metadata={
            "help": "Minutes after which everyone is called again, and so on for 12 hours, 5 to "
            "720; 0 for never",
        },
    )
    pager_url: str = field(
        default="",
        metadata={"help": "https:// address of your own pager, which gets each call in a crisis"},
    )
    tombstones: Path = field(
        default=Path("instance/tombstones.jsonl"),
        metadata={
            "help": "File that lists what was erased, for restoring backups; best on another disk",
            "default": "`tombstones.jsonl` in `FORUM_INSTANCE`",
        },
    )
    backups: str = field(
        default="",
        metadata={"help": "Folder where the server makes backups by itself; see docs/backups.md"},
    )
    backups_every: int = field(
        default=24, metadata={"help": "Hours between two of these backups, 1 to 720"}
    )
    backups_kept: int = field(
        default=14, metadata={"help": "How many of these backups are kept, 1 to 1000"}
    )
    backup_key: str = field(
        default="",
        metadata={"help": "Public key (age1…) to which every backup is encrypted"},
    )
    log_level: str = field(
        default="info", metadata={"help": "How much to log: debug, info, warning or error"}
    )

    @property
    def connections_a_process(self) -> int:
        """The most connections to PostgreSQL of one web process."""
        return max(2, (self.database_connections or 80) // self.workers)

    @property
    def https(self) -> bool:
        """Whether people reach the forum over HTTPS, and cookies may insist on it."""
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
    for name, value in given.items():
        values.check_text(name, value)
    instance = values.instance_folder(given.get("instance") or "instance")
    own_file = URL.create("sqlite", database=f"{instance}/forum.sqlite3").render_as_string()
    return Settings(
        instance=instance,
        database_url=values.database(given.get("database_url") or own_file),
        secret_key=values.secret_key(given.get("secret_key", ""), instance),
        database_connections=values.number(
            "database_connections", given.get("database_connections") or "0", 2, 10_000, 0
        ),
        redis_url=values.url("redis_url", given.get("redis_url", ""), {"redis", "rediss"}),
        origins=values.origins(given.get("origins", "")),
        mail_url=values.url("mail_url", given.get("mail_url", ""), {"smtp", "smtps"}),
        mail_from=values.line("mail_from", given.get("mail_from") or "forum@localhost"),
        push_key=push_values.key(given.get("push_key", ""), instance),
        push_services=push_values.services(given.get("push_services", "")),
        workers=values.workers(given.get("workers") or "1", given.get("redis_url", "")),
        rate_limits=values.switch("rate_limits", given.get("rate_limits") or "on"),
        metrics_token=given.get("metrics_token", ""),
        proxies=values.number("proxies", given.get("proxies") or "0", 0, 5),
        language=given.get("language") or "en",
        site_name=values.line("site_name", given.get("site_name") or "Common Thread"),
        minimum_age=values.number("minimum_age", given.get("minimum_age") or "18", 0, 25),
        guidelines=values.path("guidelines", given.get("guidelines", ""), folder=False),
        complaints=values.complaints(given.get("complaints", "")),
        complaints_days=values.number(
            "complaints_days", given.get("complaints_days") or "14", 1, 60
        ),
        helplines=values.path("helplines", given.get("helplines", ""), folder=True),
        crisis_calls=values.crisis_calls(given.get("crisis_calls") or "5,10,15"),
        crisis_repeat=values.number("crisis_repeat", given.get("crisis_repeat") or "30", 5, 720, 0),
        pager_url=values.pager_url(given.get("pager_url", "")),
        tombstones=backup_values.tombstones(given.get("tombstones", ""), instance),
        backups=values.path("backups", given.get("backups", ""), folder=True),
        backups_every=values.number("backups_every", given.get("backups_every") or "24", 1, 720),
        backups_kept=values.number("backups_kept", given.get("backups_kept") or "14", 1, 1000),
        backup_key=backup_values.key(given.get("backup_key", "")),
        log_level=values.one_of("log_level", given.get("log_level") or "info", LOG_LEVELS),
    )
