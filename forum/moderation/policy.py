"""Who may act on whom and who sees what was done; when a second person is needed."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups
from forum.moderation.acts import ACTS, FACILITATOR, PERSON, Act
from forum.moderation.models import LogRow, Look

ALONE, WITH_SECOND, REFUSED = "alone", "with_second", "refused"
STRICTEST_FIRST = (REFUSED, WITH_SECOND, ALONE)
REASON_MAX, MESSAGE_MAX = 500, 2000
SLOW_MOST, DAYS_MOST = 3600, 365
UNDO = "undo"
# Decided by `threads.review`, and told to the author by it.
APPROVE, DECLINE = "approve", "decline"
FIRST_LOOKS = {
    APPROVE: "A post was shown after a first look",
    DECLINE: "A post was not shown after a first look",
}
DONE = {name: act.done for name, act in ACTS.items()} | FIRST_LOOKS | {UNDO: "An act was undone"}
# What is between those who look after a group, and so not shown to the person concerned.
INTERNAL = tuple(name for name, act in ACTS.items() if not act.told)


def decide(act: Act, by: int, person: int, *, own: bool = False) -> str:
    """Say whether somebody of rank `by` may act on somebody of rank `person`, and how.

    Nobody moderates somebody of the same or a higher rank alone; one's own words are one's own,
    but nobody shows them again alone, or lifts alone what was imposed on themselves.
    """
    if by < act.least:
        return REFUSED
    over_own = own and act.own and act.on != PERSON
    if act.second or (person >= by and not over_own):
        return WITH_SECOND
    return ALONE


def may_confirm(act: Act, second: int, *, is_first: bool, is_person: bool) -> bool:
    """Whether somebody may be the second: allowed the act, not the first, not concerned."""
    return second >= act.least and not is_first and not is_person


def does(
    viewer_id: ViewerId, group_id: SQLColumnExpression[Any], act: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    """Condition on a row left-joined with Group: the person's role is enough for its act there."""
    small = [name for name, what in ACTS.items() if what.least <= FACILITATOR] + [*FIRST_LOOKS]
    return or_(
        accounts.administers(viewer_id),
        and_(group_id.is_not(None), groups.moderates(viewer_id)),
        and_(group_id.is_not(None), groups.looks_after(viewer_id), act.in_(small)),
    )


def sees_log(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on LogRow, left-joined with Group: acts in the groups that one looks after.

    Notes are for those who moderate. What others did to oneself is not here: it would name them.
    """
    there = or_(
        groups.moderates(viewer_id),
        and_(groups.looks_after(viewer_id), LogRow.act.not_in(INTERNAL)),
    )
    return _sees(viewer_id, LogRow, there)


def sees_looks(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Look, left-joined with Group: as `sees_log`, for who looked at what."""
    return _sees(viewer_id, Look, groups.looks_after(viewer_id))


def _sees(
    viewer_id: ViewerId, row: type[LogRow | Look], there: ColumnElement[bool]
) -> ColumnElement[bool]:
    return and_(
        or_(accounts.administers(viewer_id), and_(row.group_id.is_not(None), there)),
        or_(row.person_id.is_distinct_from(viewer_id), row.by_id == viewer_id),
    )


def concerns(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on LogRow: done to this person or their words, and theirs to know."""
    return and_(LogRow.person_id == viewer_id, *(LogRow.act != act for act in INTERNAL))
