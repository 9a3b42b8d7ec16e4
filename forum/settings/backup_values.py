"""What an operator can set about backups: the public key, and where tombstones are written.

Each function raises BadSettings, naming the setting, for what cannot be meant.
"""

import re
from pathlib import Path

from forum.settings.values import BadSettings

_KEY = re.compile(r"age1[ac-hj-np-z02-9]{58}")


def key(value: str) -> str:
    """Return a public key of age, or an empty one."""
    if value and not _KEY.fullmatch(value):
        raise BadSettings("FORUM_BACKUP_KEY must be a public key of age: age1 and 58 characters.")
    return value


def tombstones(value: str, instance: Path) -> Path:
    """Return the file, which may not be there yet, in a folder that is."""
    path = Path(value) if value else instance / "tombstones.jsonl"
    try:
        fits = path.parent.is_dir() and not path.is_dir()
    except ValueError:
        fits = False
    if not fits:
        raise BadSettings("FORUM_TOMBSTONES must be the path of a file in a folder that is there.")
    return path.absolute()
