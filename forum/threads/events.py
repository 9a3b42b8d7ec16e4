"""What happens in threads: ids and measures, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ThreadStarted:
    """Somebody opened a thread; its first post is announced beside it as a PostCreated."""

    thread_id: int
    group_id: int
    author_id: int
    at: datetime


@dataclass(frozen=True)
class PostCreated:
    """Somebody said something. `mentioned` are the accounts that it names with @."""

    post_id: int
    thread_id: int
    group_id: int
    author_id: int
    number: int
    words: int
    mentioned: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class PostPending:
    """Somebody wrote a post that nobody else sees before it is approved."""

    post_id: int
    thread_id: int
    group_id: int
    author_id: int
    at: datetime


@dataclass(frozen=True)
class PostApproved:
    """A pending post is shown now; that it is there is announced beside it as a PostCreated."""

    post_id: int
    thread_id: int
    group_id: int
    author_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class PostDeclined:
    """A pending post will not be shown; its author keeps the words."""

    post_id: int
    thread_id: int
    group_id: int
    author_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class EditPending:
    """The author of a shown post has changed it; nobody else sees that before it is approved."""

    post_id: int
    thread_id: int
    group_id: int
    author_id: int
    at: datetime


@dataclass(frozen=True)
class EditDecided:
    """A pending edit was approved, and is shown now, or declined."""

    post_id: int
    thread_id: int
    group_id: int
    author_id: int
    by_id: int
    approved: bool
    at: datetime


@dataclass(frozen=True)
class EditDiscarded:
    """A pending edit waits no longer, without anybody having decided about it."""

    post_id: int
    at: datetime


@dataclass(frozen=True)
class PostChanged:
    """A post looks different now, or someone who saw it may not see it any longer.

    `how` is one of edited, retitled, deleted, hidden, restored, reacted, renamed, erased.
    """

    post_id: int
    thread_id: int
    by_id: int | None
    how: str
    at: datetime


@dataclass(frozen=True)
class ThreadsRenamed:
    """These threads have another title now, or none."""

    thread_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class ThreadMoved:
    """A thread is in another group now, with all that is in it; `author_id` began it."""

    thread_id: int
    author_id: int | None
    from_group_id: int
    to_group_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class ThreadsRestructured:
    """Posts have come to another thread of their group, and numbers may have changed.

    `how` is one of split, merged, undone; `post_ids` are the posts that are in another thread now,
    and `author_id` is whose thread that thread is, or was before a merge.
    """

    thread_ids: tuple[int, ...]
    post_ids: tuple[int, ...]
    author_id: int | None
    how: str
    by_id: int
    at: datetime


@dataclass(frozen=True)
class ReactionGiven:
    """Somebody reacted to a post."""

    post_id: int
    thread_id: int
    author_id: int | None
    account_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class ReactionRemoved:
    """Somebody took a reaction back."""

    post_id: int
    thread_id: int
    account_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class PostsRead:
    """Somebody has read these posts of a thread: ranges of numbers, each first and last."""

    account_id: int
    thread_id: int
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ThreadsRead:
    """People have read on; many readings are written, and told, at once."""

    readings: tuple[PostsRead, ...]
    at: datetime


@dataclass(frozen=True)
class GroupRead:
    """Somebody takes for read what was said in a group's threads until then."""

    account_id: int
    group_id: int
    until: datetime
    at: datetime


@dataclass(frozen=True)
class ThreadUnfollowed:
    """Somebody wants to be told no more of what is said in a thread."""

    account_id: int
    thread_id: int
    at: datetime
