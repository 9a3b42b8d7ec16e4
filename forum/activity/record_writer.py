"""Writing to the record. The caller has checked the consent that permits the row."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql import insert

from forum.activity import catalogue
from forum.activity.models import ActivityEvent
from forum.core.db import transaction

# What is added to a row later on, while its page or visit goes on.
LENGTHS = ("seconds_low", "seconds_high", "posts_seen")
_GROWING = ("id", "at", "kind", "participant", "consent_id", "group_id", "thread_id", *LENGTHS)
# PostgreSQL's words for "insert or update" are SQLite's, too.
_NEW = insert(ActivityEvent).values({name: bindparam(name) for name in _GROWING})
_GROW = _NEW.on_conflict_do_update(
    index_elements=(ActivityEvent.id, ActivityEvent.at),
    set_={
        name: func.coalesce(_NEW.excluded[name], getattr(ActivityEvent, name)) for name in LENGTHS
    },
    where=ActivityEvent.consent_id == _NEW.excluded.consent_id,
)


def event_row(
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


def append_events(rows: list[dict[str, Any]]) -> None:
    """Store rows, in the transaction that is open if there is one."""
    by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for each in rows:
        by_fields.setdefault(tuple(each), []).append(each)
    with transaction() as session:
        for same in by_fields.values():
            session.connection().execute(insert(ActivityEvent), same)


def extend_events(rows: Iterable[dict[str, Any]]) -> None:
    """Store rows of pages and visits; one that is there, under the same consent, gets longer.

    A length that is not known yet is None, and changes nothing.
    """
    none = dict.fromkeys(_GROWING)
    found = [{**none, **row} for row in rows]
    if found:
        with transaction() as session:
            session.connection().execute(_GROW, found)
