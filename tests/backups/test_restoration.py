"""A backup that is put back gives the same forum, but for what was erased since."""

import io
import tarfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Account, LoginSession
from forum.backups import databases, restoration
from forum.backups.manifest import Manifest
from forum.backups.refusals import Refused
from forum.core import clock, db
from forum.core.db import serving_lock
from forum.migrations import newest
from forum.privacy import service as privacy
from forum.privacy import tombstone_replay
from forum.privacy.tombstones import service as tombstones
from forum.privacy.tombstones import tombstone_file
from forum.research import queries as research
from forum.research import service as consents
from forum.threads.models import Post
from tests.support import factories
from tests.support.databases.backed_up import BackedUp, backed_up
from tests.support.research import study_world
from tests.support.servers.commands import run_command

__all__ = ["backed_up"]


def handles() -> set[str]:
    """Return who has an account."""
    return set(db.current_session().scalars(select(Account.handle)))


def posts() -> int:
    """Return how many posts there are."""
    return db.current_session().scalar(select(func.count()).select_from(Post)) or 0


def write_tombstones(kept: BackedUp) -> None:
    """Write out what is noted, as the server does every ten seconds."""
    tombstones.write_out(kept.settings.tombstones)
    db.release_session()


def test_everything_is_as_it_was(backed_up: BackedUp, app: Flask) -> None:
    group = factories.group()
    writer = factories.join(factories.person("alder"), group)
    thread = factories.thread(writer, group).thread_id
    (backed_up.settings.instance / "helplines.toml").write_text("of then")
    was = (handles(), posts())
    backed_up.make()
    factories.post(writer, thread)
    factories.person("birch")
    (backed_up.settings.instance / "helplines.toml").write_text("of now")
    backed_up.put_back()
    assert (handles(), posts()) == was
    assert (backed_up.settings.instance / "helplines.toml").read_text() == "of then"
    assert factories.person("cedar").id  # and ids go on from where they were


def test_nobody_who_erased_themselves_comes_back(backed_up: BackedUp, app: Flask) -> None:
    world = study_world.study()
    stays, with_posts, without = (world.member(handle=name) for name in ("ash", "bay", "cork"))
    for viewer in (stays, with_posts, without):
        factories.thread(viewer, world.group_id, title=f"Of {viewer.handle}")
    erased, withdrew, again = (world.member() for _ in range(3))
    for viewer in (erased, withdrew, again, stays):
        world.agree(viewer)
    backed_up.make()
    privacy.erase(with_posts.id or 0, remove=True)
    privacy.erase(without.id or 0, remove=False)
    consents.withdraw(erased, world.slug, erase=True)
    consents.withdraw(withdrew, world.slug, erase=False)
    consents.withdraw(again, world.slug, erase=False)
    write_tombstones(backed_up)

    backed_up.put_back()
    assert {"ash", "bay", "cork"} <= handles()
    found = tombstone_replay.replay(tombstone_file.read(backed_up.settings.tombstones))
    db.release_session()

    assert found == {"account": 1, "account_and_posts": 1, "participant": 1, "consent": 2}
    assert handles() & {"ash", "bay", "cork"} == {"ash"}
    keys = [research.participant_key(one.id or 0, world.study_id) for one in (erased, stays)]
    assert (keys[0], keys[1] is None) == (None, False)
    agreed = {
        one.handle
        for one in (withdrew, again, stays)
        if research.study_for(one, world.slug).consent
    }
    assert agreed == {stays.handle}


def test_a_consent_that_was_given_again_before_the_backup_stays(
    backed_up: BackedUp, app: Flask
) -> None:
    world = study_world.study()
    person = world.member()
    world.agree(person)
    consents.withdraw(person, world.slug, erase=False)
    world.agree(person)
    write_tombstones(backed_up)
    backed_up.make()
    backed_up.put_back()
    found = tombstone_replay.replay(tombstone_file.read(backed_up.settings.tombstones))
    assert not found["consent"]
    assert research.study_for(person, world.slug).consent


def test_a_backup_of_another_database_or_a_newer_schema_is_refused() -> None:
    of_postgresql = Manifest(clock.now(), newest(), "postgresql", {})
    with pytest.raises(Refused, match="PostgreSQL, and FORUM_DATABASE_URL names SQLite"):
        restoration.require_fit(of_postgresql, "sqlite:///forum.sqlite3")
    of_tomorrow = Manifest(clock.now(), "9999", "sqlite", {})
    with pytest.raises(Refused, match="schema 9999"):
        restoration.require_fit(of_tomorrow, "sqlite:///forum.sqlite3")


def test_nothing_is_put_back_under_a_running_forum(app: Flask, database_url: str) -> None:
    databases.require_unused("sqlite:////nowhere/forum.sqlite3")
    if databases.kind(database_url) == databases.SQLITE:
        assert serving_lock.claim(database_url, alone=True)
        with pytest.raises(Refused, match="running"):
            databases.require_unused(database_url)
    else:
        with db.engine().connect(), pytest.raises(Refused, match="running"):
            databases.require_unused(database_url)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "instance/unlisted"])
def test_a_file_that_is_not_listed_goes_nowhere(tmp_path: Path, name: str) -> None:
    made, told = tmp_path / "made", Manifest(clock.now(), newest(), "sqlite", {})
    with tarfile.open(made, "w:gz") as tar:
        for each, content in (("manifest.json", told.to_json()), (name, b"x")):
            head = tarfile.TarInfo(each)
            head.size = len(content)
            tar.addfile(head, io.BytesIO(content))
    with pytest.raises(Refused), restoration.unpacked(made, None, tmp_path):
        pass
    assert not (tmp_path / "outside").exists()


def test_the_commands_make_and_put_back(tmp_path: Path) -> None:
    instance, made = tmp_path / "instance", tmp_path / "made.backup"
    instance.mkdir()
    assert run_command(instance, "user", "create", "alder").exit_code == 0
    key = (instance / "secret_key").read_text()
    told = run_command(instance, "backup", str(made))
    assert (told.exit_code, "checked" in told.output) == (0, True)
    refused = run_command(instance, "restore", str(made))
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    replaced = run_command(instance, "restore", str(made), "--replace")
    assert "before-restore" in replaced.output
    assert "no list of erasures" in replaced.output

    empty = tmp_path / "empty"
    empty.mkdir()
    restored = run_command(empty, "restore", str(made))
    assert restored.exit_code == 0, restored.output
    assert (empty / "secret_key").read_text() == key
    db.bind(f"sqlite:///{empty / 'forum.sqlite3'}")
    assert handles() == {"alder"}
    assert db.current_session().scalars(select(LoginSession.ended_at)).all().count(None) == 0
    db.release_session()


def test_a_folder_keeps_the_newest(tmp_path: Path) -> None:
    instance, folder = tmp_path / "instance", tmp_path / "kept"
    instance.mkdir()
    folder.mkdir()
    run_command(instance, "migrate")
    for day in ("2026-10-01", "2026-10-02"):
        (folder / f"forum-{day}T020000Z.backup").write_text("an old one")
    (folder / "forum-of-mine.backup").write_text("not made by the forum")
    assert run_command(instance, "backup", str(folder), "--keep", "2").exit_code == 0
    left = sorted(path.name for path in folder.iterdir())
    assert left[0] == "forum-2026-10-02T020000Z.backup"
    assert left[2] == "forum-of-mine.backup"
    assert len(left) == 3
    assert run_command(instance, "backup", str(tmp_path / "new"), "--keep", "2").exit_code == 2
