"""What remains of somebody's words and name: nothing, or words without a name."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.background.jobs.job_types import StepDone, Steps
from forum.core.db import AnyRow, transaction
from forum.core.events import announce
from forum.threads.events import PostChanged, ThreadsRenamed
from forum.threads.models import (
    IN_THREAD,
    REMOVED_TITLE,
    Mention,
    Post,
    PostReview,
    PostRevision,
    Reaction,
    Thread,
)
from forum.threads.posts import mentions, pending_edits, post_changes, reactions
from forum.threads.posts.post_states import PostState

BATCH = 20
_AS_GIVEN = {"synchronize_session": False}


def remove_reactions(session: Session, account_id: int) -> Steps:
    """Take back all reactions of an erased member."""
    reacted = select(Reaction.post_id).where(Reaction.account_id == account_id)
    for posts in _locked_batch(session, reacted):
        gone = Reaction.post_id.in_([post.id for post in posts])
        session.execute(delete(Reaction).where(Reaction.account_id == account_id, gone))
        for post in posts:
            counts = reactions.count_reactions(session, post.id)
            post_changes.stamp_post(session, post.id, post.thread_id, reactions=counts)
            _announce_change(post, "erased")
        yield StepDone(len(posts))


def remove_mentions(session: Session, account_id: int) -> Steps:
    """Write "a former member" where posts of others name an erased member."""
    naming = select(Mention.post_id).where(Mention.account_id == account_id)
    for posts in _locked_batch(session, naming):
        for post in posts:
            words = mentions.rename_mentioned(session, post.id, account_id, None)
            post_changes.stamp_post(session, post.id, post.thread_id, **words)
            _announce_change(post, "erased")
            yield StepDone()
        if not posts:
            yield StepDone(0)


def erase_posts(session: Session, account_id: int, *, remove: bool) -> Steps:
    """Empty the posts of an erased member, or leave them to "a former member".

    Nobody has read what was never published, so no answer would lose its sense without it.
    """
    theirs = select(Post.id).where(Post.author_id == account_id)
    for posts in _locked_batch(session, theirs):
        pending_edits.delete_edits_of(session, [post.id for post in posts])
        reviews = update(PostReview).where(PostReview.post_id.in_([post.id for post in posts]))
        session.execute(reviews.values(reason="").execution_options(**_AS_GIVEN))
        for thread_id, some in groupby(posts, key=lambda post: post.thread_id):
            _erase_in_thread(session, thread_id, list(some), remove=remove)
        yield StepDone(len(posts))


def erase_authorship(session: Session, account_id: int, *, remove: bool) -> Steps:
    """Remove an erased member from the threads that they began, and the titles of those."""
    mine = select(Thread.id).where(Thread.author_id == account_id).order_by(Thread.id)
    title = {"title": REMOVED_TITLE} if remove else {}
    while ids := session.scalars(mine.limit(BATCH)).all():
        _lock_threads(Thread.id.in_(ids))
        parted = update(Thread).where(Thread.id.in_(ids)).values(author_id=None, **title)
        session.execute(parted.execution_options(**_AS_GIVEN))
        announce(ThreadsRenamed(tuple(ids), clock.now()))
        yield StepDone(len(ids))


def count_posts(session: Session, account_id: int) -> int:
    """Return how many posts somebody has."""
    return session.scalars(select(func.count()).where(Post.author_id == account_id)).one()


def _lock_threads(which: ColumnElement[bool]) -> None:
    with transaction() as session:
        session.execute(select(Thread.id).where(which).order_by(Thread.id).with_for_update())


def _locked_batch(session: Session, which: Select[int]) -> Iterator[Sequence[AnyRow]]:
    """Yield some of these posts, in the order of their threads, which are locked.

    Threads are locked in the one order: a merge of two waits, or we do. So this is called once in a
    transaction, and the rest is for the next step. A post that comes to another thread just then is
    left for that, too.
    """
    if ids := session.scalars(which.distinct().limit(BATCH)).all():
        found = _POSTS.where(Post.id.in_(ids))
        threads = {post.thread_id for post in session.execute(found)}
        _lock_threads(Thread.id.in_(threads))
        yield [post for post in session.execute(found) if post.thread_id in threads]


_POSTS = (
    select(Post.id, Post.thread_id, Post.state)
    .join(Thread, IN_THREAD)
    .order_by(Post.thread_id, Post.id)
)
_REMOVE_AUTHOR = (
    update(Post)
    .where(Post.id == bindparam("post"))
    .values(version=bindparam("stamp"), author_id=None, idempotency_key=None)
).execution_options(**_AS_GIVEN)
_EMPTY = _REMOVE_AUTHOR.values(
    body="", html="", content_note="", state=bindparam("emptied"), state_since=bindparam("since")
)


def _erase_in_thread(
    session: Session, thread_id: int, posts: list[AnyRow], *, remove: bool
) -> None:
    """Remove the author from posts of one thread, and announce it to everybody."""
    emptied = [post for post in posts if remove or not post.state.was_published]
    history = update(PostRevision).where(PostRevision.post_id.in_([post.id for post in emptied]))
    titles = PostRevision.action.in_(("deleted", "retitled"))  # their reason is what a title was
    gone = history.values(
        body="", content_note="", reason=case((titles, ""), else_=PostRevision.reason)
    ).execution_options(**_AS_GIVEN)
    session.execute(gone)
    # One that nobody but its author could open is known by its title only.
    unopened = and_(Thread.last_number == 0, true() if emptied else false())
    version = post_changes.next_version(
        session,
        thread_id,
        by=len(posts),
        post_count=Thread.post_count - sum(post.state == PostState.PUBLISHED for post in emptied),
        pending_count=Thread.pending_count - sum(post.state.is_pending for post in emptied),
        title=case((unopened, REMOVED_TITLE), else_=Thread.title),
    )
    stamps = {post.id: version - len(posts) + n for n, post in enumerate(posts, start=1)}
    at, connection = clock.now(), session.connection()
    kept = [{"post": post.id, "stamp": stamps[post.id]} for post in posts if post not in emptied]
    if kept:
        connection.execute(_REMOVE_AUTHOR, kept)
    if emptied:
        rows = [
            {
                "post": post.id,
                "stamp": stamps[post.id],
                "since": at,
                "emptied": post.state.when_deleted,
            }
            for post in emptied
        ]
        connection.execute(_EMPTY, rows)
    for post in posts:
        _announce_change(post, "erased")


def _announce_change(post: AnyRow, how: str) -> None:
    announce(PostChanged(post.id, post.thread_id, None, how, clock.now()))
