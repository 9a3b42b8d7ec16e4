"""What remains of somebody's words and name: nothing, or words without a name."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, or_, select, union, update
from sqlalchemy.orm import Session

from forum.accounts.events import HandleChanged, HandleChanging
from forum.accounts.models import Account
from forum.core import clock, text
from forum.core.db import AnyRow, transaction
from forum.core.events import announce
from forum.threads import changing, mentions, policy
from forum.threads.events import PostChanged
from forum.threads.models import (
    Bookmark,
    Draft,
    Mention,
    Post,
    PostReview,
    PostRevision,
    Reaction,
    ReadMark,
    ReadRange,
    Thread,
)


def erase(account_id: int, *, remove_posts: bool) -> None:
    """Part somebody from all they did here.

    Their posts are emptied, or stay as "a former member"'s; their name is taken out of what
    others wrote; reactions, marks, drafts and bookmarks go.
    """
    with transaction() as session:
        _hold_still(account_id)
        _take_back_reactions(session, account_id)
        handle = session.scalars(select(Account.handle).where(Account.id == account_id)).one()
        _rename_in_lines(session, handle, mentions.FORMER)
        for post_id, thread_id in mentions.posts_naming(session, account_id):
            _restamp(
                session, post_id, thread_id, **mentions.rename(session, post_id, account_id, None)
            )
        _forget_reviews(session, account_id)
        for post in _posts_of(session, account_id):
            # Nobody has read what is held, so that no answer would lose its sense without it.
            _part(session, post, remove=remove_posts or post.held)
        threads = update(Thread).where(Thread.author_id == account_id)
        session.execute(
            threads.values(title=policy.REMOVED_TITLE, author_id=None)
            if remove_posts
            else threads.values(author_id=None)
        )
        session.execute(
            update(PostRevision).where(PostRevision.by_id == account_id).values(by_id=None)
        )
        for table in (ReadMark, ReadRange, Draft, Bookmark):
            session.execute(delete(table).where(table.account_id == account_id))


def hold_naming(event: HandleChanging) -> None:
    """Lock every thread in which somebody is named, before they are locked themselves.

    Whoever replies there holds the thread, and may then need the person, to tell them of it.
    """
    named = select(Post.thread_id).join(Mention, Mention.post_id == Post.id)
    theirs = Thread.id.in_(named.where(Mention.account_id == event.account_id))
    _lock(theirs)


def follow_new_handle(event: HandleChanged) -> None:
    """Name somebody by their new handle wherever others have named them."""
    with transaction() as session:
        handle = session.scalars(select(Account.handle).where(Account.id == event.account_id)).one()
        for post_id, thread_id in mentions.posts_naming(session, event.account_id):
            changes = mentions.rename(session, post_id, event.account_id, handle)
            _restamp(session, post_id, thread_id, how="renamed", **changes)


def _hold_still(account_id: int) -> None:
    """Lock every thread that this will touch, in the one order: whoever joins two waits, or we do.

    That is where they wrote, reacted, read or kept something, and where a line could name them.
    """
    of_post = select(Post.thread_id)
    touched = union(
        of_post.where(or_(Post.author_id == account_id, Post.content_note.contains("@"))),
        *(of_post.join(table, table.post_id == Post.id).where(table.account_id == account_id)
          for table in (Reaction, Mention, Bookmark)),
        *(select(table.thread_id).where(table.account_id == account_id)
          for table in (ReadMark, Draft)),
        select(Thread.id).where(or_(Thread.author_id == account_id, Thread.title.contains("@"))),
    )  # fmt: skip
    theirs = Thread.id.in_(touched.subquery().select())
    _lock(theirs)


def _lock(which: ColumnElement[bool]) -> None:
    with transaction() as session:
        session.execute(select(Thread.id).where(which).order_by(Thread.id).with_for_update())


def _rename_in_lines(session: Session, handle: str, new: str) -> None:
    """Take a name out of titles and content notes, which are not searched when they are written."""
    name = handle.casefold()
    for column in (Thread.title, Post.content_note, PostRevision.content_note):
        table = column.class_
        for row in session.execute(
            select(table.id, column.label("words")).where(column.contains("@"))
        ):
            words = text.renamed(row.words, name, new)
            if words != row.words:
                session.execute(
                    update(table)
                    .where(table.id == row.id)
                    .values({column.key: words[: column.type.length]})
                )


def _posts_of(session: Session, account_id: int) -> Sequence[AnyRow]:
    return session.execute(
        select(
            Post.id,
            Post.thread_id,
            Post.held_at.is_not(None).label("held"),
            and_(Post.held_at.is_not(None), Post.deleted_at.is_(None)).label("waits"),
            and_(Post.deleted_at.is_(None), Post.hidden_at.is_(None), Post.held_at.is_(None)).label(
                "counted"
            ),
            (Thread.last_number == 0).label("unopened"),
        )
        .join(Thread, Thread.id == Post.thread_id)
        .where(Post.author_id == account_id)
        .order_by(Post.id)
    ).all()


def _part(session: Session, post: AnyRow, *, remove: bool) -> None:
    if not remove:
        _restamp(session, post.id, post.thread_id, author_id=None, idempotency_key=None)
        return
    mentions.forget(session, post.id)
    _restamp(
        session,
        post.id,
        post.thread_id,
        posts=-1 if post.counted else 0,
        held=-1 if post.waits else 0,
        thread={"title": policy.REMOVED_TITLE} if post.unopened else None,
        body="",
        html="",
        content_note="",
        deleted_at=clock.now(),
        author_id=None,
        idempotency_key=None,
    )


def _forget_reviews(session: Session, account_id: int) -> None:
    """Part somebody from what they decided, and drop what others wrote to them about it."""
    theirs = select(Post.id).where(Post.author_id == account_id)
    for which, values in (
        (PostReview.decided_by_id == account_id, {"decided_by_id": None}),
        (PostReview.post_id.in_(theirs), {"reason": ""}),
    ):
        reviews = update(PostReview).where(which).values(values)
        session.execute(reviews.execution_options(synchronize_session=False))


def _take_back_reactions(session: Session, account_id: int) -> None:
    touched = session.execute(
        select(Post.id, Post.thread_id)
        .distinct()
        .join(Reaction, Reaction.post_id == Post.id)
        .where(Reaction.account_id == account_id)
        .order_by(Post.id)
    ).all()
    session.execute(delete(Reaction).where(Reaction.account_id == account_id))
    for post_id, thread_id in touched:
        _restamp(session, post_id, thread_id, reactions=changing.count_reactions(session, post_id))


def _restamp(
    session: Session, post_id: int, thread_id: int, *, how: str = "erased", **changes: object
) -> None:
    changing.restamp(session, post_id, thread_id, **changes)  # type: ignore[arg-type]
    announce(PostChanged(post_id, thread_id, None, how, clock.now()))
