"""Actions: each is done and logged in one transaction, so that neither exists without the other."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts import policy as accounts
from forum.accounts.login import sessions
from forum.accounts.policy import Viewer, member_id
from forum.core import clock, ids, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import announce
from forum.core.web.forms import edit_conflicts
from forum.moderation import policy
from forum.moderation.actions import (
    action_targets,
    content_actions,
    membership_actions,
    thread_actions,
)
from forum.moderation.actions.action_targets import Target
from forum.moderation.actions.content_actions import ACTS, LIFTED, Action
from forum.moderation.events import ActionTaken, SecondApprovalRequested
from forum.moderation.models import AuditLogEntry, PendingAction
from forum.threads.limits import BODY_MAX, CONTENT_NOTE_MAX, TITLE_MAX, TITLE_MIN
from forum.threads.models import Post
from forum.threads.posts import moderator_edits

TEXTS = ("note", "body", "title")


@dataclass(frozen=True)
class Given:
    """Why something is done, what the person is told, and the value that the action asks for.

    `shown` is the version of what the form showed of the subject.
    """

    reason: str
    message: str
    value: str
    shown: str = ""


@dataclass(frozen=True)
class Change:
    """The part of the subject's state that was set, and the action that is undone, if any."""

    before: dict[str, Any]
    after: dict[str, Any]
    undoes_id: int | None = None


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
    """Do something to what is said or to a person, or propose it where a second is needed.

    `group_id` is where, for a person, and `person_id` who, in a room; `value` is a content note,
    a title, seconds, days, a role, a group's address or a conversation's, or what `moves.chosen`
    makes of a split, as the action asks; `shown` is the version of what the form showed.
    Raises EditConflict, Invalid, LoginNeeded, Forbidden, NotFound, and Conflict when it is so
    already.
    """
    by_id = member_id(viewer)
    if name not in ACTS:
        raise Invalid(fields={"action": "Please choose what to do."})
    what, given = ACTS[name], checked(ACTS[name], reason, message, value)
    given = replace(given, shown=shown)
    if what.on == content_actions.PERSON and not what.site and group_id is None:
        raise Invalid(fields={"action": "Please choose this on the page of the group's members."})
    with transaction() as session:
        group_id = None if what.site else group_id
        by_rank = action_targets.rank_of(session, by_id, group_id)
        if what.on == content_actions.PERSON and by_rank < what.least:
            raise Forbidden("Only those who look after this group can do that.", code="not_yours")
        if name in thread_actions.NAMES:
            target_id, value = thread_actions.begin(session, viewer, name, target_id, given.value)
            given = replace(given, value=value)
        target = action_targets.find(
            session,
            viewer,
            what.on,
            target_id,
            group_id,
            person_id,
            has_left=membership_actions.reaches(session, what, target_id, group_id),
            emptied=name == policy.DELETE,
        )
        people = {target.person_id}
        if name in thread_actions.NAMES:
            target, people = thread_actions.concerned(session, name, target, given.value)
        how = _how(session, what, by_id, target.group_id, people)
        if how == policy.REFUSED:
            raise Forbidden("Only those who moderate this group can do that.", code="not_yours")
        if what.on == content_actions.ROOM and (how != policy.ALONE or target.person_id == by_id):
            raise Forbidden("You can do this to people whose role is below your own.", code="rank")
        if how == policy.WITH_SECOND:
            return Outcome(pending_action_id=_propose(session, by_id, name, target, given))
        return Outcome(log_entry_id=carry_out(session, viewer, name, target, given, by_id=by_id))


def _how(
    session: Session, what: Action, by_id: int, group_id: int | None, people: Collection[int | None]
) -> str:
    """Say how somebody may act on the words of these people: as on the highest of them."""
    rank = action_targets.rank_of(session, by_id, group_id)
    theirs = action_targets.standings_in(session, group_id, people or (None,))
    found = {
        policy.decide(what, rank, standing, own=person_id == by_id)
        for person_id, standing in theirs.items()
    }
    return next(one for one in policy.STRICTEST_FIRST if one in found)


