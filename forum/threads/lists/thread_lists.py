"""Reads of many threads: a group's page, what is unread, what is unanswered, bookmarks."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, has_any_mute_or_block, row_exists
from forum.accounts.preferences import content_note_preferences
from forum.core.db import AnyRow, at_most, current_connection, current_session
from forum.core.db.compiled_sql import CompiledStatement
from forum.core.db.id_lists import id_list
from forum.core.web.paging import pages
from forum.groups import policy as groups
from forum.groups.models import Group, Membership
from forum.groups.queries import GroupView
from forum.threads import policy, queries
from forum.threads.lists import mutes_and_blocks_in_lists
from forum.threads.models import (
    DECLINED,
    IN_GROUP,
    IN_THREAD,
    Post,
    PostReview,
    PostRevision,
    Thread,
)
from forum.threads.reader import unread
from forum.threads.reader.models import Bookmark, ReadPosition

THREADS_A_PAGE, BOOKMARKS_A_PAGE = 25, 20
REVISIONS_A_PAGE = 20  # of which each may be as long as a post
_ME = bindparam("me", type_=Integer)
_LIMIT, _OFFSET = bindparam("limit", type_=Integer), bindparam("offset", type_=Integer)

_UNREAD = case(
    (
        unread.may_have_unread(),
        select(func.count())
        .select_from(unread.unread_posts(_ME, unread.COUNT_MAX + 1))
        .correlate(Thread, ReadPosition, Membership, Group)
        .scalar_subquery(),
    ),
    else_=0,
).label("unread")
HAS_UNREAD = and_(
    unread.may_have_unread(),
    exists().where(unread.is_unread_by(_ME)).correlate(Thread, ReadPosition, Membership, Group),
)

_IS_APART = has_any_mute_or_block(_ME)
# For members who mute or block it is asked for the threads on the page alone.
_POSTS = case((_IS_APART, mutes_and_blocks_in_lists.VISIBLE_POST_COUNT), else_=Thread.post_count)
_LAST = case((_IS_APART, mutes_and_blocks_in_lists.LAST_VISIBLE_POST_AT), else_=Thread.last_post_at)

# Asked for the threads on the page alone; for a join, PostgreSQL may go through all accounts.
_AUTHOR = select(Account.handle).where(Account.id == Thread.author_id).scalar_subquery()
_TITLE = policy.title_for(_ME).label("title")
_DECLINED = case(
    (
        Thread.last_number == 0,
        row_exists(
            Post,
            Post.thread_id == Thread.id,
            row_exists(PostReview, PostReview.post_id == Post.id, PostReview.outcome == DECLINED),
        ),
    ),
    else_=false(),
)


def _listed(last: Any, posts: Any, author: Any) -> Select[Any]:
    """Threads as in lists, with what of them depends on whom the reader meets."""
    return (
        select(
            Thread.id,
            _TITLE,
            last.label("last_post_at"),
            Thread.created_at,
            Thread.group_id,
            Group.slug.label("group_slug"),
            Group.name.label("group_name"),
            author.label("author"),
            Thread.author_id,
            func.coalesce(func.nullif(posts, 0) - 1, 0).label("replies"),
            (Thread.last_number == 0).label("pending"),
            _DECLINED.label("declined"),
            and_(ReadPosition.number.is_(None), Thread.created_at >= Membership.new_since).label(
                "unopened"
            ),
            Thread.pinned,
            _UNREAD,
        )
        .join(Group, IN_GROUP)
        .outerjoin(ReadPosition, unread.position_of(_ME))
        .outerjoin(Membership, unread.membership_of(_ME))
        .where(policy.thread_visible_to(_ME))
    )


_THREADS = _listed(_LAST, _POSTS, case((policy.meets(_ME, Thread.author_id), _AUTHOR)))
# For members who mute and block nobody.
_OF_GROUP = CompiledStatement(  # saves 22 % of a group's page
    _listed(Thread.last_post_at, Thread.post_count, _AUTHOR)
    .where(Thread.group_id == bindparam("group_id"))
    .order_by(Thread.pinned.desc(), Thread.last_post_at.desc(), Thread.id.desc())
    .limit(at_most(THREADS_A_PAGE))
    .offset(_OFFSET)
)
_IDS = id_list("ids")
THREADS_BY_ID = _THREADS.join(_IDS, _IDS.c.value == Thread.id)


def threads_of(viewer: Viewer, group_id: int, page: int, *, apart: bool = True) -> list[Any]:
    """Return a page of a group's threads, pinned and then the latest first, with unread counts.

    To members `apart` from somebody, what these have said counts nowhere, nor does it bring a
    thread up; `apart` False may be said of others, and is quicker.
    """
    me, skipped = viewer.id or 0, (page - 1) * THREADS_A_PAGE
    if not apart:
        return _OF_GROUP.all(me=me, group_id=group_id, offset=skipped)
    order = mutes_and_blocks_in_lists.thread_ids_in_order(me, group_id)
    ids = list(islice(order, skipped, skipped + THREADS_A_PAGE))
    rows = {
        row.id: row for row in current_connection().execute(THREADS_BY_ID, {"me": me, "ids": ids})
    }
    return [rows[its_id] for its_id in ids if its_id in rows]


def count_pages(viewer: Viewer, group: GroupView) -> int:
    """Return how many pages of threads a group has for the viewer, at least 1."""
    count = group.thread_count
    if group.has_mute_or_block:
        count -= mutes_and_blocks_in_lists.count_hidden_threads(viewer.id or 0, group.id)
    return pages(count, THREADS_A_PAGE)


_INTRODUCTIONS = (
    select(Thread.id, _TITLE)
    .join(Group, IN_GROUP)
    .where(
        Thread.group_id == bindparam("group_id"),
        Thread.is_introductions.is_(True),
        policy.thread_visible_to(_ME),
    )
    .order_by(Thread.id)
    .limit(1)
)


def introductions_thread(viewer: Viewer, group_id: int) -> AnyRow | None:
    """Return the thread in which newcomers of a group introduce themselves."""
    return (
        current_session()
        .execute(_INTRODUCTIONS, {"me": viewer.id or 0, "group_id": group_id})
        .first()
    )


_SPLIT_SOURCE = aliased(Thread)
_ID = bindparam("thread", type_=Integer)
_SPLITS = (
    select(Thread.id, _TITLE, _POSTS.label("post_count"), Thread.split_from_id, Thread.split_at)
    .join(Group, IN_GROUP)
    .where(
        or_(
            Thread.split_from_id == _ID,
            row_exists(
                _SPLIT_SOURCE, _SPLIT_SOURCE.id == _ID, _SPLIT_SOURCE.split_from_id == Thread.id
            ),
        ),
        policy.thread_visible_to(_ME),
    )
    .order_by(Thread.split_at, Thread.id)
)


def splits_of(viewer: Viewer, thread_id: int) -> Sequence[AnyRow]:
    """Return what was split off a thread, and what it was split off, where the viewer may see it.

    Columns: id, title, post_count, split_from_id, split_at.
    """
    return current_connection().execute(_SPLITS, {"me": viewer.id or 0, "thread": thread_id}).all()


_BOOKMARKS = (
    select(
        Bookmark.post_id,
        Post.created_at,
        _TITLE,
        Account.handle.label("author"),
        Post.content_note,
        Post.html,
        content_note_preferences.LINES.label("note_choices"),
        groups.moderates(_ME).label("moderates"),
        Thread.group_id,
        Post.id,
        Post.thread_id,
        Post.author_id,
        queries.UNSEEN,
    )
    .join(Post, Post.id == Bookmark.post_id)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .outerjoin(Account, Account.id == Post.author_id)
    .where(Bookmark.account_id == _ME, policy.visible_to(_ME))
    .order_by(Bookmark.created_at.desc(), Post.id.desc())
    .limit(_LIMIT)
    .offset(_OFFSET)
)


def bookmarks(viewer: Viewer, limit: int = BOOKMARKS_A_PAGE, page: int = 1) -> Sequence[AnyRow]:
    """Return a page of the posts that the viewer has bookmarked and may see, the latest first."""
    asked = {"me": viewer.id or 0, "limit": limit, "offset": (page - 1) * limit}
    return current_session().execute(_BOOKMARKS, asked).all()


_BOOKMARKED = (
    select(func.count().label("bookmarks"))
    .select_from(Bookmark)
    .join(Post, Post.id == Bookmark.post_id)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .where(Bookmark.account_id == _ME, policy.visible_to(_ME))
)


def count_bookmark_pages(viewer: Viewer) -> int:
    """Return how many pages of bookmarks the viewer has, at least 1."""
    return pages(
        current_connection().execute(_BOOKMARKED, {"me": viewer.id or 0}).all()[0].bookmarks,
        BOOKMARKS_A_PAGE,
    )


def revisions(post_id: int, page: int = 1) -> Sequence[AnyRow]:
    """Return a page of a post's history and one row more, the latest first.

    It is for the moderators.
    """
    return (
        current_session()
        .execute(
            select(
                PostRevision.action,
                PostRevision.reason,
                PostRevision.body,
                PostRevision.created_at.label("at"),
                Account.handle,
            )
            .outerjoin(Account, Account.id == PostRevision.by_id)
            .where(PostRevision.post_id == post_id)
            .order_by(PostRevision.id.desc())
            .limit(at_most(REVISIONS_A_PAGE + 1))
            .offset(at_most((page - 1) * REVISIONS_A_PAGE))
        )
        .all()
    )
