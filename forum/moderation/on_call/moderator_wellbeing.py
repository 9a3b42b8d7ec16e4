"""How much distress somebody has looked at lately; for their own eyes alone."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import reading, transaction
from forum.moderation.queue.models import Exposure

A_DAY = timedelta(hours=24)
MANY, VERY_MANY = 5, 10


@dataclass(frozen=True)
class Carried:
    """How many distressing entries somebody has opened within 24 hours, and a word about it."""

    count: int
    words: str


def carried(viewer: Viewer) -> Carried:
    """Return what the viewer has carried lately. Raises LoginNeeded, Forbidden."""
    lately = select(func.count()).where(
        Exposure.account_id == member_id(viewer), Exposure.at > clock.now() - A_DAY
    )
    count = reading().scalar(lately) or 0
    return Carried(count, _words(count))


def note(viewer: Viewer, entry_id: int) -> None:
    """Note that the viewer has opened a distressing entry; again later, it counts anew."""
    row = {"account_id": member_id(viewer), "entry_id": entry_id, "at": clock.now()}
    seen = insert(Exposure).values(row)
    with transaction() as session:
        session.execute(
            seen.on_conflict_do_update(
                index_elements=["account_id", "entry_id"], set_={"at": row["at"]}
            )
        )


def _words(count: int) -> str:
    if count >= VERY_MANY:
        return (
            "That is a great deal for one day. Please let somebody else go on, and talk with a "
            "person you trust about what you have read."
        )
    if count >= MANY:
        return (
            "You have taken in a lot of other people's pain. A few minutes away from the screen, "
            "some water, or a word with a colleague may do you good."
        )
    return ""
