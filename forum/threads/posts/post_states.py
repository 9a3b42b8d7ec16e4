"""What state a post is in. Its number, its version and who sees it follow from this."""

from enum import StrEnum


class PostState(StrEnum):
    """One of these at a time; `policy` says who sees a post in which state."""

    PUBLISHED = "published"
    PENDING = "pending"  # waits for approval, and has no number yet
    DECLINED = "declined"  # not approved; its author keeps the words
    HIDDEN = "hidden"  # by a moderator
    DELETED = "deleted"  # a gap remains, which everybody sees
    DELETED_HIDDEN = "deleted_hidden"  # deleted while it was hidden, so others see no gap either
    WITHDRAWN = "withdrawn"  # deleted before anybody else could see it

    @property
    def was_published(self) -> bool:
        """Whether the post has, or had, a number in its thread."""
        return self not in NEVER_PUBLISHED

    @property
    def is_pending(self) -> bool:
        """Whether the post waits for approval, or was declined: only its author can read it."""
        return self in (PostState.PENDING, PostState.DECLINED)

    @property
    def is_hidden(self) -> bool:
        """Whether a moderator has hidden the post, or had when it was deleted."""
        return self in (PostState.HIDDEN, PostState.DELETED_HIDDEN)

    @property
    def is_deleted(self) -> bool:
        """Whether the post holds no words any longer."""
        return self in DELETED_STATES

    @property
    def when_deleted(self) -> "PostState":
        """The state of a post in this state once it is deleted."""
        return _WHEN_DELETED.get(self, self)


NEVER_PUBLISHED = (PostState.PENDING, PostState.DECLINED, PostState.WITHDRAWN)
DELETED_STATES = (PostState.DELETED, PostState.DELETED_HIDDEN, PostState.WITHDRAWN)
_WHEN_DELETED = {
    PostState.PUBLISHED: PostState.DELETED,
    PostState.HIDDEN: PostState.DELETED_HIDDEN,
    PostState.PENDING: PostState.WITHDRAWN,
    PostState.DECLINED: PostState.WITHDRAWN,
}
