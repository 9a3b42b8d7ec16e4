"""A backup holds what it should, only that, and has its name only when it is whole."""

import os
import tarfile
from contextlib import AbstractContextManager
from pathlib import Path

import pyrage
import pytest

from forum.backups import archive, manifest, restoration, sqlite_copy
from forum.backups.creation import UNFINISHED
from forum.backups.refusals import Refused
from tests.support.databases.backed_up import BackedUp, backed_up

__all__ = ["backed_up"]


def names(path: Path) -> set[str]:
    """Return what a backup holds."""
    with tarfile.open(path) as tar:
        return set(tar.getnames())


def write(folder: Path, *files: str) -> None:
    """Write small files into a folder."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("of this forum")


def test_what_belongs_to_the_forum_is_in_it_and_nothing_else(backed_up: BackedUp) -> None:
    folder = backed_up.settings.instance
    kept = ("helplines.toml", "research/walks/figures.json", "instruments/who-5.toml")
    left_out = (
        "tombstones.jsonl",
        "sealed/walks",
        "research/walks/releases/3/archive.zip",
        "before-restore-2026-11-30T120000Z.backup",
        ".backup-abc/database",
    )
    write(folder, *kept, *left_out)
    (folder / "link").symlink_to("/etc/passwd")
    found = names(backed_up.make())
    assert found >= {"manifest.json", "database", *(f"instance/{name}" for name in kept)}
    assert not [name for name in found if name.endswith(left_out) or "sqlite3" in name]
    assert "instance/link" not in found


def test_only_its_owner_can_read_it_and_nothing_is_left_beside_it(backed_up: BackedUp) -> None:
    made = backed_up.make()
    assert made.stat().st_mode & 0o777 == 0o600
    assert list(made.parent.iterdir()) == [made]


def test_a_file_that_is_there_is_never_replaced(backed_up: BackedUp) -> None:
    backed_up.path.write_text("something of mine")
    with pytest.raises(Refused, match="is there already"):
        backed_up.make()
    assert backed_up.path.read_text() == "something of mine"


def test_a_backup_that_could_not_be_put_back_gets_no_name(
    backed_up: BackedUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = archive.write

    def damaged(path: Path, *given: object) -> None:
        whole(path, *given)  # type: ignore[arg-type]
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)

    monkeypatch.setattr(archive, "write", damaged)
    with pytest.raises(Refused):
        backed_up.make()
    assert list(backed_up.path.parent.iterdir()) == []


def test_what_a_killed_backup_left_is_removed_a_day_later(backed_up: BackedUp) -> None:
    old, new = (backed_up.path.parent / f"{UNFINISHED}{name}" for name in ("old", "new"))
    write(old, "database")
    write(new, "database")
    os.utime(old, (0, 0))
    backed_up.make()
    assert (old.exists(), new.exists()) == (False, True)


def test_only_the_private_key_opens_an_encrypted_one(backed_up: BackedUp, tmp_path: Path) -> None:
    own, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    made = backed_up.make(key=str(own.to_public()))
    assert b"quiet" not in made.read_bytes()
    files = {}
    for name, key in (("own", own), ("other", other), ("none", "not a key")):
        files[name] = tmp_path / name
        files[name].write_text(f"# created: today\n{key}\n")
    for name in ("other", "none"):
        with pytest.raises(Refused, match="does not open"), _opened(made, files[name]):
            pass
    with pytest.raises(Refused, match="--identity"), _opened(made, None):
        pass
    with _opened(made, files["own"]) as found:
        assert found.told.files


def _opened(path: Path, identity: Path | None) -> AbstractContextManager[restoration.Unpacked]:
    return restoration.unpacked(path, identity, path.parent)


def test_a_damaged_database_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    file = tmp_path / "forum.sqlite3"
    file.write_bytes(b"SQLite format 3\0" + b"x" * 5_000)
    with pytest.raises(Refused):
        sqlite_copy.copy(file, tmp_path / "copy")


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"[]", b"{}", b'{"format": "one"}', b'{"format": 1, "files": []}'],
)
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        manifest.from_json(content)


def test_a_newer_format_is_said_to_be_newer() -> None:
    with pytest.raises(Refused, match="newer version"):
        manifest.from_json(b'{"format": 2}')
