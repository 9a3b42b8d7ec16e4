"""Making a backup, and checking that it can be put back, before it gets its name."""

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from forum import migrations
from forum.backups import archive, databases, encryption, instance_files
from forum.backups.manifest import Manifest
from forum.backups.refusals import Refused
from forum.core import clock

UNFINISHED, GIVEN_UP_AFTER_S = ".backup-", 86_400


@dataclass(frozen=True)
class Source:
    """What is backed up, and the public key to which it is encrypted, or ""."""

    database_url: str
    instance: Path
    key: str = ""


def make(source: Source, path: Path) -> Manifest:
    """Write a backup of the bound database and the instance folder into a new file.

    The forum may run. The file has its name only once it is whole and was unpacked and checked.
    Raises Refused, also for a file that is there already, and OSError.
    """
    if path.exists():
        raise Refused(f"{path} is there already. Choose another name.")
    _clear_up(path.absolute().parent)
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=path.absolute().parent) as name:
        folder = Path(name)
        made = folder / "made"
        told = _write(source, folder, made)
        _check(made, folder / "checked", told)
        if source.key:
            encryption.encrypt(made, folder / "encrypted", source.key)
            made = folder / "encrypted"
        made.chmod(0o600)
        # Not `rename`, which would take the place of a file that came meanwhile.
        path.hardlink_to(made)
    return told


def _clear_up(folder: Path) -> None:
    """Remove what backups that were killed have left, since it holds everything unencrypted."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > GIVEN_UP_AFTER_S:
            shutil.rmtree(left, ignore_errors=True)


def _write(source: Source, folder: Path, made: Path) -> Manifest:
    copied = folder / archive.DATABASE
    databases.copy(source.database_url, copied)
    files = [(archive.DATABASE, copied), *instance_files.files_of(source.instance)]
    told = Manifest(
        made_at=clock.now(),
        schema=migrations.current() or "",
        database=databases.kind(source.database_url),
        files={name: archive.digest_of(file) for name, file in files},
    )
    archive.write(made, told, files)
    return told


def _check(made: Path, into: Path, told: Manifest) -> None:
    into.mkdir()
    if archive.unpack(made, into) != told:
        raise Refused("The backup does not hold what was written. Is the disk sound?")
    databases.check(told.database, into / archive.DATABASE)
