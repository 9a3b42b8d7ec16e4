"""What is done with items of the queue: claim, hand over, resolve, reopen.

Each verb locks the queue's counter before it reads: of two people who act in the same second one is
first, and the other reads who that was.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.identity.handles import fold
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import announce
from forum.core.translation import _
from forum.groups.events import MemberLeft, RoleChanged
from forum.groups.models import MEMBER, Group
from forum.moderation.queue_items import policy, transitions
from forum.moderation.queue_items.events import CrisisAlertRaised
from forum.moderation.queue_items.models import (
    CALLED,
    CLAIMED,
    HANDED_OVER,
    PENDING_POST,
    REOPENED,
    RESOLVED,
    QueueItem,
)
from forum.moderation.reports import service as reports

NOTE_MAX, ANSWER_MAX, NAME_MAX = 1_000, 1_000, 60


def claim(viewer: Viewer, item_id: int) -> None:
    """Take an item on; harmless when they have it already. An hour later others may take it over.

    Raises NotFound, LoginNeeded, Forbidden, and Conflict when somebody else has it.
    """
    me, now = member_id(viewer), clock.now()
    with transaction() as session:
        item = _open(session, viewer, item_id, now)
        if item.claimed_by_id != me:
            _claim(session, item, me, now)


def call(viewer: Viewer, item_id: int) -> None:
    """Notify those on call once more that somebody may be in danger, claimed or not.

    Raises NotFound, LoginNeeded, Forbidden, and Conflict for what is no crisis or is resolved.
    """
    me, now = member_id(viewer), clock.now()
    with transaction() as session:
        item = transitions.lock_open_item(session, viewer, item_id)
        if item.urgency != policy.CRISIS:
            raise Conflict(
                _("You can only alert the people on call in a crisis."), code="no_crisis"
            )
        transitions.change_item(session, item, CALLED, me, now)
        announce(CrisisAlertRaised(item_id, now, by_id=me))


def hand_over(viewer: Viewer, item_id: int, *, note: str, to: str = "") -> None:
    """Give an item back with a note: to the next who claims it, or to a colleague by handle.

    Raises Invalid without a note or for a colleague who cannot handle it, NotFound, and Conflict
    when somebody else has it.
    """
    me, now = member_id(viewer), clock.now()
    note = text.checked(note, "note", least=1, most=NOTE_MAX, name=_("The note"))
    to = text.one_line(to, "to", most=NAME_MAX)
    with transaction() as session:
        item = _open(session, viewer, item_id, now)
        next_id = _colleague_id(session, item_id, to) if to.strip() else None
        transitions.change_item(
            session,
            item,
            HANDED_OVER,
            me,
            now,
            note,
            claimed_by_id=next_id,
            claimed_at=now if next_id else None,
            first_claimed_at=item.first_claimed_at or now,
        )


def resolve(
    viewer: Viewer, item_id: int, *, outcome: str, note: str = "", answer: str = ""
) -> None:
    """Close an item, and tell its reporters what came of it, with words of `answer`.

    Raises Invalid, NotFound, and Conflict when somebody else has it or has resolved it.
    """
    me, now = member_id(viewer), clock.now()
    if outcome not in policy.OUTCOMES:
        raise Invalid(fields={"outcome": _("Choose the outcome.")})
    note = text.checked(note, "note", most=NOTE_MAX, name=_("The note"))
    answer = text.checked(answer, "answer", most=ANSWER_MAX, name=_("The message"))
    with transaction() as session:
        item = _open(session, viewer, item_id, now)
        if item.kind == PENDING_POST:
            raise Conflict(
                _("Approve or decline the post. That resolves this too."),
                code="undecided",
            )
        transitions.change_item(
            session,
            item,
            RESOLVED,
            me,
            now,
            note,
            outcome=outcome,
            resolved_by_id=me,
            resolved_at=now,
            claimed_by_id=me,
            claimed_at=now,
            first_claimed_at=item.first_claimed_at or now,
        )
        reports.answer_reporters(session, item, outcome, answer, now)


def reopen(viewer: Viewer, item_id: int) -> None:
    """Undo a resolution; the person who does so has the item then.

    Raises NotFound, and Conflict for an item that is open, that the facts have settled, or beside
    which there is a newer one about the same thing.
    """
    me, now = member_id(viewer), clock.now()
    with transaction() as session:
        transitions.lock_queue(session)
        item = transitions.visible_item(session, viewer, item_id)
        if item.resolved_at is None:
            raise Conflict(_("This is already open."), code="open")
        if item.outcome not in policy.OUTCOMES:
            raise Conflict(_("This resolved itself and can't be undone here."), code="settled")
        newer = transitions.open_item_of(
            session, item.kind, item.target_kind, item.target_id, item.group_id
        )
        if newer is not None:
            raise Conflict(_("There is a newer item about the same thing."), code="newer")
        transitions.change_item(
            session,
            item,
            REOPENED,
            me,
            now,
            outcome="",
            resolved_by_id=None,
            resolved_at=None,
            claimed_by_id=me,
            claimed_at=now,
        )
        reports.withdraw_answers(session, item)


def release_of_former_moderator(event: RoleChanged | MemberLeft) -> None:
    """Pass on what somebody had claimed in a group that they no longer moderate."""
    if isinstance(event, RoleChanged) and event.role != MEMBER:
        return
    with transaction() as session:
        transitions.release_claims(session, event.account_id, "", event.group_id)


def _claim(session: Session, item: QueueItem, me: int, now: datetime) -> None:
    transitions.change_item(
        session,
        item,
        CLAIMED,
        me,
        now,
        claimed_by_id=me,
        claimed_at=now,
        first_claimed_at=item.first_claimed_at or now,
    )


def _open(session: Session, viewer: Viewer, item_id: int, now: datetime) -> QueueItem:
    """Return an item that the viewer may act on now, with the queue's turn taken."""
    item = transitions.lock_open_item(session, viewer, item_id)
    if _is_claimed_by_other(item, viewer.id, now):
        held_by = select(Account.handle).where(Account.id == item.claimed_by_id)
        handle = session.scalar(held_by)
        raise Conflict(_("%(name)s has claimed this in the meantime.", name=handle), code="claimed")
    return item


def _is_claimed_by_other(item: QueueItem, me: int | None, now: datetime) -> bool:
    if item.claimed_by_id in {None, me}:
        return False
    return item.claimed_at is not None and item.claimed_at > now - policy.CLAIM_HOLDS


def _colleague_id(session: Session, item_id: int, handle: str) -> int:
    """Return who has this handle and may see the item. Raises Invalid."""
    found = session.scalar(
        select(Account.id)
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .join(Account, Account.handle_key == fold(handle.strip()))
        .where(QueueItem.id == item_id, policy.visible_to(Account.id))
    )
    if found is None:
        raise Invalid(
            fields={
                "to": _("No moderator with this username can claim this. Choose one from the list.")
            }
        )
    return found
