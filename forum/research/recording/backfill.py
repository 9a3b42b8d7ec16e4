"""What participants did that their consent covers and the record does not hold yet.

That is what they did before they agreed, where they want it included, and what an import has
brought in. Known of the past are memberships, posts and reactions; logins, reading and meetings
count from the consent on.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, true

from forum.activity import record_writer
from forum.activity.models import ActivityEvent
from forum.core import text
from forum.core.db import current_session, transaction
from forum.groups.models import Membership
from forum.research.completeness.missing_events import is_missing
from forum.research.models import OPEN, Consent, Participant, Study, StudyGroup
from forum.research.recording import event_recording
from forum.threads import policy as threads
from forum.threads.events import PostCreated
from forum.threads.models import IN_THREAD, Post, Reaction, Thread

AT_ONCE = 500


def record_missing(participant: int | None = None) -> None:
    """Record the missing events of one participant, or of everybody in open studies.

    Each act is recorded at its own time, and what is in the record already stays as it is.
    """
    mine = Participant.key == participant if participant else true()
    with transaction():
        if not current_session().scalar(select(_in_force(mine).exists())):
            return
        rows = [*_joined(mine), *_reactions(mine, given=True), *_reactions(mine, given=False)]
        record_writer.append_events(rows)
        for event, study_id in _posts(mine):
            event_recording.record_post(event, study_id)


def _in_force(mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select who may be recorded, with the groups of their studies."""
    return (
        select(Participant.key, Consent.id.label("consent_id"), StudyGroup.group_id)
        .join(Consent, Consent.participant == Participant.key)
        .join(Study, Study.id == Participant.study_id)
        .join(StudyGroup, StudyGroup.study_id == Study.id)
        .where(
            mine,
            Consent.record,
            Consent.ended_at.is_(None),
            Study.state == OPEN,
            StudyGroup.left_at.is_(None),
        )
    )


def _missing(kinds: tuple[str, ...], at: Any, *same: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a consent covers a moment of which the record has no such row."""
    return and_(or_(Consent.past, Consent.given_at <= at), is_missing(kinds, at, *same))


def _joined(mine: ColumnElement[bool]) -> list[dict[str, Any]]:
    found = (
        _in_force(mine)
        .join(
            Membership,
            and_(
                Membership.account_id == Participant.account_id,
                Membership.group_id == StudyGroup.group_id,
            ),
        )
        .where(
            _missing(
                ("group_joined",),
                Membership.joined_at,
                ActivityEvent.group_id == StudyGroup.group_id,
            )
        )
        .add_columns(Membership.joined_at)
    )
    return [
        record_writer.event_row(
            "group_joined", row.joined_at, row.key, row.consent_id, group_id=row.group_id
        )
        for row in current_session().execute(found)
    ]


def _reactions(mine: ColumnElement[bool], *, given: bool) -> list[dict[str, Any]]:
    kind = "reaction_given" if given else "reaction_received"
    whose = Reaction.account_id if given else Post.author_id
    found = (
        _in_force(mine)
        .join(Thread, Thread.group_id == StudyGroup.group_id)
        .join(Post, Post.thread_id == Thread.id)
        .join(Reaction, Reaction.post_id == Post.id)
        .where(
            whose == Participant.account_id,
            _missing(
                (kind,),
                Reaction.created_at,
                ActivityEvent.post_id == Post.id,
                ActivityEvent.reaction == Reaction.kind,
            ),
        )
        .add_columns(Reaction.created_at, Reaction.kind, Post.id.label("post"), Post.thread_id)
    )
    return [
        record_writer.event_row(
            kind,
            row.created_at,
            row.key,
            row.consent_id,
            group_id=row.group_id,
            thread_id=row.thread_id,
            post_id=row.post,
            reaction=row.kind,
        )
        for row in current_session().execute(found)
    ]


def _posts(mine: ColumnElement[bool]) -> Iterator[tuple[PostCreated, int]]:
    """Yield the posts to record, each with the study that it is missing from."""
    missing = (
        _in_force(mine)
        .join(Thread, Thread.group_id == StudyGroup.group_id)
        .join(Post, Post.thread_id == Thread.id)
        .where(
            Post.author_id == Participant.account_id,
            threads.was_published(),
            _missing(
                ("thread_started", "reply_posted"),
                Post.created_at,
                ActivityEvent.post_id == Post.id,
            ),
        )
        .with_only_columns(Post.id, Participant.study_id)
        .order_by(Post.id)
    )
    found = current_session().execute(missing).all()
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        posts = {post.post_id: post for post in _as_created([row.id for row in some])}
        yield from ((posts[row.id], row.study_id) for row in some)


def _as_created(post_ids: list[int]) -> Iterator[PostCreated]:
    # What is first where it was split off was a reply when it was written.
    was_reply = and_(Post.number == 1, Thread.split_from_id.is_not(None))
    number = case((was_reply, 2), else_=Post.number).label("number")
    found = (
        select(
            Post.id,
            Post.thread_id,
            Thread.group_id,
            Post.author_id,
            number,
            Post.body,
            Post.created_at,
        )
        .join(Thread, IN_THREAD)
        .where(Post.id.in_(post_ids))
    )
    for row in current_session().execute(found):
        yield PostCreated(
            row.id,
            row.thread_id,
            row.group_id,
            row.author_id,
            row.number,
            text.words(row.body),
            (),
            row.created_at,
        )
