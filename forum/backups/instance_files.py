"""Which files of the instance folder belong in a backup."""

from collections.abc import Iterator
from pathlib import Path

FOLDER = "instance"
# The database is copied in its own way. Sealed seeds and tombstones must outlive every backup, and
# releases are files that may be recalled: none of them may come back from one.
LEFT_OUT = ("forum.sqlite3", "tombstones.jsonl", "sealed", "backups")
RELEASES = ("research", "*", "releases")


def files_of(instance: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file with its name in the backup, in order."""
    for path in sorted(instance.rglob("*")):
        inside = path.relative_to(instance)
        if path.is_file() and not path.is_symlink() and not _is_left_out(inside):
            yield f"{FOLDER}/{inside.as_posix()}", path


def _is_left_out(inside: Path) -> bool:
    first = inside.parts[0]
    hidden = any(part.startswith(".") for part in inside.parts)
    is_release = len(inside.parts) > len(RELEASES) and inside.parts[2] == RELEASES[2]
    is_backup = inside.suffix == ".backup"
    return hidden or is_release or is_backup or first.startswith(LEFT_OUT)
