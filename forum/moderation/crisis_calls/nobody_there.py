"""What the writer of a post that speaks of danger may know: whether anybody of the team is there.

Nobody is when no shift runs, or when everybody was called in vain, and nobody has answered.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core.db import current_session
from forum.moderation.crisis_calls import queries
from forum.moderation.crisis_calls.models import CrisisCall
from forum.moderation.on_call import rota
from forum.moderation.queue_items.models import CRISIS_ALERT, POST, QueueItem


@dataclass(frozen=True)
class Team:
    """Who is there for a post: somebody, or nobody until `next_shift`, as far as that is known."""

    is_there: bool
    next_shift: datetime | None = None


def team_for(author_id: int, post_ids: Collection[int]) -> dict[int, Team]:
    """Return what an author may know of their posts, of those about which there is something."""
    items = select(QueueItem).where(
        QueueItem.target_kind == POST,
        QueueItem.target_id.in_(post_ids),
        QueueItem.kind == CRISIS_ALERT,
        QueueItem.about_id == author_id,
        QueueItem.resolved_at.is_(None),
    )
    session = current_session()
    found = {item.target_id: _team(session, item) for item in session.scalars(items).all()}
    return {post_id: team for post_id, team in found.items() if team is not None}


def _team(session: Session, item: QueueItem) -> Team | None:
    """Return who is there; None while people on duty are called, and where they have come."""
    started, staffed = _last_call(session, item.id)
    if queries.is_attended(session, item, started or item.opened_at):
        return None if staffed else Team(is_there=True)
    if rota.groups_on_call([item.group_id]) and queries.still_calls(session, item.id):
        return None
    return Team(is_there=False, next_shift=rota.next_shift(item.group_id))


def _last_call(session: Session, item_id: int) -> tuple[datetime | None, bool]:
    row = CrisisCall
    last = select(row.started_at, row.staffed).where(row.item_id == item_id)
    found = session.execute(last.order_by(row.id.desc()).limit(1)).first()
    return (found.started_at, found.staffed) if found else (None, False)
