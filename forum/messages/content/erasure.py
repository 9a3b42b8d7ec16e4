"""What remains of a member who leaves for good in conversations: nothing that they said.

The other keeps their own words, beside gaps of "a former member".
"""

from typing import cast

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.orm import Session

from forum.accounts import queries as known
from forum.accounts.former_member import in_words_of_others
from forum.core import clock, text
from forum.core.background.jobs import rows
from forum.core.background.jobs.job_types import StepDone, Steps
from forum.messages import conversation_locking
from forum.messages.models import (
    ACCEPTED,
    Conversation,
    MessageReaction,
    Participant,
    PrivateMessage,
)

BATCH = 20
_FINISHED = (-1,)


def erase_messages(session: Session, account_id: int) -> Steps:
    """Empty what somebody wrote in private, and end conversations that nobody else is in."""
    yield from _delete_conversations(session, account_id)
    mine = (
        select(PrivateMessage.id, PrivateMessage.conversation_id)
        .where(PrivateMessage.author_id == account_id)
        .order_by(PrivateMessage.id)
        .limit(BATCH)
    )
    while found := session.execute(mine).all():
        for message in found:
            session.execute(delete(MessageReaction).where(MessageReaction.message_id == message.id))
            conversation_locking.change_message(
                session,
                message.conversation_id,
                message.id,
                "erased",
                clock.now(),
                author_id=None,
                idempotency_key=None,
                body="",
                html="",
                content_note="",
                deleted_at=clock.now(),
            )
            yield StepDone()
    yield from _remove_reactions(session, account_id)


def remove_name(session: Session, name: str, after: tuple[int, ...]) -> Steps:
    """Take a name (folded) out of what others wrote in private, and out of what they drafted."""
    if after == _FINISHED:
        return
    others = known.longer_handles(session, name)
    table = cast("Table", PrivateMessage.__table__)
    for last, found in rows.naming(session, table, after, table.c.body):
        for row in found:
            body, message_id = str(row[0]), int(row.id)
            renamed = text.renamed(body, name, in_words_of_others(), others)
            if renamed != body:
                conversation_locking.change_message(
                    session,
                    session.scalars(
                        select(PrivateMessage.conversation_id).where(
                            PrivateMessage.id == message_id
                        )
                    ).one(),
                    message_id,
                    "renamed",
                    clock.now(),
                    body=renamed,
                    html=text.render(renamed),
                    renderer=text.RENDERER_VERSION,
                )
        yield StepDone(1, last or _FINISHED)


def _delete_conversations(session: Session, account_id: int) -> Steps:
    """Delete requests from and to somebody, and what the other has left already."""
    both = or_(Conversation.lower_id == account_id, Conversation.higher_id == account_id)
    stays = (
        select(Participant.account_id)
        .where(
            Participant.conversation_id == Conversation.id,
            Participant.account_id != account_id,
            Participant.left_at.is_(None),
        )
        .exists()
    )
    gone = select(Conversation.id).where(both, or_(Conversation.state != ACCEPTED, ~stays))
    while found := session.scalars(gone.limit(BATCH)).all():
        session.execute(
            delete(Conversation)
            .where(Conversation.id.in_(found))
            .execution_options(synchronize_session=False)
        )
        yield StepDone(len(found))


def _remove_reactions(session: Session, account_id: int) -> Steps:
    given = (
        select(MessageReaction.message_id, PrivateMessage.conversation_id)
        .join(PrivateMessage, PrivateMessage.id == MessageReaction.message_id)
        .where(MessageReaction.account_id == account_id)
        .limit(BATCH)
    )
    while found := session.execute(given).all():
        for message_id, conversation_id in found:
            session.execute(
                delete(MessageReaction).where(
                    MessageReaction.message_id == message_id,
                    MessageReaction.account_id == account_id,
                )
            )
            conversation_locking.change_message(
                session, conversation_id, message_id, "reacted", clock.now()
            )
            yield StepDone()
