"""Telling people what was done to them or their words, and what waits for another person."""

from forum.moderation import policy
from forum.moderation.events import (
    ActProposed,
    ActTaken,
    ObjectionAnswered,
    ObjectionMade,
    ProposalClosed,
)
from forum.moderation.second_approval import approvers
from forum.notifications.service import tell
from forum.notifications.types import (
    ACT,
    OBJECTION,
    OBJECTION_WAITS,
    PROPOSAL_DECLINED,
    PROPOSAL_DONE,
    PROPOSAL_LAPSED,
    PROPOSAL_WAITS,
)

_OUTCOMES = {
    policy.CONFIRMED: PROPOSAL_DONE,
    policy.DECLINED: PROPOSAL_DECLINED,
    policy.LAPSED: PROPOSAL_LAPSED,
}


def told_of_act(event: ActTaken) -> None:
    """Tell the person whom an act concerns."""
    if event.person_id is not None:
        tell([event.person_id], ACT, event.log_id, event.at)


def told_of_proposal(event: ActProposed) -> None:
    """Tell those who may confirm or decline an act that it waits for one of them."""
    deciders = approvers.who_decides_proposal(event.proposal_id)
    tell(deciders, PROPOSAL_WAITS, event.proposal_id, event.at)


def told_of_outcome(event: ProposalClosed) -> None:
    """Tell whoever proposed an act what came of it, unless they took it back."""
    if event.how in _OUTCOMES:
        tell([event.by_id], _OUTCOMES[event.how], event.log_id, event.at)


def told_of_objection(event: ObjectionMade) -> None:
    """Tell those who may look at an act again that somebody asks for it."""
    tell(approvers.who_decides_objection(event.log_id), OBJECTION_WAITS, event.log_id, event.at)


def told_of_answer(event: ObjectionAnswered) -> None:
    """Tell somebody that their objection was looked at."""
    tell([event.person_id], OBJECTION, event.log_id, event.at)
