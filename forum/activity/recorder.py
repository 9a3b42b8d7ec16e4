"""Writing to the record. Whoever calls this has asked for the consent that permits the row."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import Insert, insert

from forum.activity import catalogue
from forum.activity.models import ActivityEvent
from forum.core.db import transaction

# What is told of a row later on, while its page or visit goes on.
GROWING = ("seconds_low", "seconds_high", "posts_seen")
# PostgreSQL's words for "insert or update" are SQLite's, too.
_INSERT = insert(ActivityEvent)
_GROW = _INSERT.on_conflict_do_update(
    index_elements=(ActivityEvent.id, ActivityEvent.at),
    set_={
        name: func.coalesce(_INSERT.excluded[name], getattr(ActivityEvent, name))
        for name in GROWING
    },
    where=ActivityEvent.consent_id == _INSERT.excluded.consent_id,
)


def row(
    kind: str, at: datetime, participant: int, consent_id: int, **fields: Any
) -> dict[str, Any]:
    """Return one row, checked against the catalogue. Raises ValueError."""
    catalogue.check(kind, set(fields))
    return {
        "id": secrets.randbits(63),
        "kind": kind,
        "at": at,
        "participant": participant,
        "consent_id": consent_id,
        **fields,
    }


def append(rows: list[dict[str, Any]]) -> None:
    """Store rows, in the transaction that is open if there is one."""
    _store(_INSERT, rows)


def grow(rows: list[dict[str, Any]]) -> None:
    """Store rows; one that is there, under the same consent, gets the new lengths."""
    _store(_GROW, rows)


def _store(statement: Insert, rows: list[dict[str, Any]]) -> None:
    by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for each in rows:
        by_fields.setdefault(tuple(each), []).append(each)
    with transaction() as session:
        for alike in by_fields.values():
            session.connection().execute(statement, alike)
