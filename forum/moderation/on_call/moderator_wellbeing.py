"""How much distress somebody has looked at lately; for their own eyes alone."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.translation import _
from forum.moderation.on_call.models import DistressExposure

A_DAY = timedelta(hours=24)
MANY, VERY_MANY = 5, 10


@dataclass(frozen=True)
class RecentExposure:
    """How many distressing items somebody has opened within 24 hours, and a word about it."""

    count: int
    words: str


def recent_exposure(viewer: Viewer) -> RecentExposure:
    """Return how much distress the viewer has read lately. Raises LoginNeeded, Forbidden."""
    lately = select(func.count()).where(
        DistressExposure.account_id == member_id(viewer), DistressExposure.at > clock.now() - A_DAY
    )
    count = current_session().scalar(lately) or 0
    return RecentExposure(count, _advice(count))


def record_exposure(viewer: Viewer, item_id: int) -> None:
    """Note that the viewer has opened a distressing item; once more later, it counts again."""
    row = {"account_id": member_id(viewer), "item_id": item_id, "at": clock.now()}
    seen = insert(DistressExposure).values(row)
    with transaction() as session:
        session.execute(
            seen.on_conflict_do_update(
                index_elements=["account_id", "item_id"], set_={"at": row["at"]}
            )
        )


def _advice(count: int) -> str:
    if count >= VERY_MANY:
        return _(
            "That's a great deal for one day. Please let someone else carry on, and "
            "talk to another moderator about how you are."
        )
    if count >= MANY:
        return _(
            "You've taken in a lot of other people's pain. A few minutes away from the screen, "
            "some "
            "water, or a chat with a colleague may do you good."
        )
    return ""
