"""A silence outlasts leaving the group and coming back."""

from datetime import datetime

from sqlalchemy import select, update

from forum.core.db import transaction
from forum.groups.events import MemberJoined
from forum.groups.models import Membership
from forum.moderation.acts import PERSON
from forum.moderation.models import LogRow
from forum.moderation.policy import UNDO


def resume(event: MemberJoined) -> None:
    """Silence somebody who joins again for as long as the log says that they are silenced."""
    with transaction() as session:
        last = session.scalar(
            select(LogRow.after)
            .where(
                LogRow.person_id == event.account_id,
                LogRow.group_id == event.group_id,
                LogRow.subject_kind == PERSON,
                LogRow.act.in_(("silence", "unsilence", UNDO)),
            )
            .order_by(LogRow.id.desc())
            .limit(1)
        )
        if last and last.get("until"):
            session.execute(
                update(Membership)
                .where(
                    Membership.account_id == event.account_id,
                    Membership.group_id == event.group_id,
                )
                .values(
                    silenced_until=datetime.fromisoformat(last["until"]),
                    silenced_because=last["because"],
                )
                .execution_options(synchronize_session=False)
            )
