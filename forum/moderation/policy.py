"""Who may act on whom and who sees what was done; when a second person is needed."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups
from forum.moderation.actions.content_actions import (
    ACTS,
    FACILITATOR,
    MODERATOR,
    PERSON,
    STANDING,
    Act,
)
from forum.moderation.models import LogRow, Look, Objection, Proposal

ALONE, WITH_SECOND, REFUSED = "alone", "with_second", "refused"
STRICTEST_FIRST = (REFUSED, WITH_SECOND, ALONE)
REASON_MAX, MESSAGE_MAX = 500, 2000
SLOW_MOST, DAYS_MOST = 3600, 365
UNDO, DELETE = "undo", "delete"
# Decided by `threads.approval`, and told to the author by it.
APPROVE, DECLINE = "approve", "decline"
APPROVE_EDIT, DECLINE_EDIT = "approve_edit", "decline_edit"
FIRST_LOOKS = {
    APPROVE: "A post was shown after a first look",
    DECLINE: "A post was not shown after a first look",
    APPROVE_EDIT: "An edit of a post was approved",
    DECLINE_EDIT: "An edit of a post was declined",
}
# What became of a proposal, besides being confirmed; nothing was done then.
PROPOSAL_HOLDS = timedelta(days=14)
CONFIRMED = "confirmed"
DECLINED, TAKEN_BACK, LAPSED = (
    "proposal_declined", "proposal_taken_back", "proposal_lapsed",
)  # fmt: skip
NOT_DONE = {
    DECLINED: "A proposal was declined",
    TAKEN_BACK: "A proposal was taken back",
    LAPSED: "A proposal lapsed: nobody had answered it for 14 days",
}
DONE = (
    {name: act.done for name, act in ACTS.items()}
    | FIRST_LOOKS
    | {UNDO: "An act was undone"}
    | NOT_DONE
)
# What only moderators read, and what is between all who look after a group: neither is for the
# person concerned.
INTERNAL = tuple(name for name, act in ACTS.items() if not act.told)
AMONG_US = (*INTERNAL, *NOT_DONE)


def decide(act: Act, by: int, person: int, *, own: bool = False) -> str:
    """Say whether somebody of rank `by` may act on somebody of rank `person`, and how.

    Nobody moderates somebody of the same or a higher rank alone; one's own words are one's own,
    but nobody shows them again alone, or lifts alone what was imposed on themselves. Roles are
    taken and members removed from above only; but anyone can step down.
    """
    if by < act.least:
        return REFUSED
    if act.field == STANDING:
        return ALONE if person < by or (own and act.asks) else REFUSED
    over_own = own and act.own and act.on != PERSON
    if act.second or (person >= by and not over_own):
        return WITH_SECOND
    return ALONE


def may_confirm(act: Act, second: int, *, is_first: bool, is_person: bool) -> bool:
    """Whether somebody may be the second: allowed the act, not the first, not concerned."""
    return second >= act.least and not is_first and not is_person


def may_undo(
    act: Act, by: int, person: int, *, is_first: bool, is_second: bool, is_person: bool,
    asked: bool = False,
) -> bool:  # fmt: skip
    """Whether somebody of rank `by` may undo an act on somebody of rank `person`.

    As for the act itself, and whoever confirmed it may. What others have done to oneself, one
    never undoes; what one did to one's own words, one does alone. `asked` by the person concerned,
    it needs no second.
    """
    if by < act.least or (is_person and not is_first):
        return False
    return is_person or asked or is_second or decide(act, by, person) == ALONE


def least(name: str) -> int:
    """Return the rank that it takes to do what a row of the log says, or to think again of it."""
    if name in ACTS:
        return ACTS[name].least
    return FACILITATOR if name in FIRST_LOOKS else MODERATOR


def does(
    viewer_id: ViewerId, group_id: SQLColumnExpression[Any], act: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    """Condition on a row left-joined with Group: the person's role is enough for its act there."""
    small = [name for name in DONE if least(name) <= FACILITATOR]
    return or_(
        accounts.administers(viewer_id),
        and_(group_id.is_not(None), groups.is_moderator(viewer_id)),
        and_(
            group_id.is_not(None),
            groups.moderates(viewer_id),
            or_(*(act == name for name in small)),
        ),
    )


def decides_proposal(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Proposal, left-joined with Group: it waits for this person, among others.

    Not for the one who proposed it, nor for the one whom it is about.
    """
    return and_(
        Proposal.answered_at.is_(None),
        Proposal.by_id != viewer_id,
        Proposal.person_id.is_distinct_from(viewer_id),
        does(viewer_id, Proposal.group_id, Proposal.act),
    )


def decides_objection(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on LogRow with its Objection, left-joined with Group: it waits for this person.

    Not for those who acted, nor for the one who objects.
    """
    return and_(
        Objection.answered_at.is_(None),
        LogRow.by_id.is_distinct_from(viewer_id),
        LogRow.second_id.is_distinct_from(viewer_id),
        LogRow.person_id.is_distinct_from(viewer_id),
        does(viewer_id, LogRow.group_id, LogRow.act),
    )


def sees_log(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on LogRow, left-joined with Group: acts in the groups that one looks after.

    Notes are for those who moderate, and so is what was not done in the end, unless one proposed
    it. What others did to oneself is not here: it would name them.
    """
    small = or_(and_(*(LogRow.act != act for act in AMONG_US)), LogRow.by_id == viewer_id)
    there = or_(groups.is_moderator(viewer_id), and_(groups.moderates(viewer_id), small))
    return _sees(viewer_id, LogRow, there)


def sees_looks(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Look, left-joined with Group: as `sees_log`, for who looked at what."""
    return _sees(viewer_id, Look, groups.moderates(viewer_id))


def _sees(
    viewer_id: ViewerId, row: type[LogRow | Look], there: ColumnElement[bool]
) -> ColumnElement[bool]:
    return and_(
        or_(accounts.administers(viewer_id), and_(row.group_id.is_not(None), there)),
        or_(row.person_id.is_distinct_from(viewer_id), row.by_id == viewer_id),
    )


def concerns(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on LogRow: done to this person or their words, and theirs to know."""
    return and_(LogRow.person_id == viewer_id, *(LogRow.act != act for act in AMONG_US))
