"""Who may act on whom and who sees what was done; when a second person is needed."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups
from forum.moderation.actions.action import Action
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.role_ranks import FACILITATOR, MODERATOR
from forum.moderation.actions.targets import PERSON
from forum.moderation.models import AccessLogEntry, Appeal, AuditLogEntry, PendingAction

ALONE, WITH_SECOND, REFUSED = "alone", "with_second", "refused"
STRICTEST_FIRST = (REFUSED, WITH_SECOND, ALONE)
REASON_MAX, MESSAGE_MAX = 500, 2000
UNDO = "undo"
# Decided by `threads.approval`, and told to the author by it.
APPROVE, DECLINE = "approve", "decline"
APPROVE_EDIT, DECLINE_EDIT = "approve_edit", "decline_edit"
APPROVAL_DECISIONS = {
    APPROVE: "A post was shown after a first look",
    DECLINE: "A post was not shown after a first look",
    APPROVE_EDIT: "An edit of a post was approved",
    DECLINE_EDIT: "An edit of a post was declined",
}
# What became of a proposal, besides being confirmed; nothing was done then.
PENDING_FOR = timedelta(days=14)
APPROVED = "confirmed"
DECLINED, WITHDRAWN, EXPIRED = (
    "approval_declined",
    "approval_withdrawn",
    "approval_expired",
)
CLOSED = {
    DECLINED: "A proposal was declined",
    WITHDRAWN: "A proposal was taken back",
    EXPIRED: "A proposal lapsed: nobody had answered it for 14 days",
}
LABELS = (
    {name: action.done for name, action in ACTIONS.items()}
    | APPROVAL_DECISIONS
    | {UNDO: "An action was undone"}
    | CLOSED
)
# What only moderators read, and what is between all who look after a group: neither is for the
# person concerned.
INTERNAL = tuple(name for name, action in ACTIONS.items() if not action.tells_person)
NOT_FOR_PERSON = (*INTERNAL, *CLOSED)


def decide(action: Action, by: int, person: int, *, own: bool = False) -> str:
    """Say whether somebody of rank `by` may act on somebody of rank `person`, and how.

    Nobody moderates somebody of the same or a higher rank alone; one's own words are one's own,
    but nobody shows them again alone, or lifts alone what was imposed on themselves. Roles are
    taken and members removed from above only; but anyone can step down.
    """
    if by < action.least:
        return REFUSED
    if action.from_above:
        return ALONE if person < by or (own and action.asks) else REFUSED
    over_own = own and action.own_alone and action.on != PERSON
    if action.needs_second or (person >= by and not over_own):
        return WITH_SECOND
    return ALONE


def may_approve(action: Action, second: int, *, is_first: bool, is_person: bool) -> bool:
    """Whether somebody may be the second: allowed the action, not the first, not concerned."""
    return second >= action.least and not is_first and not is_person


def may_undo(
    action: Action,
    by: int,
    person: int,
    *,
    is_first: bool,
    is_second: bool,
    is_person: bool,
    asked: bool = False,
) -> bool:
    """Whether somebody of rank `by` may undo an action on somebody of rank `person`.

    As for the action itself, and whoever confirmed it may. What others have done to oneself, one
    never undoes; what one did to one's own words, one undoes alone. `asked` by the person
    concerned, it needs no second.
    """
    if by < action.least or (is_person and not is_first):
        return False
    return is_person or asked or is_second or decide(action, by, person) == ALONE


def least_rank(name: str) -> int:
    """Return the rank that it takes to do what a row of the log says, or to think again of it."""
    if name in ACTIONS:
        return ACTIONS[name].least
    return FACILITATOR if name in APPROVAL_DECISIONS else MODERATOR


def may_perform(
    viewer_id: ViewerId, group_id: SQLColumnExpression[Any], action: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    """Condition on a row left-joined with Group: their role is enough for its action."""
    small = [name for name in LABELS if least_rank(name) <= FACILITATOR]
    return or_(
        accounts.administers(viewer_id),
        and_(group_id.is_not(None), groups.is_moderator(viewer_id)),
        and_(
            group_id.is_not(None),
            groups.moderates(viewer_id),
            or_(*(action == name for name in small)),
        ),
    )


def may_answer_pending(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on PendingAction, left-joined with Group: it waits for this person, among others.

    Not for the one who proposed it, nor for the one whom it is about.
    """
    return and_(
        PendingAction.decided_at.is_(None),
        PendingAction.by_id != viewer_id,
        PendingAction.person_id.is_distinct_from(viewer_id),
        may_perform(viewer_id, PendingAction.group_id, PendingAction.action),
    )


def may_answer_appeal(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on AuditLogEntry with its Appeal, left-joined with Group: it waits for this person.

    Not for those who acted, nor for the one who objects.
    """
    return and_(
        Appeal.answered_at.is_(None),
        AuditLogEntry.by_id.is_distinct_from(viewer_id),
        AuditLogEntry.approver_id.is_distinct_from(viewer_id),
        AuditLogEntry.person_id.is_distinct_from(viewer_id),
        may_perform(viewer_id, AuditLogEntry.group_id, AuditLogEntry.action),
    )


def sees_log(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on AuditLogEntry, left-joined with Group: actions in the groups one moderates.

    Notes are for those who moderate, and so is what was not done in the end, unless one proposed
    it. What others did to oneself is not here: it would name them.
    """
    small = or_(
        and_(*(AuditLogEntry.action != action for action in NOT_FOR_PERSON)),
        AuditLogEntry.by_id == viewer_id,
    )
    there = or_(groups.is_moderator(viewer_id), and_(groups.moderates(viewer_id), small))
    return _sees(viewer_id, AuditLogEntry, there)


def sees_access_log(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on AccessLogEntry, left-joined with Group: as `sees_log`."""
    return _sees(viewer_id, AccessLogEntry, groups.moderates(viewer_id))


def _sees(
    viewer_id: ViewerId, row: type[AuditLogEntry | AccessLogEntry], there: ColumnElement[bool]
) -> ColumnElement[bool]:
    return and_(
        or_(accounts.administers(viewer_id), and_(row.group_id.is_not(None), there)),
        or_(row.person_id.is_distinct_from(viewer_id), row.by_id == viewer_id),
    )


def concerns(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on AuditLogEntry: done to this person or their words, and theirs to know."""
    return and_(
        AuditLogEntry.person_id == viewer_id,
        *(AuditLogEntry.action != action for action in NOT_FOR_PERSON),
    )
