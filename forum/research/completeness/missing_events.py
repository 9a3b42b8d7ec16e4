"""What participants did, as far as their consent covers it, and the record does not tell."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, or_, select
from sqlalchemy.orm import aliased

from forum.activity.models import ActivityEvent
from forum.groups.models import Membership
from forum.meetings.models import Meeting
from forum.meetings.room.lifecycle.state_machine import NOT_HELD
from forum.meetings.room.models import Attendance
from forum.messages.models import PrivateMessage
from forum.research.models import OPEN, Consent, Participant, Study, StudyGroup
from forum.threads import policy as threads
from forum.threads.models import Post, Reaction, Thread

POSTED = ("thread_started", "reply_posted")
Statement: TypeAlias = Select[*tuple[Any, ...]]


def participant_facts(
    at: SQLColumnExpression[datetime], *columns: SQLColumnExpression[Any]
) -> Statement:
    """Select from participants and their study; `at` is when what is looked for happened."""
    return select(
        Study.id.label("study_id"),
        Study.slug,
        Participant.key.label("participant"),
        at.label("at"),
        *columns,
    ).join(Participant, Participant.study_id == Study.id)


def _covered(at: SQLColumnExpression[datetime]) -> ColumnElement[bool]:
    """Condition on StudyGroup: a consent was in force then, or includes what was before it.

    In a group that has left the study, only what was before that counts.
    """
    consent = aliased(Consent)
    in_force = and_(
        consent.given_at <= at,
        or_(consent.ended_at.is_(None), at < consent.ended_at),
        or_(Study.closed_at.is_(None), at < Study.closed_at),
        _still_in(at),
    )
    before = and_(consent.past, at <= consent.given_at, _still_in(consent.given_at))
    return exists().where(
        consent.participant == Participant.key, consent.record, or_(in_force, before)
    )


def _still_in(at: Any) -> ColumnElement[bool]:
    return or_(StudyGroup.left_at.is_(None), at < StudyGroup.left_at)


def _never_moved() -> ColumnElement[bool]:
    # The record says where something happened then, and a conversation may have moved since.
    return Thread.reload_version == 0


def is_missing(kinds: tuple[str, ...], at: Any, *same: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition: of such an act at that very moment there is no row."""
    return ~exists().where(
        ActivityEvent.participant == Participant.key,
        ActivityEvent.at == at,
        ActivityEvent.kind.in_(kinds),
        *same,
    )


def posts() -> Statement:
    """Select posts that are not recorded."""
    at = Post.created_at
    return (
        participant_facts(at, Post.id.label("post_id"))
        .join(StudyGroup, StudyGroup.study_id == Study.id)
        .join(Thread, Thread.group_id == StudyGroup.group_id)
        .join(Post, and_(Post.thread_id == Thread.id, Post.author_id == Participant.account_id))
        .where(
            threads.was_published(),
            _never_moved(),
            _covered(at),
            is_missing(POSTED, at, ActivityEvent.post_id == Post.id),
        )
    )


def reactions(kind: str, whose: Any) -> Statement:
    """Select reactions that are not recorded; `whose` is who gave or received them."""
    at = Reaction.created_at
    same = (ActivityEvent.post_id == Post.id, ActivityEvent.reaction == Reaction.kind)
    return (
        participant_facts(at, Post.id.label("post_id"), Reaction.kind.label("reaction"))
        .join(StudyGroup, StudyGroup.study_id == Study.id)
        .join(Thread, Thread.group_id == StudyGroup.group_id)
        .join(Post, Post.thread_id == Thread.id)
        .join(Reaction, Reaction.post_id == Post.id)
        .where(
            whose == Participant.account_id,
            _never_moved(),
            _covered(at),
            is_missing((kind,), at, *same),
        )
    )


def joinings() -> Statement:
    """Select joinings that are not recorded."""
    at = Membership.joined_at
    return (
        participant_facts(at, Membership.group_id)
        .join(StudyGroup, StudyGroup.study_id == Study.id)
        .join(
            Membership,
            and_(
                Membership.group_id == StudyGroup.group_id,
                Membership.account_id == Participant.account_id,
            ),
        )
        .where(
            _covered(at),
            is_missing(("group_joined",), at, ActivityEvent.group_id == Membership.group_id),
        )
    )


def departures() -> Statement:
    """Select who joined under a consent that is in force, is not there now, and did not leave."""
    joined, left = aliased(ActivityEvent), aliased(ActivityEvent)
    return (
        participant_facts(joined.at, joined.group_id)
        .join(StudyGroup, StudyGroup.study_id == Study.id)
        .join(
            joined,
            and_(
                joined.participant == Participant.key,
                joined.kind == "group_joined",
                joined.group_id == StudyGroup.group_id,
            ),
        )
        .join(Consent, and_(Consent.id == joined.consent_id, Consent.ended_at.is_(None)))
        .where(
            Study.state == OPEN,
            StudyGroup.left_at.is_(None),
            ~exists().where(
                Membership.account_id == Participant.account_id,
                Membership.group_id == joined.group_id,
                Membership.joined_at == joined.at,
            ),
            ~exists().where(
                left.participant == Participant.key,
                left.kind == "group_left",
                left.group_id == joined.group_id,
                left.at >= joined.at,
            ),
        )
    )


def attendance() -> Statement:
    """Select who was in a meeting that was over while the same consent was in force."""
    consent = aliased(Consent)
    covered = exists().where(
        consent.participant == Participant.key,
        consent.record,
        consent.given_at <= Attendance.joined_at,
        or_(consent.ended_at.is_(None), Meeting.closed_at < consent.ended_at),
        or_(Study.closed_at.is_(None), Meeting.closed_at < Study.closed_at),
        _still_in(Meeting.closed_at),
    )
    at = Attendance.joined_at
    return (
        participant_facts(at, Meeting.closed_at.label("over_at"), Meeting.id.label("meeting_id"))
        .join(StudyGroup, StudyGroup.study_id == Study.id)
        .join(Meeting, Meeting.group_id == StudyGroup.group_id)
        .join(
            Attendance,
            and_(
                Attendance.meeting_id == Meeting.id,
                Attendance.account_id == Participant.account_id,
            ),
        )
        .where(
            Meeting.closed_at.is_not(None),
            Meeting.ended_because != NOT_HELD,
            covered,
            is_missing(("meeting_attended",), at, ActivityEvent.meeting_id == Meeting.id),
        )
    )


def private_messages() -> Statement:
    """Select private messages that are still there, sent under a consent, and not recorded.

    They belong to no group, and count while their author is in one that is studied.
    """
    consent = aliased(Consent)
    at = PrivateMessage.created_at
    covered = exists().where(
        consent.participant == Participant.key,
        consent.record,
        consent.private_messages,
        consent.given_at <= at,
        or_(consent.ended_at.is_(None), at < consent.ended_at),
        or_(Study.closed_at.is_(None), at < Study.closed_at),
    )
    there = exists().where(
        StudyGroup.study_id == Study.id,
        _still_in(at),
        Membership.group_id == StudyGroup.group_id,
        Membership.account_id == Participant.account_id,
        Membership.joined_at <= at,
    )
    return (
        participant_facts(at)
        .join(PrivateMessage, PrivateMessage.author_id == Participant.account_id)
        .where(covered, there, is_missing(("private_message_sent",), at))
    )
