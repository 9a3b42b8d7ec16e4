"""Writing to the record. Whoever calls this has asked for the consent that permits the row."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from forum.activity import catalogue
from forum.activity.models import ActivityEvent
from forum.core.db import transaction


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
    by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for each in rows:
        by_fields.setdefault(tuple(each), []).append(each)
    with transaction() as session:
        for alike in by_fields.values():
            session.connection().execute(insert(ActivityEvent), alike)
