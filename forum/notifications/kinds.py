"""What a member can be told besides posts: for each kind its words, its place, and who may see it.

Such a notification has an `about_id` instead of a post: the number of a row that only its kind
knows. Like a post's, its line is shown only while that row may be seen. Slices above this one add
theirs in `forum/wiring.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, literal, not_, select

from forum.accounts.policy import ViewerId, only
from forum.groups.models import Group, Membership
from forum.meetings import policy as meetings
from forum.meetings.models import Meeting
from forum.moderation import policy as moderation
from forum.moderation import queue_policy
from forum.moderation.models import LogRow, Objection, Proposal
from forum.moderation.queue_models import QueueEntry, Report
from forum.safety import policy as safety
from forum.safety.models import CareNote
from forum.threads import policy as threads
from forum.threads.models import APPROVED, DECLINED, Post, PostReview, Thread

Visible = Callable[[ViewerId, SQLColumnExpression[Any]], ColumnElement[bool]]
Title = Callable[[SQLColumnExpression[Any]], SQLColumnExpression[Any]]


@dataclass(frozen=True)
class Kind:
    """How one kind of notification is told.

    `words` may hold {title}, which `title` finds for an about_id; `address` holds {id}, or finds
    the address for an about_id.
    """

    words: str
    address: str | Callable[[int], str]
    icon: str
    title: Title
    visible: Visible


def _meeting_title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return select(Meeting.title).where(Meeting.id == about_id).scalar_subquery()


def _meeting_visible(
    account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    its_group = only(Group, Group.id == Meeting.group_id, meetings.visible_to(account_id))
    return only(Meeting, Meeting.id == about_id, its_group)


def _meeting(words: str) -> Kind:
    return Kind(words, "/meetings/{id}", "users", _meeting_title, _meeting_visible)


def _note_group(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return (
        select(Group.name)
        .join(CareNote, CareNote.group_id == Group.id)
        .where(CareNote.id == about_id)
        .scalar_subquery()
    )


def _note_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    of_group = only(Group, Group.id == CareNote.group_id, safety.note_visible_to(account_id))
    return only(CareNote, CareNote.id == about_id, of_group)


def _care(words: str) -> Kind:
    return Kind(words, "/safety/notes/{id}", "heart-handshake", _note_group, _note_visible)


def _act_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return only(LogRow, LogRow.id == about_id, moderation.concerns(account_id))


def _act(words: str) -> Kind:
    return Kind(
        words, "/moderation/mine#act-{id}", "shield-check", lambda _about_id: literal(""),
        _act_visible,
    )  # fmt: skip


def _answered(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return only(
        Report,
        Report.id == about_id,
        Report.reporter_id == account_id,
        Report.answered_at.is_not(None),
    )


def _post_title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return (
        select(case((Thread.title_hidden, threads.REMOVED_TITLE), else_=Thread.title))
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.id == about_id)
        .scalar_subquery()
    )


def _looked_at(outcome: str) -> Visible:
    def visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        decided = only(PostReview, PostReview.post_id == Post.id, PostReview.outcome == outcome)
        return only(
            Post,
            Post.id == about_id,
            Post.author_id == account_id,
            Post.deleted_at.is_(None),
            decided,
        )

    return visible


def _own(account_id: ViewerId, about_id: SQLColumnExpression[Any], *, seen: bool) -> Any:
    """Condition: the account's own post, which it may see at its place now, or may not."""
    there = only(Group, Group.id == Thread.group_id, threads.visible_to(account_id))
    sees = only(Thread, Thread.id == Post.thread_id, there)
    return only(
        Post,
        Post.id == about_id,
        Post.author_id == account_id,
        Post.deleted_at.is_(None),
        sees if seen else not_(sees),
    )


