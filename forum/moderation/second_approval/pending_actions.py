"""What waits for a second person: it is confirmed, declined, taken back, or lapses."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.events import announce
from forum.moderation import policy
from forum.moderation.actions import action_targets, content_actions, service, thread_actions
from forum.moderation.actions.action_targets import Target
from forum.moderation.actions.content_actions import ACTS
from forum.moderation.actions.service import Change, Given
from forum.moderation.events import ProposalClosed
from forum.moderation.models import Proposal
from forum.moderation.second_approval import approvers, independence


def answer(viewer: Viewer, proposal_id: int, *, confirm: bool | None) -> int:
    """Confirm what somebody proposed, or decline it; return what the log says of it.

    Who proposed it can decline it too, and so take it back. Raises Invalid for None, NotFound,
    Forbidden for whoever else may not answer, Conflict.
    """
    me = member_id(viewer)
    with transaction() as session:
        found = session.get(Proposal, proposal_id)
        rank = (
            action_targets.rank_of(session, me, found.group_id)
            if found
            else content_actions.OUTSIDER
        )
        if found is None or rank < ACTS[found.act].least:
            raise NotFound
        is_first = found.by_id == me
        may_answer = policy.may_confirm(
            ACTS[found.act], rank, is_first=is_first, is_person=me in approvers.concerned(found)
        )
        if not may_answer and (confirm or not is_first):
            raise Forbidden("This needs somebody else's look.", code="not_yours")
        if not is_first and not approvers.may_be_second(session, found, me):
            raise Forbidden(independence.NOT_INDEPENDENT, code="not_independent")
        if confirm is None:
            raise Invalid(fields={"confirm": "Please confirm it or decline it."})
        if confirm:
            return _confirm(session, viewer, found, me)
        _take(session, found)
        return _close(session, found, policy.TAKEN_BACK if is_first else policy.DECLINED, me)


def let_lapse() -> None:
    """Close what nobody has answered for 14 days; the log and whoever proposed it are told."""
    old = (
        select(Proposal)
        .where(
            Proposal.answered_at.is_(None),
            Proposal.created_at <= clock.now() - policy.PROPOSAL_HOLDS,
        )
        .order_by(Proposal.id)
        .with_for_update(skip_locked=True)
    )
    with transaction() as session:
        for found in session.scalars(old).all():
            _close(session, found, policy.LAPSED, None)


def _confirm(session: Session, viewer: Viewer, found: Proposal, me: int) -> int:
    """Do what was proposed.

    Conversations are locked before proposals, and those before people, as by whoever moves a
    conversation or erases themselves, so that nobody waits in a circle.
    """
    _require_waiting(found)
    act = ACTS[found.act]
    if action_targets.rank_of(session, found.by_id, found.group_id) < act.least:
        raise Conflict("Whoever proposed this does not look after the group any longer.")
    if found.act in thread_actions.NAMES:
        thread_actions.begin(session, viewer, found.act, found.subject_id, found.value)
    if found.subject_kind == content_actions.PERSON:
        _take(session, found)
    target = action_targets.find(
        session,
        viewer,
        found.subject_kind,
        found.subject_id,
        found.group_id,
        emptied=found.act == policy.DELETE,
    )
    if found.subject_kind != content_actions.PERSON:
        _take(session, found)
    if found.act in thread_actions.NAMES:
        target, _ = thread_actions.concerned(session, found.act, target, found.value)
    found.answered_at, found.answered_by_id, found.confirmed = clock.now(), me, True
    session.flush()
    given = Given(found.reason, found.message, found.value, found.shown)
    log_id = service.carry_out(
        session, viewer, found.act, target, given, by_id=found.by_id, second_id=me
    )
    _tell(found, log_id, policy.CONFIRMED)
    return log_id


def _take(session: Session, found: Proposal) -> None:
    """Lock a proposal, unless it is gone or somebody was quicker. Raises NotFound, Conflict."""
    if session.scalar(select(Proposal.id).where(Proposal.id == found.id).with_for_update()) is None:
        raise NotFound
    session.refresh(found)
    _require_waiting(found)


def _require_waiting(found: Proposal) -> None:
    if found.answered_at is not None:
        raise Conflict("Somebody has already answered this.", code="already_done")


def _close(session: Session, found: Proposal, how: str, by_id: int | None) -> int:
    """Note that something is not done; the log keeps which act it was, and none of the words."""
    found.answered_at, found.answered_by_id = clock.now(), by_id
    target = Target(found.subject_kind, found.subject_id, found.group_id, found.person_id)
    log_id = service.write(
        session, how, target, Given(f"Proposed was: {ACTS[found.act].label}", "", ""),
        Change({}, {}), by_id=found.by_id, second_id=by_id if how == policy.DECLINED else None,
    )  # fmt: skip
    _tell(found, log_id, how)
    return log_id


def _tell(found: Proposal, log_id: int, how: str) -> None:
    at = found.answered_at or clock.now()
    announce(ProposalClosed(found.id, log_id, found.by_id, how, at))
