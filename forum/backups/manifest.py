"""What a backup says of itself, in its first file."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from forum.backups.refusals import Refused

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """When a backup was made, of which schema and kind of database, and what it holds.

    `files` has the SHA-256 of each file by its name in the backup.
    """

    made_at: datetime
    schema: str
    database: str
    files: dict[str, str]
    format: int = FORMAT

    def to_json(self) -> bytes:
        """Return it as the file's content."""
        told = {**asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(told, indent=1, sort_keys=True).encode()


def from_json(content: bytes) -> Manifest:
    """Return what a backup says of itself. Raises Refused for anything else."""
    try:
        told: dict[str, Any] = json.loads(content)
        if told["format"] > FORMAT:
            raise Refused("This backup was made by a newer version of the forum. Install that one.")
        return Manifest(
            made_at=datetime.fromisoformat(told["made_at"]),
            schema=str(told["schema"]),
            database=str(told["database"]),
            files={str(name): str(digest) for name, digest in told["files"].items()},
            format=int(told["format"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Refused("This file is not a backup of a forum, or it is damaged.") from problem
