"""Tables: threads, posts and their history, reactions, and what waits for approval."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where
from forum.core.db.worded_string import WordedString
from forum.core.translation import lazy
from forum.groups.models import Group
from forum.threads.posts.post_states import NEVER_PUBLISHED, PostState

APPROVED, DECLINED = "approved", "declined"
REMOVED_TITLE = "A removed conversation"  # what is stored when the words are gone


def _created_at(context: Any) -> datetime:
    at: datetime = context.get_current_parameters()["created_at"]
    return at


def _listed(states: Iterable[PostState]) -> str:
    return ", ".join(f"'{state}'" for state in states)


class Thread(Base):
    """A thread. `version` counts every change to any of its posts; see rule 4.

    What members write while it is `pre_moderated` is pending until a moderator approves it.
    `last_number` and `post_count` count no pending posts; `pending_count` counts those that are
    pending or declined.
    One that has become part of another (`merged_into_id`) is empty and leads there. One that was
    split off another (`split_from_id`) knows at which number its posts stood there (`split_at`).
    A page that is older than version `reload_version` cannot be brought up to date post by post.
    """

    __tablename__ = "threads"
    __table_args__ = (
        Index("ix_threads_group_id_pinned_last_post_at", "group_id", "pinned", "last_post_at"),
        Index("ix_threads_group_id_last_post_at_id", "group_id", "last_post_at", "id"),
        Index(  # the words of each database for `is_introductions.is_(True)`
            "ix_threads_is_introductions",
            "group_id",
            "id",
            sqlite_where=text("is_introductions IS 1"),
            postgresql_where=text("is_introductions IS true"),
        ),
        index_where(
            "ix_threads_unanswered",
            "group_id",
            "created_at",
            "id",
            where="last_number = 1 and post_count = 1",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(WordedString(150, REMOVED_TITLE, lazy("A removed thread")))
    title_hidden: Mapped[bool] = mapped_column(default=False)
    is_introductions: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    slow_seconds: Mapped[int] = mapped_column(default=0)
    pinned: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)
    pending_count: Mapped[int] = mapped_column(default=0)
    pre_moderated: Mapped[bool] = mapped_column(default=False)
    reload_version: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None]
    split_from_id: Mapped[int | None] = mapped_column(index=True)
    split_at: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    last_post_at: Mapped[datetime]


class Post(Base):
    """What someone said: the Markdown that they wrote beside the HTML that it became.

    `number` is its place in the thread, which only a merge (or its undoing) changes; where posts
    were split away, their numbers stay unused. The first post has number 1; one that was never
    published has none. `version` is the thread's counter at its last change, and grows also when
    the post comes to another thread.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        UniqueConstraint("thread_id", "version"),
        CheckConstraint(f"state IN ({_listed(PostState)})", name="state"),
        CheckConstraint(
            f"(number IS NULL) = (state IN ({_listed(NEVER_PUBLISHED)}))", name="number_state"
        ),
        CheckConstraint("number IS NULL OR number > 0", name="number"),
        Index("ix_posts_author_id_thread_id", "author_id", "thread_id"),
        index_where(
            "ix_posts_author_id_idempotency_key",
            "author_id",
            "idempotency_key",
            unique=True,
            where="idempotency_key is not null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    number: Mapped[int | None]
    version: Mapped[int]
    state: Mapped[PostState] = mapped_column(
        Enum(
            PostState,
            native_enum=False,
            length=16,
            create_constraint=False,
            values_callable=lambda states: [state.value for state in states],
        ),
        default=PostState.PUBLISHED,
    )
    state_since: Mapped[datetime] = mapped_column(default=_created_at)
    body: Mapped[str]
    html: Mapped[str]
    renderer: Mapped[int]
    content_note: Mapped[str] = mapped_column(String(80), default="")
    reactions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class PostRevision(Base):
    """How a post was before it was edited, hidden, restored or deleted, and who did that."""

    __tablename__ = "post_revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    action: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(default="")
    content_note: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class PostReview(Base):
    """The approval of a post that was pending: since when it waited, who decided, and what.

    `usual_wait_minutes` is how long it usually took in the group when the post was sent. `reason`
    is written to the author of a post that was declined.
    """

    __tablename__ = "post_reviews"
    __table_args__ = (Index("ix_post_reviews_group_id_decided_at", "group_id", "decided_at"),)

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    pending_since: Mapped[datetime]
    usual_wait_minutes: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    outcome: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(default="")


class PendingEdit(Base):
    """An edit of a shown post that waits for approval, or was declined; then it is its author's.

    `version` counts how often the author has changed it, and `based_on` is a digest of what the
    post said when they wrote it.
    """

    __tablename__ = "pending_edits"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[str]
    content_note: Mapped[str] = mapped_column(String(80), default="")
    version: Mapped[int]
    based_on: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]
    declined_because: Mapped[str] = mapped_column(default="")


class Mention(Base):
    """Somebody named with @ in a post, now or before it was edited.

    `name` is how the post names them, so it can be taken out again.
    """

    __tablename__ = "mentions"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    name: Mapped[str] = mapped_column(String(30))


class Reaction(Base):
    """A small kindness from one person to one post."""

    __tablename__ = "reactions"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    created_at: Mapped[datetime]


# How a post belongs to a thread, and a thread to a group, for every join of them.
IN_THREAD = Thread.id == Post.thread_id
IN_GROUP = Group.id == Thread.group_id
