"""Noting what is erased or withdrawn, in its transaction, and writing it into the file."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.core import clock, ids
from forum.core.db import current_session, transaction
from forum.privacy.tombstones import tombstone_file
from forum.privacy.tombstones.models import Tombstone
from forum.privacy.tombstones.tombstone_file import Entry

AT_ONCE = 500


def digest(kind: str, ref: str | int) -> str:
    """Return the digest of something by its random public id or key, which nobody can guess."""
    return ids.digest(f"common-thread {kind} {ref}")


def note(session: Session, kind: str, ref: str | int, at: datetime | None = None) -> None:
    """Note that this was erased or withdrawn; belongs inside the transaction that does it."""
    session.add(Tombstone(kind=kind, digest=digest(kind, ref), at=at or clock.now()))


def note_withdrawal(event: Any) -> None:
    """Note that a participant has withdrawn, or erased what they gave."""
    kind = tombstone_file.PARTICIPANT if event.erased else tombstone_file.CONSENT
    note(current_session(), kind, event.participant, event.at)


def write_out(path: Path) -> int:
    """Write into the file what is noted, and return how much. Raises OSError.

    Should it be stopped in between, a line is written twice, which does no harm.
    """
    written = 0
    while True:
        with transaction() as session:
            oldest = select(Tombstone).order_by(Tombstone.id).limit(AT_ONCE)
            rows = session.scalars(oldest.with_for_update()).all()
            if not rows:
                return written
            entries = [Entry(row.kind, row.digest, row.at) for row in rows]
            tombstone_file.append(path, entries)
            noted = Tombstone.id.in_([row.id for row in rows])
            session.execute(delete(Tombstone).where(noted))
            written += len(rows)
