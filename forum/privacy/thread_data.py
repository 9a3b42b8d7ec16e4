"""What is held about one person in threads: posts, drafts, and what they keep as a reader."""

from sqlalchemy import ColumnElement, Integer, and_, case, literal, or_, select

from forum.core.translation import lazy
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.privacy.data_category import DataCategory, Rows
from forum.threads import policy as threads
from forum.threads.models import IN_GROUP, IN_THREAD, Mention, Post, PostRevision, Reaction, Thread
from forum.threads.reader.models import Bookmark, Draft, ReadPosition, ReadRange


def _group(me: int) -> ColumnElement[str]:
    """The group's address, unless what somebody wrote was moved where they may not know of it."""
    known = groups.visible_to(literal(me, Integer))
    return case((known, Group.slug), else_="").label("group")


def _title(me: int) -> ColumnElement[str]:
    """The title over somebody's post, where they began the thread or may read it."""
    known = or_(Thread.author_id == me, groups.readable_by(literal(me, Integer)))
    shown = or_(Thread.author_id == me, and_(known, Thread.title_hidden.is_(False)))
    return case((shown, Thread.title), else_="").label("thread_title")


def _threads(me: int) -> Rows:
    return (
        select(Thread.id, _group(me), Thread.title, Thread.created_at)
        .join(Group, IN_GROUP)
        .where(Thread.author_id == me)
        .order_by(Thread.id)
    )


def _posts(me: int) -> Rows:
    return (
        select(
            Post.id,
            Post.thread_id,
            _title(me),
            _group(me),
            Post.number,
            Post.body,
            Post.html,
            Post.content_note,
            Post.created_at,
            Post.edited_at,
            Post.state,
            Post.state_since,
        )
        .join(Thread, IN_THREAD)
        .join(Group, IN_GROUP)
        .where(Post.author_id == me)
        .order_by(Post.id)
    )


def _revisions(me: int) -> Rows:
    # Why a moderator did something is in the moderator's words.
    reason = case((PostRevision.by_id == me, PostRevision.reason), else_="").label("reason")
    return (
        select(
            PostRevision.post_id,
            PostRevision.action,
            PostRevision.body,
            PostRevision.content_note,
            reason,
            PostRevision.created_at,
        )
        .join(Post, Post.id == PostRevision.post_id)
        .where(Post.author_id == me)
        .order_by(PostRevision.id)
    )


def _post_actions(me: int) -> Rows:
    return (
        select(
            PostRevision.post_id, PostRevision.action, PostRevision.reason, PostRevision.created_at
        )
        .join(Post, Post.id == PostRevision.post_id)
        .where(PostRevision.by_id == me, Post.author_id.is_distinct_from(me))
        .order_by(PostRevision.id)
    )


def _mentions(me: int) -> Rows:
    # That somebody is spoken of where they may not read is not theirs to know.
    return (
        select(Mention.post_id, Mention.name)
        .join(Post, Post.id == Mention.post_id)
        .join(Thread, IN_THREAD)
        .join(Group, IN_GROUP)
        .where(Mention.account_id == me, threads.visible_to(literal(me, Integer)))
    )


def _reactions(me: int) -> Rows:
    return select(Reaction.post_id, Reaction.kind, Reaction.created_at).where(
        Reaction.account_id == me
    )


def _read_positions(me: int) -> Rows:
    return select(ReadPosition.thread_id, ReadPosition.number, ReadPosition.following).where(
        ReadPosition.account_id == me
    )


def _read_ranges(me: int) -> Rows:
    return select(ReadRange.thread_id, ReadRange.first, ReadRange.last).where(
        ReadRange.account_id == me
    )


def _bookmarks(me: int) -> Rows:
    return select(Bookmark.post_id, Bookmark.created_at).where(Bookmark.account_id == me)


def _drafts(me: int) -> Rows:
    return select(
        Draft.group_id, Draft.thread_id, Draft.title, Draft.body, Draft.content_note, Draft.saved_at
    ).where(Draft.account_id == me)


THREAD_DATA = (
    DataCategory(
        "posts", lazy("All your posts, including hidden ones"), ("posts.author_id",), _posts
    ),
    DataCategory("threads", lazy("Threads you started"), ("threads.author_id",), _threads),
    DataCategory("revisions", lazy("Earlier versions of your posts"), (), _revisions),
    DataCategory("drafts", lazy("Your drafts"), ("drafts.account_id",), _drafts),
    DataCategory("reactions", lazy("Your reactions"), ("reactions.account_id",), _reactions),
    DataCategory("bookmarks", lazy("Posts you bookmarked"), ("bookmarks.account_id",), _bookmarks),
    DataCategory(
        "reading",
        lazy("How far you've read each thread, and which ones you follow"),
        ("read_positions.account_id",),
        _read_positions,
    ),
    DataCategory(
        "reading_beyond",
        lazy("Posts you read further on in a thread, by number"),
        ("read_ranges.account_id",),
        _read_ranges,
    ),
    DataCategory(
        "mentions",
        lazy("Posts that mention you, where you can read them"),
        ("mentions.account_id",),
        _mentions,
    ),
    DataCategory(
        "post_actions",
        lazy("What you did to other people's posts as a moderator"),
        ("post_revisions.by_id",),
        _post_actions,
    ),
)
