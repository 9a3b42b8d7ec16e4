"""Changing names in what was said in rooms: of members who change their handle, or leave for good.

Rooms keep no list of whom a message names, since its words vanish; so all messages are looked
through. Nobody's earlier handles are kept in the clear either: a name is theirs by its digest.
"""

from collections.abc import Callable
from typing import cast

from sqlalchemy import Table, literal, or_, select
from sqlalchemy.orm import Session

from forum.accounts import policy as accounts
from forum.accounts import queries as known
from forum.accounts.events import HandleChanged
from forum.accounts.former_member import FORMER_MEMBER, in_words_of_others
from forum.accounts.identity import handles
from forum.accounts.models import Account
from forum.core import text
from forum.core.background.jobs import queue, rows
from forum.core.background.jobs.job_types import JobType, Stage, StepDone, Steps, Task
from forum.core.db import AnyRow, transaction
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.meetings.models import Meeting
from forum.meetings.room.messages import service as messages
from forum.meetings.room.models import Attendance, RoomMessage

_MESSAGES = select(RoomMessage.id, RoomMessage.meeting_id, Meeting.group_id, RoomMessage.body).join(
    Meeting, Meeting.id == RoomMessage.meeting_id
)
_FINISHED = (-1,)


def queue_rename(event: HandleChanged) -> None:
    """Ask for the messages that name somebody to be changed."""
    with transaction() as session:
        queue.enqueue(session, RENAME_JOB.name, event.account_id)


def remove_name(session: Session, name: str, after: tuple[int, ...]) -> Steps:
    """Take a name (folded) out of what others said in rooms."""
    others = known.longer_handles(session, name)
    yield from _reword(
        session, after, lambda said: text.renamed(said.body, name, in_words_of_others(), others)
    )


def _reword(session: Session, after: tuple[int, ...], reworded: Callable[[AnyRow], str]) -> Steps:
    """Give all messages with an @ in them the words that `reworded` returns for them."""
    if after == _FINISHED:
        return
    table = cast("Table", RoomMessage.__table__)
    for last, found in rows.naming(session, table, after, table.c.body):
        chosen = _MESSAGES.where(RoomMessage.id.in_([row.id for row in found]))
        for said in session.execute(chosen.order_by(RoomMessage.id)).all():
            body = reworded(said)
            if body != said.body:
                messages.update_message(
                    session,
                    said.meeting_id,
                    said.group_id,
                    said.id,
                    None,
                    "renamed",
                    body=body,
                    html=text.render(body),
                    renderer=text.RENDERER_VERSION,
                )
        yield StepDone(1, last or _FINISHED)


def _rename(session: Session, task: Task) -> Steps:
    """Change every earlier handle of somebody to the one that they have by now."""
    account_id = task.subject_id
    handle = session.scalar(
        select(Account.handle).where(Account.id == account_id, Account.handle != FORMER_MEMBER)
    )
    if handle is None:
        return

    def reworded(said: AnyRow) -> str:
        body: str = said.body
        for name in _earlier_names(account_id, handle, body):
            new = f"@{handle}" if _may_learn(session, said.id, account_id) else in_words_of_others()
            body = text.renamed(body, name, new, known.longer_handles(session, name))
        return body

    yield from _reword(session, task.after, reworded)


def _earlier_names(account_id: int, handle: str, body: str) -> list[str]:
    """Return which names in a text somebody had before, and nobody has now."""
    named = text.mentioned(body)
    possible = named.union(*map(text.beginnings, named))
    whose: dict[str, int] = {}
    for name, its_id in known.accounts_ever_named(possible):
        whose.setdefault(name, its_id)  # who has it now comes before who had it
    return [
        name
        for name, its_id in whose.items()
        if its_id == account_id and handles.fold(name) != handles.fold(handle)
    ]


def _may_learn(session: Session, message_id: int, account_id: int) -> bool:
    """Whether a message may tell a new handle: not to whom its owner has blocked, and only where
    they are a member or came to the meeting.
    """
    them = literal(account_id)
    there = or_(
        groups.is_member(them),
        accounts.row_exists(
            Attendance, Attendance.meeting_id == Meeting.id, Attendance.account_id == account_id
        ),
    )
    found = (
        select(RoomMessage.id)
        .join(Meeting, Meeting.id == RoomMessage.meeting_id)
        .join(Group, Group.id == Meeting.group_id)
        .where(RoomMessage.id == message_id, there)
        .where(groups.is_not_blocked_by(RoomMessage.author_id, them))
    )
    return session.execute(found).first() is not None


RENAME_JOB = JobType(
    "rename_in_rooms", (Stage("Changing where others named you in meetings", _rename),)
)
