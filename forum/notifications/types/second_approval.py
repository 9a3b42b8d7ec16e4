"""An action that needs a second person: it waits for one, and what came of it."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from forum.accounts.policy import ViewerId
from forum.groups.models import Group
from forum.moderation import policy
from forum.moderation.events import ActProposed, ProposalClosed
from forum.moderation.models import LogRow, Proposal
from forum.moderation.second_approval import approvers
from forum.notifications import broadcasts
from forum.notifications.registry import NotificationType
from forum.notifications.titles import group_of


def _may_decide(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    pending = (
        select(Proposal.id)
        .outerjoin(Group, Group.id == Proposal.group_id)
        .where(Proposal.id == about_id, policy.decides_proposal(account_id))
        .correlate_except(Proposal, Group)
    )
    return pending.exists()


def _may_see_outcome(
    account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    row = (
        select(LogRow.id)
        .outerjoin(Group, Group.id == LogRow.group_id)
        .where(LogRow.id == about_id, LogRow.by_id == account_id, policy.sees_log(account_id))
        .correlate_except(LogRow, Group)
    )
    return row.exists()


def _approvers(event: ActProposed) -> Iterable[int]:
    return approvers.who_decides_proposal(event.proposal_id)


def _show_to_approvers(event: ActProposed | ProposalClosed) -> None:
    broadcasts.show_about(WAITING.name, event.proposal_id)


def _proposer_when(outcome: str) -> Callable[[ProposalClosed], Iterable[int | None]]:
    return lambda event: [event.by_id] if event.how == outcome else []


def _outcome(name: str, outcome: str, text: str) -> NotificationType:
    return NotificationType(
        name=name,
        text=text,
        address="/moderation/log#act-{id}",
        icon="shield-check",
        title=group_of(LogRow),
        visible=_may_see_outcome,
        about="log_id",
        sent_on={ProposalClosed: _proposer_when(outcome)},
    )


WAITING = NotificationType(
    name="proposal_waits",
    text="Something in {title} waits for a second person, who could be you",
    address="/moderation/log#proposal-{id}",
    icon="shield-check",
    title=group_of(Proposal),
    visible=_may_decide,
    about="proposal_id",
    sent_on={ActProposed: _approvers},
    badge_on={ActProposed: _show_to_approvers, ProposalClosed: _show_to_approvers},
)
OUTCOMES = (
    _outcome(
        "proposal_done",
        policy.CONFIRMED,
        "What you proposed in {title} was confirmed, and is done",
    ),
    _outcome(
        "proposal_declined",
        policy.DECLINED,
        "What you proposed in {title} was declined, and is not done",
    ),
    _outcome(
        "proposal_lapsed",
        policy.LAPSED,
        "Nobody answered what you proposed in {title} for 14 days, so it has lapsed",
    ),
)
