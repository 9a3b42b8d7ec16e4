"""Deleting messages for good whose time has come, as both people chose."""

from sqlalchemy import delete, select

from forum.core import clock
from forum.core.db import transaction
from forum.core.events import announce
from forum.messages.events import MessagesRemoved
from forum.messages.models import PrivateMessage

AT_ONCE = 200


def delete_vanished() -> None:
    """Delete what nobody sees any longer; a few hundred at a time, so nobody waits for it."""
    while _delete_some() == AT_ONCE:
        pass


def _delete_some() -> int:
    due = (
        select(PrivateMessage.id, PrivateMessage.conversation_id, PrivateMessage.number)
        .where(PrivateMessage.vanishes_at <= clock.now())
        .order_by(PrivateMessage.id)
        .limit(AT_ONCE)
    )
    with transaction() as session:
        rows = session.execute(due).all()
        gone: dict[int, list[int]] = {}
        for row in rows:
            gone.setdefault(row.conversation_id, []).append(row.number)
        ids = [row.id for row in rows]
        session.execute(
            delete(PrivateMessage)
            .where(PrivateMessage.id.in_(ids))
            .execution_options(synchronize_session=False)
        )
        for conversation_id, numbers in gone.items():
            announce(MessagesRemoved(conversation_id, tuple(numbers), None))
    return len(rows)
