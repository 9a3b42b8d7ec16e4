"""Rows of the audit log: what each kind is called, and adding one."""

from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.events import announce
from forum.core.text import stock_reasons
from forum.core.translation import _, lazy
from forum.moderation.actions.action import Change, Given
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import Target
from forum.moderation.events import ActionTaken
from forum.moderation.models import AuditLogEntry

UNDO = "undo"
# Decided by `threads.approval`, and told to the author by it.
APPROVE, DECLINE = "approve", "decline"
APPROVE_EDIT, DECLINE_EDIT = "approve_edit", "decline_edit"
APPROVAL_DECISIONS = {
    APPROVE: lazy("A post was approved"),
    DECLINE: lazy("A post was declined"),
    APPROVE_EDIT: lazy("An edit of a post was approved"),
    DECLINE_EDIT: lazy("An edit of a post was declined"),
}
# What became of a pending action, besides being approved; nothing was done then.
APPROVED = "confirmed"
DECLINED, WITHDRAWN = "approval_declined", "approval_withdrawn"
EXPIRED = "approval_expired"
CLOSED = {
    DECLINED: lazy("A proposed action was declined"),
    WITHDRAWN: lazy("A proposed action was withdrawn"),
    EXPIRED: lazy("A proposed action lapsed: nobody answered it within 14 days"),
}
# Nobody chose these: the forum calls people to somebody who may be in danger, until one is there.
CALLED_ON_CALL, CALLED_AGAIN = "call", "call_again"
CALLED_MODERATORS, CALLED_EVERYBODY = "call_moderators", "call_everybody"
CALLED_REPEATEDLY = "call_repeated"
CALLS = {
    CALLED_ON_CALL: lazy("People on call were alerted in a crisis"),
    CALLED_AGAIN: lazy("Nobody answered, so people on call were alerted again"),
    CALLED_MODERATORS: lazy("Nobody answered, so all moderators were alerted"),
    CALLED_EVERYBODY: lazy("Nobody answered, so administrators were alerted too"),
    CALLED_REPEATEDLY: lazy("Nobody had answered, so everyone was alerted again"),
}
IS_HERE = "here"
CRISES = CALLS | {IS_HERE: lazy("Someone said they were there in a crisis")}
LABELS = (
    {name: action.done for name, action in ACTIONS.items()}
    | APPROVAL_DECISIONS
    | {UNDO: lazy("An action was undone")}
    | CLOSED
    | CRISES
)
PROPOSED = "Proposed was: "  # before the name of the action, as the reason of what is closed
# What only moderators read, and what is between all moderators of a group: neither is for the
# person concerned.
INTERNAL = tuple(name for name, action in ACTIONS.items() if not action.tells_person)
NOT_FOR_PERSON = (*INTERNAL, *CLOSED, *CRISES)


def reason_in_words(reason: str) -> str:
    """Return the reason of a row in the reader's language, as far as the forum has worded it."""
    if not reason.startswith(PROPOSED):
        return stock_reasons.in_words(reason)
    name = reason.removeprefix(PROPOSED)  # or its label, in rows of earlier versions
    return _("Proposed: %(action)s", action=ACTIONS[name].label if name in ACTIONS else name)


def add_entry(
    session: Session,
    name: str,
    target: Target,
    given: Given,
    change: Change,
    *,
    by_id: int | None,
    approver_id: int | None = None,
) -> int:
    """Add a row to the log, and announce it to whom it concerns; return its id.

    What the forum does by itself is by nobody.
    """
    at = clock.now()
    entry = AuditLogEntry(
        action=name,
        by_id=by_id,
        approver_id=approver_id,
        group_id=target.group_id,
        target_kind=target.kind,
        target_id=target.id,
        person_id=target.person_id,
        reason=given.reason,
        message=given.message,
        before=change.before,
        after=change.after,
        undoes_id=change.undoes_id,
        at=at,
    )
    session.add(entry)
    session.flush()
    tells = name not in {*NOT_FOR_PERSON, *APPROVAL_DECISIONS}
    person_id = target.person_id if tells and target.person_id != by_id else None
    announce(ActionTaken(entry.id, name, person_id, at))
    return entry.id
