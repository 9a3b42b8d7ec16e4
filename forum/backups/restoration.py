"""Putting a backup back, into an empty place or instead of what is there, which is kept."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from forum import migrations
from forum.backups import archive, creation, databases, encryption, instance_files
from forum.backups.creation import Source
from forum.backups.manifest import Manifest
from forum.backups.refusals import Refused
from forum.core import clock
from forum.privacy.tombstones import service as tombstones

NOT_EMPTY = (
    "There is a forum here already. Add --replace to put the backup in its place; what is here is "
    "kept in a backup of its own first."
)


@dataclass(frozen=True)
class Unpacked:
    """A backup that was opened and checked, in a folder that goes again."""

    told: Manifest
    folder: Path


@contextmanager
def unpacked(path: Path, identity: Path | None, beside: Path) -> Iterator[Unpacked]:
    """Open a backup, with the private key in a file if it is encrypted, and check all of it.

    Raises Refused, OSError.
    """
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=beside) as name:
        folder = Path(name)
        if encryption.is_encrypted(path):
            encryption.decrypt(path, folder / "decrypted", identity)
            path = folder / "decrypted"
        into = folder / "files"
        into.mkdir()
        told = archive.unpack(path, into)
        databases.check(told.database, into / archive.DATABASE)
        yield Unpacked(told, into)


def require_fit(told: Manifest, database_url: str) -> None:
    """Raise Refused for a backup of another kind of database, or of a schema not known here."""
    kind = databases.kind(database_url)
    if told.database != kind:
        theirs, ours = databases.NAMES.get(told.database, told.database), databases.NAMES[kind]
        raise Refused(f"This backup is of {theirs}, and FORUM_DATABASE_URL names {ours}.")
    if told.schema not in migrations.known():
        raise Refused(
            f"This backup has the schema {told.schema}, which this version of the forum does not "
            "know. Install the version that made it, or a newer one."
        )


def keep_current(source: Source, tombstone_path: Path) -> Path:
    """Keep what is here in a backup of its own, and all its tombstones; return its path.

    Raises Refused, OSError.
    """
    if migrations.current() == migrations.newest():  # else there is no table of them to write out
        tombstones.write_out(tombstone_path)
    kept = source.instance / f"before-restore-{clock.now():%Y-%m-%dT%H%M%SZ}.backup"
    creation.make(source, kept)
    return kept


def put_back(found: Unpacked, database_url: str, instance: Path) -> None:
    """Put database and files in their places. Raises Refused, OSError."""
    databases.put(database_url, found.folder / archive.DATABASE)
    inside = found.folder / instance_files.FOLDER
    for path in sorted(inside.rglob("*")):
        target = instance / path.relative_to(inside)
        if path.is_dir():
            target.mkdir(mode=0o700, exist_ok=True)
        else:
            shutil.copyfile(path, target)
            target.chmod(0o600)