def _group_name(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    name = select(Group.name).where(Group.id == about_id)
    return name.correlate_except(Group).scalar_subquery()


def _belongs(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return only(Membership, Membership.group_id == about_id, Membership.account_id == account_id)


def _its_group(row: type[QueueEntry | Proposal | LogRow]) -> Title:
    """What the group of a row is called; of one without a group, "this community"."""

    def title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
        name = select(Group.name).join(row, row.group_id == Group.id).where(row.id == about_id)
        return func.coalesce(name.scalar_subquery(), "this community")

    return title


def _waits_for(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    entry = (
        select(QueueEntry.id)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(
            QueueEntry.id == about_id,
            QueueEntry.resolved_at.is_(None),
            queue_policy.visible_to(account_id),
        )
        .correlate_except(QueueEntry, Group)
    )
    return entry.exists()


def _proposal_waits(
    account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    proposal = (
        select(Proposal.id)
        .outerjoin(Group, Group.id == Proposal.group_id)
        .where(Proposal.id == about_id, moderation.decides_proposal(account_id))
        .correlate_except(Proposal, Group)
    )
    return proposal.exists()


def _proposed(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    row = (
        select(LogRow.id)
        .outerjoin(Group, Group.id == LogRow.group_id)
        .where(
            LogRow.id == about_id,
            LogRow.by_id == account_id,
            moderation.sees_log(account_id),
        )
        .correlate_except(LogRow, Group)
    )
    return row.exists()


def _proposal(words: str) -> Kind:
    return Kind(words, "/moderation/log#act-{id}", "shield-check", _its_group(LogRow), _proposed)


def _objection_waits(
    account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    objection = (
        select(LogRow.id)
        .join(Objection, Objection.log_id == LogRow.id)
        .outerjoin(Group, Group.id == LogRow.group_id)
        .where(LogRow.id == about_id, moderation.decides_objection(account_id))
        .correlate_except(LogRow, Objection, Group)
    )
    return objection.exists()


ACT, OBJECTION, CRISIS = "act", "objection", "crisis"
PROPOSAL_WAITS, OBJECTION_WAITS = "proposal_waits", "objection_waits"
PROPOSAL_DONE, PROPOSAL_DECLINED = "proposal_done", "proposal_declined"
PROPOSAL_LAPSED = "proposal_lapsed"
MEETING_SOON, REPORT = "meeting_soon", "report"
MEETING_MOVED, MEETING_CANCELLED = "meeting_moved", "meeting_cancelled"
CARE_NOTE, CARE_ANSWER = "care_note", "care_answer"
POST_APPROVED, POST_DECLINED = "post_approved", "post_declined"
EDIT_APPROVED, EDIT_DECLINED = "edit_approved", "edit_declined"
POST_MOVED, MOVED_AWAY = "post_moved", "moved_away"
STUDY_LEFT = "study_left"
KINDS: dict[str, Kind] = {
    MEETING_SOON: _meeting("“{title}” starts soon"),
    MEETING_MOVED: _meeting("“{title}” has moved to another time"),
    MEETING_CANCELLED: _meeting("“{title}” was cancelled"),
    ACT: _act("A moderator did something about you or your words; here is why"),
    OBJECTION: _act("Somebody else has looked at your objection"),
    PROPOSAL_WAITS: Kind(
        "Something in {title} waits for a second person, who could be you",
        "/moderation/log#proposal-{id}",
        "shield-check",
        _its_group(Proposal),
        _proposal_waits,
    ),
    PROPOSAL_DONE: _proposal("What you proposed in {title} was confirmed, and is done"),
    PROPOSAL_DECLINED: _proposal("What you proposed in {title} was declined, and is not done"),
    PROPOSAL_LAPSED: _proposal(
        "Nobody answered what you proposed in {title} for 14 days, so it has lapsed"
    ),
    OBJECTION_WAITS: Kind(
        "Somebody in {title} asks for another look at what was done",
        "/moderation/log#objection-{id}",
        "shield-check",
        _its_group(LogRow),
        _objection_waits,
    ),
    CARE_NOTE: _care("Those who look after {title} have written to you"),
    CARE_ANSWER: _care("Somebody in {title} has answered your note"),
    POST_APPROVED: Kind(
        "What you wrote in “{title}” has been looked at and is shown now",
        "/posts/{id}",
        "shield-check",
        _post_title,
        _looked_at(APPROVED),
    ),
    POST_DECLINED: Kind(
        "What you wrote in “{title}” was not shown; here you can read why",
        "/posts/{id}",
        "heart-handshake",
        _post_title,
        _looked_at(DECLINED),
    ),
    EDIT_APPROVED: Kind(
        "Your edit in “{title}” was approved and is shown now",
        "/posts/{id}",
        "shield-check",
        _post_title,
        partial(_own, seen=True),
    ),
    EDIT_DECLINED: Kind(
        "Your edit in “{title}” was not approved; here you can read why",
        "/posts/{id}/edit",
        "heart-handshake",
        _post_title,
        partial(_own, seen=True),
    ),
    POST_MOVED: Kind(
        "What you wrote has been moved; it is here now",
        "/posts/{id}",
        "shield-check",
        lambda _about_id: literal(""),
        partial(_own, seen=True),
    ),
    MOVED_AWAY: Kind(
        "A conversation in which you wrote has moved to a group that you are not in; your words "
        "are in what you can download",
        "/account/data",
        "shield-check",
        lambda _about_id: literal(""),
        partial(_own, seen=False),
    ),
    CRISIS: Kind(
        "Somebody in {title} may be in danger",
        "/moderation/queue/{id}",
        "life-buoy",
        _its_group(QueueEntry),
        _waits_for,
    ),
    REPORT: Kind(
        "Somebody has looked at what you reported",
        "/moderation/reports/mine#report-{id}",
        "shield-check",
        lambda _about_id: literal(""),
        _answered,
    ),
    STUDY_LEFT: Kind(
        "“{title}” has left a study that you take part in; what you gave is yours to keep or erase",
        "/account#studies-title",
        "heart-handshake",
        _group_name,
        _belongs,
    ),
}
