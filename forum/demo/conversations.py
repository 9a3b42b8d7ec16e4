"""A few private conversations of the demo community, as people have them who know each other."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.core.db import transaction
from forum.messages.conversation_locking import NewMessage, change_side, insert_message
from forum.messages.models import ACCEPTED, REQUESTED, Conversation, Participant


class Said(NamedTuple):
    """What somebody wrote, and how many hours ago."""

    author: str
    hours_ago: float
    words: str


CONVERSATIONS = (
    (
        ACCEPTED,
        (
            Said(
                "fernway",
                75,
                "Your post about the third week went straight in. Could I ask you how you got "
                "through the mornings? No hurry, and no is fine.",
            ),
            Said(
                "mossback",
                71,
                "Of course. *Getting through* is a big word. I put one thing on the chair by the "
                "bed the night before, and it had to be a stupid thing. A puzzle. A tin of fish.",
            ),
            Said("fernway", 70.5, "A tin of fish."),
            Said(
                "mossback",
                70.4,
                "The cat knew about the fish. So I had to get up.",
            ),
            Said(
                "fernway",
                26,
                "I have no cat, but I put the seed packet there last night. It is **09:10** and I "
                "am standing in the garden in my coat.",
            ),
            Said("mossback", 4, "I am very glad you told me. What kind of seed?"),
        ),
    ),
    (
        REQUESTED,
        (
            Said(
                "greywether",
                9,
                "Hello. You wrote that you have asked to go back on the waiting list. I am about "
                "to, and I would like to hear how that was, if you want to talk about it.",
            ),
        ),
    ),
    (
        REQUESTED,
        (
            Said(
                "fernway",
                50,
                "You said that the walking group helped. Would you tell me more about it?",
            ),
        ),
    ),
    (
        ACCEPTED,
        (
            Said("tin_whistle", 140, "Thank you for what you wrote under my post last night."),
            Said("paperboats", 139, "I was up anyway. How is today?"),
            Said("tin_whistle", 130, "Smaller than yesterday. That is good."),
        ),
    ),
)
ASKED = {50: "kestrel_jo", 9: "fernway"}  # of requests, by when they were made


def write(now: datetime) -> None:
    """Write them, each as if it had been written at its time."""
    with transaction() as session:
        for state, said in CONVERSATIONS:
            names = {one.author for one in said}
            if state == REQUESTED:
                names.add(ASKED[int(said[0].hours_ago)])
            _write(session, state, said, {name: _id_of(name) for name in names}, now)


def _write(
    session: Session, state: str, said: tuple[Said, ...], ids: dict[str, int], now: datetime
) -> None:
    began = now - timedelta(hours=said[0].hours_ago)
    lower, higher = sorted(ids.values())
    there = Conversation(
        lower_id=lower,
        higher_id=higher,
        state=state,
        asked_by_id=ids[said[0].author],
        asked_at=began,
        last_message_at=began,
    )
    session.add(there)
    session.flush()
    session.add_all(
        Participant(conversation_id=there.id, account_id=each) for each in (lower, higher)
    )
    session.flush()
    for number, one in enumerate(said):
        author_id = ids[one.author]
        other_id = lower if author_id == higher else higher
        at = now - timedelta(hours=one.hours_ago)
        words = NewMessage(
            author_id, other_id, one.words, "", uuid4().hex, at, is_request=number == 0
        )
        insert_message(session, there.id, words)
        if number < len(said) - 1:
            change_side(session, there.id, other_id, read_number=number + 1)


def _id_of(handle: str) -> int:
    return accounts.account_id_of_exact(handle) or 0
