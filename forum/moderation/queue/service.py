"""What is done with entries of the queue: claim, hand over, resolve, reopen.

Each verb takes the queue's turn before it looks, so that of two people who act in the same second
one is first, and the other is told who that was.
"""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from forum.accounts.identity.handles import fold
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.groups.events import MemberLeft, RoleChanged
from forum.groups.models import MEMBER, Group
from forum.moderation.queue import policy
from forum.moderation.queue import transitions as steps
from forum.moderation.queue.models import CLAIMED, HANDED_OVER, HELD, REOPENED, RESOLVED, QueueEntry
from forum.moderation.reports import service as reports

NOTE_MAX, ANSWER_MAX, NAME_MAX = 1_000, 1_000, 60


def claim(viewer: Viewer, entry_id: int) -> None:
    """Take an entry on; harmless for whoever has it. An hour later others may take it over.

    Raises NotFound, LoginNeeded, Forbidden, and Conflict when somebody else has it.
    """
    me, now = member_id(viewer), clock.now()
    with transaction() as session:
        entry = _open(session, viewer, entry_id, now)
        if entry.claimed_by_id != me:
            _claim(session, entry, me, now)


def hand_over(viewer: Viewer, entry_id: int, *, note: str, to: str = "") -> None:
    """Give an entry back with a note: to whoever takes it next, or to a colleague by handle.

    Raises Invalid without a note or for somebody who cannot handle it, NotFound, and Conflict
    when somebody else has it.
    """
    me, now = member_id(viewer), clock.now()
    note = text.checked(note, "note", least=1, most=NOTE_MAX, name="The note")
    to = text.one_line(to, "to", most=NAME_MAX)
    with transaction() as session:
        entry = _open(session, viewer, entry_id, now)
        next_id = _colleague(session, entry_id, to) if to.strip() else None
        steps.change(
            session, entry, HANDED_OVER, me, now, note,
            claimed_by_id=next_id, claimed_at=now if next_id else None,
            first_claimed_at=entry.first_claimed_at or now,
        )  # fmt: skip


def resolve(
    viewer: Viewer, entry_id: int, *, outcome: str, note: str = "", answer: str = ""
) -> None:
    """Close an entry, and tell those who reported it what came of it, with words of `answer`.

    Raises Invalid, NotFound, and Conflict when somebody else has it or has resolved it.
    """
    me, now = member_id(viewer), clock.now()
    if outcome not in policy.OUTCOMES:
        raise Invalid(fields={"outcome": "Please choose what came of it."})
    note = text.checked(note, "note", most=NOTE_MAX, name="The note")
    answer = text.checked(answer, "answer", most=ANSWER_MAX, name="The answer")
    with transaction() as session:
        entry = _open(session, viewer, entry_id, now)
        if entry.kind == HELD:
            raise Conflict(
                "Please decide whether the post is shown; that resolves this by itself.",
                code="undecided",
            )
        steps.change(
            session, entry, RESOLVED, me, now, note,
            outcome=outcome, resolved_by_id=me, resolved_at=now, claimed_by_id=me,
            claimed_at=now, first_claimed_at=entry.first_claimed_at or now,
        )  # fmt: skip
        reports.answer(session, entry, outcome, answer, now)


def reopen(viewer: Viewer, entry_id: int) -> None:
    """Undo a resolution; whoever does so has the entry then.

    Raises NotFound, and Conflict for an entry that is open, that the facts have settled, or beside
    which there is a newer one about the same thing.
    """
    me, now = member_id(viewer), clock.now()
    with transaction() as session:
        steps.take_turn(session)
        entry = _visible(session, viewer, entry_id)
        if entry.resolved_at is None:
            raise Conflict("This is open already.", code="open")
        if entry.outcome not in policy.OUTCOMES:
            raise Conflict("This was settled by itself and cannot be undone here.", code="settled")
        newer = steps.open_entry_of(
            session, entry.kind, entry.subject_kind, entry.subject_id, entry.group_id
        )
        if newer is not None:
            raise Conflict("There is a newer entry about the same thing.", code="newer")
        steps.change(
            session, entry, REOPENED, me, now,
            outcome="", resolved_by_id=None, resolved_at=None, claimed_by_id=me, claimed_at=now,
        )  # fmt: skip
        reports.take_answer_back(session, entry)


def pass_on(session: Session, account_id: int, note: str, group_id: int | None = None) -> int:
    """Give back everything that somebody has claimed, in one group or all; return how much."""
    steps.take_turn(session)
    held = select(QueueEntry).where(
        QueueEntry.claimed_by_id == account_id, QueueEntry.resolved_at.is_(None)
    )
    if group_id is not None:
        held = held.where(QueueEntry.group_id == group_id)
    entries = session.scalars(held.order_by(QueueEntry.id)).all()
    for entry in entries:
        steps.change(
            session, entry, HANDED_OVER, account_id, clock.now(), note,
            claimed_by_id=None, claimed_at=None,
        )  # fmt: skip
    return len(entries)


def let_go(event: RoleChanged | MemberLeft) -> None:
    """Pass on what somebody had claimed in a group that they no longer look after."""
    if isinstance(event, RoleChanged) and event.role != MEMBER:
        return
    with transaction() as session:
        pass_on(session, event.account_id, "", event.group_id)


def _claim(session: Session, entry: QueueEntry, me: int, now: datetime) -> None:
    steps.change(
        session, entry, CLAIMED, me, now,
        claimed_by_id=me, claimed_at=now, first_claimed_at=entry.first_claimed_at or now,
    )  # fmt: skip


def _open(session: Session, viewer: Viewer, entry_id: int, now: datetime) -> QueueEntry:
    """Return an entry that the viewer may act on now, with the queue's turn taken."""
    steps.take_turn(session)
    entry = _visible(session, viewer, entry_id)
    if entry.resolved_at is not None:
        raise Conflict("This has been resolved in the meantime.", code="resolved")
    if _is_somebody_elses(entry, viewer.id, now):
        held_by = select(Account.handle).where(Account.id == entry.claimed_by_id)
        handle = session.scalar(held_by)
        raise Conflict(f"{handle} has taken this on in the meantime.", code="claimed")
    return entry


def _is_somebody_elses(entry: QueueEntry, me: int | None, now: datetime) -> bool:
    if entry.claimed_by_id in {None, me}:
        return False
    return entry.claimed_at is not None and entry.claimed_at > now - policy.CLAIM_HOLDS


def _visible(session: Session, viewer: Viewer, entry_id: int) -> QueueEntry:
    entry = session.scalar(_entry(entry_id).where(policy.visible_to(viewer.sql_id())))
    if entry is None:
        raise NotFound
    return entry


def _colleague(session: Session, entry_id: int, handle: str) -> int:
    """Return who has this handle and may see the entry. Raises Invalid."""
    found = session.scalar(
        select(Account.id)
        .select_from(QueueEntry)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .join(Account, Account.handle_key == fold(handle.strip()))
        .where(QueueEntry.id == entry_id, policy.visible_to(Account.id))
    )
    if found is None:
        raise Invalid(fields={"to": "Nobody of this name can handle this entry."})
    return found


def _entry(entry_id: int) -> Select[QueueEntry]:
    return (
        select(QueueEntry)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(QueueEntry.id == entry_id)
    )
