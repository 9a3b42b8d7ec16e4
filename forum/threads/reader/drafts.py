"""What somebody has begun to write and not sent: a reply, or a new thread."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import current_session, transaction
from forum.groups import queries as group_queries
from forum.threads import limits, queries
from forum.threads.models import IN_THREAD, Post, Thread
from forum.threads.reader.models import Draft

JUST_NOW = timedelta(minutes=2)


def save_draft(
    viewer: Viewer,
    group_id: int,
    thread_id: int = 0,
    *,
    title: str = "",
    body: str,
    content_note: str = "",
) -> None:
    """Keep what somebody has not sent yet; nothing written drops it. Raises Invalid, NotFound.

    A draft can arrive after the post that was made of it: what was just sent is not kept.
    """
    account_id = member_id(viewer)
    title = text.one_line(title, "title", most=limits.TITLE_MAX)
    body = text.checked(body, "body", most=limits.BODY_MAX)
    content_note = text.one_line(content_note, "content_note", most=limits.CONTENT_NOTE_MAX)
    with transaction() as session:
        if thread_id:
            thread = queries.current_thread_for(viewer, thread_id)
            group_id, thread_id = thread.group_id, thread.id
        else:
            group_queries.group_by_id(viewer, group_id)
        drop_draft(session, account_id, group_id, thread_id)
        if (title or body) and not _was_just_sent(session, account_id, group_id, thread_id, body):
            session.add(
                Draft(
                    account_id=account_id,
                    group_id=group_id,
                    thread_id=thread_id,
                    title=title,
                    body=body,
                    content_note=content_note,
                    saved_at=clock.now(),
                )
            )


def _was_just_sent(
    session: Session, account_id: int, group_id: int, thread_id: int, body: str
) -> bool:
    sent = select(Post.id).join(Thread, IN_THREAD).where(
        Post.author_id == account_id, Post.created_at > clock.now() - JUST_NOW, Post.body == body,
        Thread.id == thread_id if thread_id else Thread.group_id == group_id,
    )  # fmt: skip
    return session.execute(sent.limit(1)).first() is not None


def drop_draft(session: Session, account_id: int, group_id: int, thread_id: int) -> None:
    """Forget a draft, because it was sent or emptied."""
    session.execute(
        delete(Draft)
        .where(
            Draft.account_id == account_id, Draft.group_id == group_id, Draft.thread_id == thread_id
        )
        .execution_options(synchronize_session=False)
    )


_DRAFT = select(Draft.title, Draft.body, Draft.content_note)


def draft(viewer: Viewer, group_id: int) -> dict[str, str] | None:
    """Return the new thread that somebody has begun to write in a group."""
    row = (
        current_session()
        .execute(
            _DRAFT.where(
                Draft.account_id == viewer.id, Draft.group_id == group_id, Draft.thread_id == 0
            )
        )
        .one_or_none()
    )
    return dict(row._mapping) if row else None