def checked(what: Action, reason: str, message: str, value: str) -> Given:
    """Return what somebody gave for an action, fit to keep. Raises Invalid."""
    reason = text.one_line(reason, "reason", most=policy.REASON_MAX)
    message = text.checked(message, "message", most=policy.MESSAGE_MAX, name="The message")
    if what.on == content_actions.PERSON and what.because and not reason:
        raise Invalid(fields={"reason": "Please say why; the person and other moderators read it."})
    if what.asks == "note":
        value = text.one_line(value, "value", most=CONTENT_NOTE_MAX, name="The content note")
    elif what.asks == "body":
        value = text.checked(value, "body", least=1, most=BODY_MAX, name="The new words")
    elif what.asks == "title":
        value = text.one_line(value, "value", least=TITLE_MIN, most=TITLE_MAX, name="The new title")
    elif what.asks == "role":
        value = membership_actions.checked(value)
    elif what.asks in thread_actions.ASKED:
        value = thread_actions.checked(what.asks, value)
    elif what.asks:
        least, most = (
            (0, policy.SLOW_SECONDS_MAX) if what.asks == "seconds" else (1, policy.DAYS_MAX)
        )
        number = ids.number(value, 99_999)
        if number is None or not least <= number <= most:
            raise Invalid(fields={"value": f"Please give a number from {least} to {most}."})
    return Given(reason, message, value)


def carry_out(
    session: Session,
    viewer: Viewer,
    name: str,
    target: Target,
    given: Given,
    *,
    by_id: int,
    approver_id: int | None = None,
) -> int:
    """Do an action that is allowed, with its row in the log; return that row's id."""
    what, before = ACTS[name], dict[str, Any]()
    after = before
    if name in thread_actions.NAMES:
        before, after = thread_actions.carry_out(session, viewer, name, target, given.value)
    elif what.field:
        before = action_targets.state(session, target, what.field)
        if what.field == content_actions.STANDING:
            hands = (by_id,) if approver_id is None else (by_id, approver_id)
            after = membership_actions.wanted(session, name, target, given.value, hands)
        else:
            after = _wanted(name, given)
        if what.asks in TEXTS:
            current = str(before[what.field])
            now = {"The text": current}
            edit_conflicts.require_unchanged(given.shown, edit_conflicts.version_of(current), now)
        if action_targets.same(before, after) or (name in LIFTED and before["until"] is None):
            raise Conflict("Somebody has already done that.", code="already_done")
        action_targets.put(session, viewer, target, what.field, after, given.reason)
    elif name == policy.DELETE:
        moderator_edits.purge_post(viewer, target.id)
        _forget_words(session, target)
    elif name == "end_sessions":
        sessions.end(session, target.id)
    return write(
        session, name, target, given, Change(before, after), by_id=by_id, approver_id=approver_id
    )


def _forget_words(session: Session, target: Target) -> None:
    """Take the words of a post that is deleted for good, and its title's, out of the log."""
    opened = select(Post.thread_id).where(Post.id == target.id, Post.number == 1)
    rows = or_(
        and_(AuditLogEntry.target_kind == target.kind, AuditLogEntry.target_id == target.id),
        and_(
            AuditLogEntry.target_kind == content_actions.THREAD,
            AuditLogEntry.target_id.in_(opened),
            AuditLogEntry.before["title"].as_string().is_not(None),
        ),
    )
    emptied = update(AuditLogEntry).where(rows).values(before={}, after={})
    session.execute(emptied.execution_options(synchronize_session=False))


def write(
    session: Session,
    name: str,
    target: Target,
    given: Given,
    change: Change,
    *,
    by_id: int,
    approver_id: int | None = None,
) -> int:
    """Add a row to the log, and announce it to whom it concerns; return its id."""
    at = clock.now()
    row = AuditLogEntry(
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
    session.add(row)
    session.flush()
    told_here = name not in {*policy.NOT_FOR_PERSON, *policy.APPROVAL_DECISIONS}
    told = told_here and target.person_id != by_id
    announce(ActionTaken(row.id, name, target.person_id if told else None, at))
    return row.id


def _wanted(name: str, given: Given) -> dict[str, Any]:
    what = ACTS[name]
    if what.switch is not None:
        return {what.field: what.switch}
    if what.asks == "days":
        until = clock.now() + timedelta(days=int(given.value))
        return {"until": until.isoformat(), "because": given.reason}
    if what.asks:
        return {what.field: int(given.value) if what.asks == "seconds" else given.value}
    if name == "ban":
        return {"until": accounts.PERMANENT.isoformat(), "because": given.reason}
    return {"until": None, "because": ""}


def _propose(session: Session, by_id: int, name: str, target: Target, given: Given) -> int:
    twin = select(PendingAction.id).where(
        PendingAction.action == name,
        PendingAction.target_kind == target.kind,
        PendingAction.target_id == target.id,
        PendingAction.group_id.is_not_distinct_from(target.group_id),
        PendingAction.decided_at.is_(None),
    )
    if session.scalar(twin) is not None:
        raise Conflict("This waits for a second person already.", code="already_proposed")
    proposal = PendingAction(
        action=name,
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
    session.add(proposal)
    session.flush()
    announce(SecondApprovalRequested(proposal.id, proposal.created_at))
    return proposal.id
