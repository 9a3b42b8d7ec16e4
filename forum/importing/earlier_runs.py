"""What an earlier run brought in already: found by the keys that its posts were sent with."""

from collections.abc import Collection

from sqlalchemy import select

from forum.accounts.models import Account
from forum.core.db import current_session
from forum.groups.models import Group, GroupRemoval, Membership
from forum.threads.models import Post, Reaction
from forum.threads.posts.post_creation import PostRef

_PLACE = (Post.id, Post.thread_id, Post.number, Post.version)


def places(author_ids: Collection[int], keys: Collection[str]) -> dict[str, PostRef]:
    """Return where those of these posts are that these authors have sent before."""
    rows = current_session().execute(
        select(Post.idempotency_key, *_PLACE).where(
            Post.author_id.in_(author_ids), Post.idempotency_key.in_(keys)
        )
    )
    return {str(row[0]): PostRef(*row[1:]) for row in rows}


def place(key: str) -> PostRef | None:
    """Return where the thread or post with this key is, by any author; None if nowhere."""
    # Naming all authors lets both databases use the index on (author, key).
    row = (
        current_session()
        .execute(
            select(*_PLACE)
            .where(Post.author_id.in_(select(Account.id)), Post.idempotency_key == key)
            .order_by(Post.id)
            .limit(1)
        )
        .one_or_none()
    )
    return PostRef(*row) if row else None


def group_id(slug: str) -> int | None:
    """Return the id of the group at this address."""
    return current_session().scalar(select(Group.id).where(Group.slug == slug))


def belongs(group: int, account: int) -> bool:
    """Whether this account is a member of the group, in any role."""
    return current_session().get(Membership, (account, group)) is not None


def is_removed(group: int, account: int) -> bool:
    """Whether moderators have removed this account from the group."""
    return current_session().get(GroupRemoval, (account, group)) is not None


def reacted(post_id: int, account: int, kind: str) -> bool:
    """Whether this account has given the post this reaction."""
    return current_session().get(Reaction, (post_id, account, kind)) is not None
