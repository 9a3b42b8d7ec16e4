"""What a moderation action is about, found and locked until the transaction ends."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.errors import NotFound
from forum.core.translation import lazy
from forum.groups.membership import memberships
from forum.groups.models import GroupRemoval, Membership
from forum.meetings.room import attendees
from forum.meetings.room.messages import service as messages
from forum.moderation.queue_items.models import ROOM_MESSAGE
from forum.threads.models import Post, Thread
from forum.threads.posts import moderator_edits, post_changes
from forum.threads.queries import PostView, ThreadView

POST, THREAD, PERSON = "post", "thread", "person"
ROOM = "room"  # one person in one meeting: the meeting is the target
TARGETS = {  # what each is called, and its address
    POST: (lazy("a post"), "/posts/{}"),
    THREAD: (lazy("a thread"), "/threads/{}"),
    PERSON: (lazy("a member"), "/members/{}"),
    ROOM_MESSAGE: (lazy("a message in a room"), "/room-messages/{}"),
    ROOM: (lazy("a room"), "/meetings/{}/room"),
}
SEE_TARGET = {  # what a link to each is called
    POST: lazy("See the post"),
    THREAD: lazy("See the thread"),
    ROOM_MESSAGE: lazy("See the message"),
    ROOM: lazy("Go to the room"),
}
VANISHED = lazy(
    "This is no longer there. What is said in a room is deleted some time after the meeting."
)


@dataclass(frozen=True)
class Target:
    """What an action is about, and whom; a post or a thread comes along as it was read."""

    kind: str
    id: int
    group_id: int | None
    person_id: int | None
    post: PostView | None = field(default=None, compare=False)
    thread: ThreadView | None = field(default=None, compare=False)

    @property
    def is_deleted(self) -> bool:
        """Whether it is a post that is deleted already."""
        return self.post is not None and self.post.state.is_deleted

    @property
    def read_post(self) -> PostView:
        """The post as it was read."""
        if self.post is None:
            raise TypeError(f"a {self.kind} is no post")
        return self.post

    @property
    def read_thread(self) -> ThreadView:
        """The thread as it was read."""
        if self.thread is None:
            raise TypeError(f"a {self.kind} is no thread")
        return self.thread


def of_post(post: PostView) -> Target:
    """Return a post as a target."""
    return Target(POST, post.id, post.group_id, post.author_id, post=post)


def of_thread(thread: ThreadView) -> Target:
    """Return a thread as a target; it concerns the person who began it."""
    return Target(THREAD, thread.id, thread.group_id, thread.author_id, thread=thread)


def lock(
    session: Session,
    viewer: Viewer,
    kind: str,
    target_id: int,
    group_id: int | None,
    person_id: int | None = None,
    *,
    has_left: bool = False,
    emptied: bool = False,
) -> Target:
    """Lock what an action is about, and return it; `person_id` is who, in a room.

    With `has_left` it may be a person who has left the group, and with `emptied` a post that is
    deleted while its history still holds words. Raises NotFound, Forbidden, Conflict.
    """
    if kind == POST:
        post = post_changes.lock_post_to_moderate(session, viewer, target_id, emptied=emptied)
        if not post.state.is_deleted:
            post_changes.require_published(post)
        return of_post(post)
    if kind == THREAD:
        return of_thread(moderator_edits.lock_thread_to_moderate(session, viewer, target_id))
    if kind == ROOM:
        part = attendees.lock_attendee(session, viewer, target_id, person_id or 0)
        return Target(kind, target_id, part.group_id, part.account_id)
    if kind == ROOM_MESSAGE:
        try:
            room, message = messages.lock_message_to_moderate(session, viewer, target_id)
        except NotFound:
            raise NotFound(VANISHED) from None
        return Target(kind, target_id, room.group_id, message.author_id)
    return _lock_person(session, target_id, group_id, has_left=has_left)


def was_here(session: Session, account_id: int, group_id: int | None) -> bool:
    """Whether a person who may have left a group was removed from it, or has written in it."""
    if group_id is None or session.get(GroupRemoval, (account_id, group_id)) is not None:
        return group_id is not None
    wrote = (
        select(Post.id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Post.author_id == account_id, Thread.group_id == group_id)
    )
    return session.scalar(wrote.limit(1)) is not None


def _lock_person(
    session: Session, account_id: int, group_id: int | None, *, has_left: bool
) -> Target:
    if group_id is not None:  # before people, as joining and leaving do
        memberships.lock(session, group_id)
    one = select(Account.id).where(Account.id == account_id).with_for_update()
    if session.scalar(one) is None:
        raise NotFound
    is_here = select(Membership.role).where(
        Membership.account_id == account_id, Membership.group_id == group_id
    )
    if group_id is not None and not has_left and session.scalar(is_here) is None:
        raise NotFound
    return Target(PERSON, account_id, group_id, account_id)
