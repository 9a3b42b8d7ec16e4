"""The server makes backups by itself, in a process of their own, when they are due."""

from datetime import timedelta
from pathlib import Path

import pytest

from forum.backups import launcher, schedule
from forum.core import clock, metrics
from tests.support.databases.real_databases import lay_out


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of backups of a forum that is set up to make them."""
    instance, folder = tmp_path / "instance", tmp_path / "backups"
    instance.mkdir()
    folder.mkdir()
    lay_out(instance)
    monkeypatch.setattr(launcher, "_child", None)
    for name, value in (("INSTANCE", instance), ("BACKUPS", folder), ("BACKUPS_KEPT", 2)):
        monkeypatch.setenv(f"FORUM_{name}", str(value))
    return folder


def made(hours_ago: float) -> str:
    """Return the name of a backup of then."""
    at = clock.now() - timedelta(hours=hours_ago)
    return at.strftime("forum-%Y-%m-%dT%H%M%SZ.backup")


def test_one_that_is_due_is_made_once(kept: Path) -> None:
    newer, older = made(30), made(60)
    for name in (newer, older):
        (kept / name).write_text("an older one")
    launcher.make_due()
    child = launcher._child
    assert child is not None
    launcher.make_due()
    assert launcher._child is child
    assert child.wait(timeout=60) == 0
    assert [path.name for path in schedule.dated(kept)][:-1] == [newer]
    launcher.make_due()
    assert launcher._child is child
    last = metrics.last_backup._value.get()
    assert abs(last - clock.now().timestamp()) < 3_600


@pytest.mark.parametrize("hours_ago", [1, 23])
def test_a_new_one_is_enough(kept: Path, hours_ago: float) -> None:
    (kept / made(hours_ago)).write_text("a new one")
    launcher.make_due()
    assert launcher._child is None


def test_one_from_the_future_is_none(kept: Path) -> None:
    (kept / made(-1)).write_text("by a clock that was ahead")
    assert schedule.is_due(kept, timedelta(hours=24))


def test_nothing_is_made_where_no_folder_is_set(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORUM_BACKUPS")
    launcher.make_due()
    assert launcher._child is None
