"""Every write for safety's sake: flags on posts, and care notes."""

from datetime import timedelta
from typing import cast

import structlog
from sqlalchemy import Table, bindparam, delete, update

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id, person_id
from forum.core import clock, text
from forum.core.background.jobs import rows
from forum.core.background.jobs.job_types import Steps
from forum.core.db import current_connection, savepoint, transaction
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.safety import detector, policy, queries
from forum.safety.events import (
    CareMessageAnswered,
    CareMessageClosed,
    CareMessageSent,
    PostCrisisDetected,
)
from forum.safety.models import SELF_HARM, CareMessage, CrisisAlert
from forum.safety.queries import CareMessageView
from forum.threads import queries as threads
from forum.threads.events import EditPending, PostChanged, PostCreated, PostPending
from forum.threads.posts import pending_edits, post_creation

log = structlog.get_logger()
CHECK_WITHIN = timedelta(days=1)
_DELETE_ALERT = delete(CrisisAlert).where(CrisisAlert.post_id == bindparam("post"))
_INSERT_ALERT = insert(CrisisAlert).on_conflict_do_nothing().returning(CrisisAlert.id)


def check_post(event: PostCreated | PostPending | PostChanged) -> None:
    """Spot a new or edited post that seems to speak of wanting to die, for its moderators.

    It runs in the post's own transaction and never fails it. What an importer brings from long ago
    is nobody's danger now; words of an erased member are flagged no longer.
    """
    if isinstance(event, PostChanged) and event.how == "erased":
        _forget(event.post_id)
    elif not isinstance(event, PostChanged) or event.how in {"edited", "retitled"}:
        try:
            _check(event)
        except Exception:
            log.exception("crisis_check_failed", event_kind=type(event).__name__)


def check_pending_edit(event: EditPending) -> None:
    """Spot danger in an edit that waits for approval, as in what is shown; it never fails it."""
    try:
        edit = pending_edits.edit_of(event.post_id)
        if edit is not None and detector.detects_crisis(edit.body):
            _raise_alert(event.post_id, event.thread_id, event.group_id, event.author_id)
    except Exception:
        log.exception("crisis_check_failed", event_kind=type(event).__name__)


def _check(event: PostCreated | PostPending | PostChanged) -> None:
    post_id = event.post_id
    is_reply = isinstance(event, PostCreated) and event.number > 1
    said = post_creation.body_just_inserted(post_id) if is_reply else None
    if said is not None and not detector.detects_crisis(said):
        return  # as nearly always, and the database need not be asked
    post = queries.post_to_check(post_id)
    if post is None or post.author_id is None or not detector.detects_crisis(post.words):
        return
    if clock.now() - post.created_at <= CHECK_WITHIN:
        _raise_alert(post_id, event.thread_id, post.group_id, post.author_id)


def _raise_alert(post_id: int, thread_id: int, group_id: int, author_id: int) -> None:
    at = clock.now()
    with transaction() as session, savepoint():
        row = {
            "post_id": post_id,
            "kind": SELF_HARM,
            "raised_at": at,
            "detector_version": detector.self_harm().version,
        }
        if session.execute(_INSERT_ALERT, row).first():
            announce(PostCrisisDetected(post_id, thread_id, group_id, author_id, SELF_HARM, at))


def _forget(post_id: int) -> None:
    with transaction():
        current_connection().execute(_DELETE_ALERT, {"post": post_id})


def send_care_message(
    viewer: Viewer, slug: str, account_id: int, *, body: str, post_id: int | None = None
) -> int:
    """Write to somebody in a group that the viewer moderates, and return the note's id.

    `post_id` says about which post of theirs. Raises Invalid, LoginNeeded, Forbidden, NotFound.
    """
    author_id, at = member_id(viewer), clock.now()
    body = text.checked(body, "body", least=1, most=policy.CARE_MESSAGE_MAX, name=_("Your message"))
    with transaction() as session:
        to = queries.care_recipient(viewer, slug, account_id)
        if post_id is not None:
            post = threads.post_for(viewer, post_id)
            if (post.group_id, post.author_id) != (to.group_id, account_id):
                raise NotFound
        note = CareMessage(
            group_id=to.group_id,
            account_id=account_id,
            author_id=author_id,
            post_id=post_id,
            body=body,
            created_at=at,
        )
        session.add(note)
        session.flush()
        announce(CareMessageSent(note.id, to.group_id, account_id, author_id, post_id, at))
        return note.id


def mark_care_messages_read(viewer: Viewer) -> None:
    """Remember that the viewer has read what was written to them. Raises LoginNeeded."""
    with transaction() as session:
        session.execute(
            update(CareMessage)
            .where(CareMessage.account_id == person_id(viewer), CareMessage.read_at.is_(None))
            .values(read_at=clock.now())
            .execution_options(synchronize_session=False)
        )


def answer_care_message(viewer: Viewer, care_message_id: int, answer: str) -> None:
    """Answer a note that was written to the viewer, as often as they need.

    Whoever writes again in need meets no shut door: a reply opens again what was closed, and stands
    below the replies before it. Raises Invalid, LoginNeeded, NotFound, Forbidden for anyone else,
    and Conflict when the replies fill the message.
    """
    queries.care_message_for(viewer, care_message_id)
    answer = text.checked(
        answer, "answer", least=1, most=policy.CARE_MESSAGE_MAX, name=_("Your reply")
    )
    with transaction() as session:
        kept, note = _to_change(viewer, care_message_id)
        if not note.mine:
            raise Forbidden(_("Only the person who got this message can reply."))
        if kept.answer:
            answer = f"{kept.answer}\n\n{answer}"
        if len(answer) > policy.CARE_REPLIES_MAX:
            raise Conflict(
                _(
                    "There's no room for more replies below this message. Please write a post in "
                    "your group, and a moderator can answer you. If you need someone now, “Get "
                    "help now”, at the top of every page, has people to talk to."
                )
            )
        kept.answer, kept.answered_at, kept.closed_at = answer, clock.now(), None
        kept.read_at = kept.read_at or kept.answered_at
        session.flush()
        announce(
            CareMessageAnswered(
                care_message_id, kept.group_id, kept.account_id, kept.author_id, kept.answered_at
            )
        )


def close_care_message(viewer: Viewer, care_message_id: int) -> None:
    """Say that a note needs no more; closing it twice changes nothing.

    Raises LoginNeeded, Forbidden, NotFound.
    """
    by_id = member_id(viewer)
    with transaction() as session:
        kept, note = _to_change(viewer, care_message_id)
        if not note.moderates:
            raise Forbidden(_("Only the group's facilitators and moderators can close this."))
        if kept.closed_at:
            return
        kept.closed_at = clock.now()
        session.flush()
        announce(
            CareMessageClosed(
                care_message_id, kept.group_id, kept.account_id, by_id, kept.closed_at
            )
        )


def erase_care_messages(session: Session, account_id: int) -> Steps:
    """Empty the notes that somebody wrote to others, who is erased with their words.

    What was written to them goes with their account's row.
    """
    notes = cast("Table", CareMessage.__table__)
    yield from rows.change(
        session, notes, CareMessage.author_id == account_id, body="", author_id=None
    )


def _to_change(viewer: Viewer, care_message_id: int) -> tuple[CareMessage, CareMessageView]:
    with transaction() as session:
        note = queries.care_message_for(viewer, care_message_id)
        kept = session.get(
            CareMessage, care_message_id, with_for_update=True, populate_existing=True
        )
        if kept is None:
            raise NotFound
        return kept, note
