"""A silence outlasts leaving the group and coming back."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, aliased

from forum.core.db import transaction
from forum.groups.events import MemberJoined
from forum.groups.models import Membership
from forum.moderation.actions.targets import PERSON
from forum.moderation.models import AuditLogEntry

SILENCES = ("silence", "unsilence")


def resume(event: MemberJoined) -> None:
    """Silence a member who joins again for as long as the log says that they are silenced."""
    with transaction() as session:
        last = logged(session, event.account_id, event.group_id)
        if last["until"]:
            session.execute(
                update(Membership)
                .where(
                    Membership.account_id == event.account_id,
                    Membership.group_id == event.group_id,
                )
                .values(
                    silenced_until=datetime.fromisoformat(last["until"]),
                    silence_reason=last["because"],
                )
                .execution_options(synchronize_session=False)
            )


def logged(session: Session, account_id: int, group_id: int | None) -> dict[str, Any]:
    """Return the state that the last action on somebody's silence in a group has left."""
    undone = aliased(AuditLogEntry)
    last: dict[str, Any] | None = session.scalar(
        select(AuditLogEntry.after)
        .outerjoin(undone, undone.id == AuditLogEntry.undoes_id)
        .where(
            AuditLogEntry.person_id == account_id,
            AuditLogEntry.group_id == group_id,
            AuditLogEntry.target_kind == PERSON,
            or_(AuditLogEntry.action.in_(SILENCES), undone.action.in_(SILENCES)),
        )
        .order_by(AuditLogEntry.id.desc())
        .limit(1)
    )
    return last or {"until": None, "because": ""}
