"""Rows of the record that nothing in the forum, and no consent, explains."""

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from forum.activity.models import ActivityEvent
from forum.meetings.room.models import Attendance
from forum.research.completeness.missing_events import POSTED, Statement, participant_facts
from forum.research.models import Consent, Participant, Study
from forum.threads.models import Post, Reaction

REACTED = ("reaction_given", "reaction_received")
COMPARED = (*POSTED, *REACTED, "group_joined", "group_left", "meeting_attended")
FROM_NOW_ON = ("signed_in", "session", "thread_read", "private_message_sent")


def _rows(*kinds: str) -> Statement:
    """Select rows of the record, of some kinds or of all."""
    found = participant_facts(ActivityEvent.at, ActivityEvent.id, ActivityEvent.kind).join(
        ActivityEvent, ActivityEvent.participant == Participant.key
    )
    return found.where(ActivityEvent.kind.in_(kinds)) if kinds else found


def duplicates() -> Statement:
    """Select rows that say what another one says.

    Of one post's reactions several can have been given at the very same moment, as an import tells
    them, and who gave them is not in the row: there may be as many rows as reactions.
    """
    other = aliased(ActivityEvent)
    reactions = (
        select(func.count())
        .where(
            Reaction.post_id == ActivityEvent.post_id,
            Reaction.kind == ActivityEvent.reaction,
            Reaction.created_at == ActivityEvent.at,
        )
        .correlate(ActivityEvent)
        .scalar_subquery()
    )
    same = (
        getattr(other, name).is_not_distinct_from(getattr(ActivityEvent, name))
        for name in ("kind", "group_id", "post_id", "meeting_id", "reaction")
    )
    before = (
        select(func.count())
        .where(
            other.participant == ActivityEvent.participant,
            other.at == ActivityEvent.at,
            other.id < ActivityEvent.id,
            *same,
        )
        .correlate(ActivityEvent)
        .scalar_subquery()
    )
    allowed = case(
        (and_(ActivityEvent.kind == "reaction_received", reactions > 1), reactions), else_=1
    )
    return _rows(*COMPARED).where(before >= allowed)


def without_post() -> Statement:
    """Select rows about posts that are not there, or not theirs, or from another moment."""
    theirs = Post.author_id == Participant.account_id
    return (
        _rows(*POSTED, *REACTED)
        .outerjoin(Post, Post.id == ActivityEvent.post_id)
        .where(
            or_(
                Post.id.is_(None),
                and_(
                    ActivityEvent.kind.in_((*POSTED, "reaction_received")),
                    or_(Post.author_id.is_(None), ~theirs),
                ),
                and_(ActivityEvent.kind.in_(POSTED), Post.created_at != ActivityEvent.at),
            )
        )
    )


def without_attendance() -> Statement:
    """Select meetings attended in which they have not been."""
    return _rows("meeting_attended").where(
        ~exists().where(
            Attendance.meeting_id == ActivityEvent.meeting_id,
            Attendance.account_id == Participant.account_id,
            Attendance.joined_at == ActivityEvent.at,
        )
    )


def without_consent() -> Statement:
    """Select rows that their consent does not permit."""
    before = and_(
        ActivityEvent.at < Consent.given_at,
        or_(Consent.past.is_(False), ActivityEvent.kind.in_(FROM_NOW_ON)),
    )
    return (
        _rows()
        .outerjoin(Consent, Consent.id == ActivityEvent.consent_id)
        .where(
            or_(
                Consent.id.is_(None),
                Consent.participant != Participant.key,
                Consent.record.is_(False),
                before,
                ActivityEvent.at > Consent.ended_at,
                ActivityEvent.at > Study.closed_at,
            )
        )
    )
