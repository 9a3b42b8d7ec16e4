"""Taking an action: done and logged in one transaction, so neither exists without the other."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import announce
from forum.core.translation import _
from forum.moderation import limits
from forum.moderation.actions import log_entries, policy, role_ranks, targets
from forum.moderation.actions.action import Action, Given
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import PERSON, ROOM, Target
from forum.moderation.events import SecondApprovalRequested
from forum.moderation.models import PendingAction


@dataclass(frozen=True)
class Outcome:
    """An action's row in the log, or what waits for a second person."""

    log_entry_id: int | None = None
    pending_action_id: int | None = None


def take_action(  # noqa: PLR0913 - all that the form of an action holds
    viewer: Viewer,
    name: str,
    target_id: int,
    *,
    group_id: int | None = None,
    person_id: int | None = None,
    reason: str = "",
    message: str = "",
    value: str = "",
    shown: str = "",
) -> Outcome:
    """Do something to what is said or to a person, or ask for a second approval where one is due.

    `group_id` is where, for a person, and `person_id` who, in a room; `value` is what the action
    asks for; `shown` is the version of what the form showed. Raises EditConflict, Invalid,
    LoginNeeded, Forbidden, NotFound, and Conflict when it is so already.
    """
    by_id = member_id(viewer)
    if name not in ACTIONS or ACTIONS[name].by_itself:
        raise Invalid(fields={"action": _("Choose what to do.")})
    action = ACTIONS[name]
    given = replace(_checked(action, reason, message, value), shown=shown)
    with transaction() as session:
        if action.on == PERSON:
            group_id = _group_of(session, action, by_id, group_id)
        target_id, value = action.lock_first(session, viewer, target_id, given.value)
        given = replace(given, value=value)
        target = targets.lock(
            session,
            viewer,
            action.on,
            target_id,
            group_id,
            person_id,
            has_left=group_id is not None
            and action.reaches_former_member(session, target_id, group_id),
            emptied=action.on_deleted,
        )
        people = action.people(session, target, given.value)
        target = replace(target, person_id=people[0] if people else None)
        how = _decide(session, action, by_id, target.group_id, people)
        if how == policy.REFUSED:
            raise Forbidden(_("Only the group's moderators can do that."), code="not_yours")
        if action.on == ROOM and (how != policy.ALONE or target.person_id == by_id):
            raise Forbidden(
                _("You can only do this to people with a lower role than yours."), code="rank"
            )
        if how == policy.WITH_SECOND:
            pending_id = _ask_for_second(session, by_id, action, target, given)
            return Outcome(pending_action_id=pending_id)
        entry_id = carry_out(session, viewer, action, target, given, by_id=by_id)
        return Outcome(log_entry_id=entry_id)


def carry_out(
    session: Session,
    viewer: Viewer,
    action: Action,
    target: Target,
    given: Given,
    *,
    by_id: int,
    approver_id: int | None = None,
) -> int:
    """Do an action that is allowed, with its row in the log; return that row's id."""
    by_ids = (by_id,) if approver_id is None else (by_id, approver_id)
    change = action.apply(session, viewer, target, given, by_ids)
    return log_entries.add_entry(
        session, action.name, target, given, change, by_id=by_id, approver_id=approver_id
    )


def _checked(action: Action, reason: str, message: str, value: str) -> Given:
    """Return what somebody gave for an action, fit to keep. Raises Invalid."""
    reason = text.one_line(reason, "reason", most=limits.REASON_MAX)
    message = text.checked(message, "message", most=limits.MESSAGE_MAX, name=_("The message"))
    if action.needs_reason and not reason:
        raise Invalid(
            fields={"reason": _("Please say why. The person and other moderators will read it.")}
        )
    return Given(reason, message, action.check(value))


def _group_of(session: Session, action: Action, by_id: int, group_id: int | None) -> int | None:
    """Return the group in which somebody acts on a person. Raises Invalid, Forbidden."""
    if not action.on_site and group_id is None:
        words = _("Choose this on the group's list of members.")
        raise Invalid(fields={"action": words})
    group_id = None if action.on_site else group_id
    if role_ranks.rank_of(session, by_id, group_id) < action.least:
        raise Forbidden(_("Only the group's moderators can do that."), code="not_yours")
    return group_id


def _decide(
    session: Session,
    action: Action,
    by_id: int,
    group_id: int | None,
    people: Collection[int | None],
) -> str:
    """Say how somebody may act on the words of these people: as on the highest of them."""
    rank, standings = role_ranks.rank_among(session, by_id, group_id, people or (None,))
    found = {
        policy.decide(action, rank, standing, own=person_id == by_id)
        for person_id, standing in standings.items()
    }
    return next(one for one in policy.STRICTEST_FIRST if one in found)


def _ask_for_second(
    session: Session, by_id: int, action: Action, target: Target, given: Given
) -> int:
    twin = select(PendingAction.id).where(
        PendingAction.action == action.name,
        PendingAction.target_kind == target.kind,
        PendingAction.target_id == target.id,
        PendingAction.group_id.is_not_distinct_from(target.group_id),
        PendingAction.decided_at.is_(None),
    )
    if session.scalar(twin) is not None:
        raise Conflict(_("This is already waiting for a second person."), code="already_proposed")
    pending = PendingAction(
        action=action.name,
        by_id=by_id,
        group_id=target.group_id,
        target_kind=target.kind,
        target_id=target.id,
        person_id=target.person_id,
        reason=given.reason,
        message=given.message,
        value=given.value,
        shown_version=given.shown,
        created_at=clock.now(),
    )
    session.add(pending)
    session.flush()
    announce(SecondApprovalRequested(pending.id, pending.created_at))
    return pending.id
