"""Who may see a thread and a post, and who may do what there.

Conditions take a viewer id that may be one person's or a column (see groups.policy), so the page,
the socket, the catch-up, the notification and the unread count all ask the same question.
`thread_visible_to` needs Thread joined with Group, `visible_to` Post, Thread and Group.
"""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, case, not_, or_
from sqlalchemy.orm import aliased

from forum.accounts.policy import ViewerId, has_any_mute_or_block, row_exists
from forum.groups import policy as groups
from forum.groups.models import APPROVAL, HIDDEN, OPEN
from forum.threads.models import REMOVED_TITLE, Post, Thread
from forum.threads.posts.post_states import DELETED_STATES, PostState

OPENNESS = (HIDDEN, APPROVAL, OPEN)
_POST = aliased(Post)  # one for all rules, as in accounts.policy


class ReadableGroup(Protocol):
    """A group, as far as it says who may come to read in it."""

    @property
    def visibility(self) -> str: ...

    @property
    def readable_by_all(self) -> bool: ...


def thread_visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Thread, Group: may read the group, and there is something to meet there."""
    return and_(groups.readable_by(viewer_id), has_visible_posts(viewer_id))


def has_visible_posts(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Thread, Group: not only words of people from whom the viewer is apart.

    The person who starts a thread does not own it: to avoid them must not cost the viewer what
    others have said there, or their own words. Only the posts of people who are apart are hidden.
    While its first post is pending, a thread is there for its author and the moderators alone.
    """
    pending = and_(
        Thread.pending_count > 0, or_(Thread.author_id == viewer_id, groups.moderates(viewer_id))
    )
    said = row_exists(
        _POST,
        _POST.thread_id == Thread.id,
        _POST.number.is_not(None),
        groups.meets(viewer_id, _POST.author_id),
    )
    return or_(
        and_(Thread.last_number > 1, or_(not_(has_any_mute_or_block(viewer_id)), said)),
        and_(or_(Thread.last_number == 1, pending), meets(viewer_id, Thread.author_id)),
    )


def is_as_closed(one: ReadableGroup, other: ReadableGroup) -> bool:
    """Whether a group is as closed as another, or more so.

    People wrote for the readers that they had: what they said may come to as few, not to more.
    """
    return _openness(one) <= _openness(other)


def _openness(group: ReadableGroup) -> int:
    by_all = len(OPENNESS)
    return by_all if group.readable_by_all else OPENNESS.index(group.visibility)


def title_for(viewer_id: ViewerId) -> ColumnElement[str]:
    """What the viewer reads as a thread's title; on Thread, Group.

    The title belongs to the first post: while that is hidden, so is the title.
    """
    shown = or_(
        Thread.title_hidden.is_(False),
        Thread.author_id == viewer_id,
        groups.moderates(viewer_id),
    )
    return case((shown, Thread.title), else_=REMOVED_TITLE)


def visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Post, Thread, Group: the one rule for every channel that shows a post."""
    return and_(thread_visible_to(viewer_id), visible_within(viewer_id))


def visible_within(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the part of the rule that is left in a thread that the viewer may see."""
    return and_(meets(viewer_id, Post.author_id), shown_to(viewer_id))


def visible_unless_hidden(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: would see the post unless it is hidden. Of a pending one, others know nothing."""
    return and_(thread_visible_to(viewer_id), visible_unless_hidden_within(viewer_id))


def visible_unless_hidden_within(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the part of that rule that is left in a thread that the viewer may see."""
    return and_(
        meets(viewer_id, Post.author_id),
        or_(was_published(), _is_author_or_moderator(viewer_id)),
    )


def shown_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the post is published, or was when it was deleted; or the viewer is its author
    or moderates its group.
    """
    return or_(
        Post.state == PostState.PUBLISHED,
        Post.state == PostState.DELETED,
        _is_author_or_moderator(viewer_id),
    )


def was_published(post: type[Post] = Post) -> ColumnElement[bool]:
    """Condition on Post: it has, or had, a place in its thread."""
    return post.number.is_not(None)


def is_published(post: type[Post] = Post) -> ColumnElement[bool]:
    """Condition on Post: it is there for all readers, with its words."""
    return post.state == PostState.PUBLISHED


def is_pending(post: type[Post] = Post) -> ColumnElement[bool]:
    """Condition on Post: it waits for approval, or was declined."""
    return or_(post.state == PostState.PENDING, post.state == PostState.DECLINED)


def is_hidden(post: type[Post] = Post) -> ColumnElement[bool]:
    """Condition on Post: a moderator has hidden it, or had when it was deleted."""
    return or_(post.state == PostState.HIDDEN, post.state == PostState.DELETED_HIDDEN)


def is_deleted(post: type[Post] = Post) -> ColumnElement[bool]:
    """Condition on Post: it holds no words any longer."""
    return or_(*(post.state == state for state in DELETED_STATES))


def _is_author_or_moderator(viewer_id: ViewerId) -> ColumnElement[bool]:
    return or_(Post.author_id == viewer_id, groups.moderates(viewer_id))


def meets(viewer_id: ViewerId, author_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: no mute or block is between viewer and author."""
    return groups.meets(viewer_id, author_id)
