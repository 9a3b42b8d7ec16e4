"""Every setting is documented as it is, and nonsense is refused by name."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from forum.settings.environment import Settings, from_environment
from forum.settings.push_values import SERVICES
from forum.settings.values import BadSettings
from tests.support.servers.real_servers import COMMAND

KEPT = ("secret_key", "push_key")
PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def documented() -> dict[str, tuple[str, str]]:
    """Return the table of docs/settings.md: what each setting is for, and its default."""
    rows = re.findall(r"^\| `(FORUM_\w+)` \| (.+?) \| (.+?) \|$", PAGE.read_text(), re.MULTILINE)
    return {name: (purpose, default) for name, purpose, default in rows}


def told_by_the_code() -> dict[str, tuple[str, str]]:
    """Return the same from the code."""
    told = {}
    for field in fields(Settings):
        default = field.metadata.get("default") or _readable(field.default)
        told[f"FORUM_{field.name.upper()}"] = (field.metadata["help"], default)
    return told


def _readable(value: object) -> str:
    assert value is not MISSING
    switch = {True: "`on`", False: "`off`", "": "none"}
    return switch[value] if isinstance(value, bool) or value == "" else f"`{value}`"


def test_the_page_says_what_the_code_does() -> None:
    assert documented() == told_by_the_code()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORUM_PORT", "80"),
        ("FORUM_DATABASE_URL", "mysql://somewhere"),
        ("FORUM_DATABASE_URL", "nonsense"),
        ("FORUM_SECRET_KEY", "short"),
        ("FORUM_PUSH_KEY", "short"),
        ("FORUM_PUSH_KEY", "_" * 43),
        ("FORUM_PUSH_KEY", "A" * 43),
        ("FORUM_PUSH_SERVICES", "https://push.example.org"),
        ("FORUM_PUSH_SERVICES", "*"),
        ("FORUM_PUSH_SERVICES", "*.org"),
        ("FORUM_PUSH_SERVICES", "push.*.org"),
        ("FORUM_PUSH_SERVICES", "push.example.org:99999"),
        ("FORUM_PUSH_SERVICES", "push.example.org/path"),
        ("FORUM_REDIS_URL", "http://somewhere"),
        ("FORUM_ORIGINS", "forum.example.org"),
        ("FORUM_ORIGINS", "https://forum.example.org/path"),
        ("FORUM_ORIGINS", "https://name:word@forum.example.org"),
        ("FORUM_ORIGINS", "https://@forum.example.org"),
        ("FORUM_ORIGINS", "https://forum.example.org?a=b"),
        ("FORUM_ORIGINS", "https://forum.example.org?"),
        ("FORUM_ORIGINS", "https://forum.example.org#top"),
        ("FORUM_ORIGINS", "https://forum.example.org:port"),
        ("FORUM_ORIGINS", "https://forum.example.org:0"),
        ("FORUM_ORIGINS", "https://[forum"),
        ("FORUM_ORIGINS", "https://forum.exa\nmple.org"),
        ("FORUM_ORIGINS", "https://forüm.example.org"),
        ("FORUM_MAIL_URL", "smtp://"),
        ("FORUM_MAIL_URL", "smtp://mail.example.org:99999"),
        ("FORUM_REDIS_URL", "redis://somewhere:abc"),
        ("FORUM_DATABASE_URL", "sqlite://"),
        ("FORUM_DATABASE_URL", "sqlite:///"),
        ("FORUM_DATABASE_URL", "sqlite:///:memory:"),
        ("FORUM_DATABASE_URL", "sqlite://host/file"),
        ("FORUM_DATABASE_URL", "postgresql://h:abc/x"),
        ("FORUM_DATABASE_URL", "postgresql://h:70000/x"),
        ("FORUM_DATABASE_CONNECTIONS", "1"),
        ("FORUM_DATABASE_CONNECTIONS", "9" * 5000),
        ("FORUM_INSTANCE", "a\0b"),
        ("FORUM_SITE_NAME", "A forum\r\nBcc: x@example.org"),
        ("FORUM_MAIL_FROM", "forum@example.org\nBcc: x@example.org"),
        ("FORUM_WORKERS", "0"),
        ("FORUM_WORKERS", "two"),
        ("FORUM_RATE_LIMITS", "maybe"),
        ("FORUM_PROXIES", "6"),
        ("FORUM_LOG_LEVEL", "loud"),
        ("FORUM_SECRET_KEY", "\udcff" * 40),  # as Python reads bytes that are no UTF-8
        ("FORUM_METRICS_TOKEN", "\udce4"),
        ("FORUM_ORIGINS", "https://*"),
        ("FORUM_ORIGINS", "https://."),
        ("FORUM_ORIGINS", "https://forum..example.org"),
        ("FORUM_ORIGINS", "https://forum%20.example.org"),
        ("FORUM_ORIGINS", "https://$HOST"),
        ("FORUM_ORIGINS", "https://forum.example.org:"),
        ("FORUM_ORIGINS", "https://forum.example.org:0443"),
        ("FORUM_MAIL_URL", "smtp://.example.org"),
        ("FORUM_MAIL_URL", f"smtps://{'a' * 70}.example.org"),
        ("FORUM_REDIS_URL", "redis://redis..example.org"),
        ("FORUM_SITE_NAME", "Common\u202e Thread"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        from_environment({"FORUM_INSTANCE": str(tmp_path), name: value})


def test_what_can_be_meant_is_taken(tmp_path: Path) -> None:
    good = {
        "FORUM_INSTANCE": str(tmp_path),
        "FORUM_ORIGINS": "https://Forum.example.org:8443/, http://[::1]:8000",
        "FORUM_MAIL_URL": "smtp://me%40example.org:word@mail.example.org:587",
        "FORUM_REDIS_URL": "redis://:word@localhost:6379/0",
        "FORUM_DATABASE_URL": "postgresql:///forum?host=/run/postgresql",
        "FORUM_SITE_NAME": "Café\u00a0Faden",
    }
    taken = from_environment(good)
    assert taken.origins == ("https://forum.example.org:8443", "http://[::1]:8000")
    assert taken.mail_url == good["FORUM_MAIL_URL"]
    assert taken.site_name == good["FORUM_SITE_NAME"]
    hosted = from_environment({**good, "FORUM_DATABASE_URL": "postgres://u:p@h/x"})
    assert hosted.database_url == "postgresql://u:p@h/x"


def test_origins_are_those_that_browsers_send(tmp_path: Path) -> None:
    given = "https://forum.example.org:443, http://forum.example.org:80/, https://x.example:80"
    taken = from_environment({"FORUM_INSTANCE": str(tmp_path), "FORUM_ORIGINS": given})
    assert taken.origins == (
        "https://forum.example.org",
        "http://forum.example.org",
        "https://x.example:80",
    )


def test_an_empty_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert from_environment({"FORUM_INSTANCE": ""}).instance == tmp_path / "instance"


@pytest.mark.parametrize("name", ["why?", "100%20", "a#b", "ü @:+&="])
def test_the_database_is_in_the_folder_whatever_that_is_called(tmp_path: Path, name: str) -> None:
    taken = from_environment({"FORUM_INSTANCE": str(tmp_path / name)})
    file = make_url(taken.database_url).database
    assert file == str(tmp_path / name / "forum.sqlite3")


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "lines").mkdir()
    taken = from_environment({"FORUM_INSTANCE": "~/forum", "FORUM_HELPLINES": "~/lines"})
    assert (taken.instance, taken.helplines) == (tmp_path / "forum", str(tmp_path / "lines"))


def test_words_may_be_written_large(tmp_path: Path) -> None:
    given = {"FORUM_LOG_LEVEL": "WARNING", "FORUM_RATE_LIMITS": "Off"}
    taken = from_environment({"FORUM_INSTANCE": str(tmp_path), **given})
    assert (taken.log_level, taken.rate_limits) == ("warning", False)


def test_several_workers_need_redis(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="FORUM_REDIS_URL"):
        from_environment({"FORUM_INSTANCE": str(tmp_path), "FORUM_WORKERS": "2"})


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    environ = {"FORUM_INSTANCE": str(tmp_path)}
    first, second = from_environment(environ), from_environment(environ)
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert first.push_key == second.push_key
    assert (tmp_path / "push_key").stat().st_mode & 0o077 == 0
    assert {file.name for file in tmp_path.iterdir()} == {"secret_key", "push_key"}


def test_starts_at_once_agree_on_one_key_of_each_kind(tmp_path: Path) -> None:
    environ = {"FORUM_INSTANCE": str(tmp_path)}
    with ThreadPoolExecutor(8) as crowd:
        made = list(crowd.map(lambda _: from_environment(environ), range(16)))
    assert len({(one.secret_key, one.push_key) for one in made}) == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        *((name, kept) for name in KEPT for kept in (b"", b" \n", b"short", b"\xff" * 40)),
        ("push_key", b"_" * 43),  # more than there are keys
        ("push_key", b"A" * 43),  # none
    ],
)
def test_a_kept_key_that_is_none_stops_the_start(tmp_path: Path, name: str, kept: bytes) -> None:
    (tmp_path / name).write_bytes(kept)
    with pytest.raises(BadSettings, match=f"{name} holds no"):
        from_environment({"FORUM_INSTANCE": str(tmp_path)})
    assert (tmp_path / name).read_bytes() == kept


def test_a_push_key_can_be_given(tmp_path: Path) -> None:
    given = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    environ = {"FORUM_INSTANCE": str(tmp_path), "FORUM_PUSH_KEY": given}
    assert from_environment(environ).push_key == given
    assert not (tmp_path / "push_key").exists()


@pytest.mark.parametrize(
    ("given", "services"),
    [
        ("off", ()),
        ("", SERVICES),
        (
            "push.example.org, *.Push.example.org:8443",
            ("push.example.org", "*.push.example.org:8443"),
        ),
    ],
)
def test_push_services(tmp_path: Path, given: str, services: tuple[str, ...]) -> None:
    environ = {"FORUM_INSTANCE": str(tmp_path), "FORUM_PUSH_SERVICES": given}
    assert from_environment(environ).push_services == services


def test_other_users_of_the_machine_read_nothing(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name[:6] != "FORUM_"}
    instance = tmp_path / "instance"
    environ["FORUM_INSTANCE"] = str(instance)
    subprocess.run([*COMMAND, "migrate"], env=environ, check=True, umask=0o022)
    files = [instance, *instance.iterdir()]
    assert {"forum.sqlite3", "secret_key", "push_key"} <= {file.name for file in files}
    assert [file for file in files if file.stat().st_mode & 0o077] == []
