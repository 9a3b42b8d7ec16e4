"""What posts' fragments are made of."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select

from forum.accounts.models import Account
from forum.core.db import AnyRow, current_connection, current_session
from forum.threads import queries
from forum.threads.models import Post, PostReview

_CONTENT = queries.POSTS.outerjoin(PostReview, PostReview.post_id == Post.id).with_only_columns(
    Post.id,
    Post.thread_id,
    Post.number,
    Post.version,
    Post.author_id,
    Account.handle.label("author"),
    Account.public_id.label("author_public_id"),
    Post.html,
    Post.renderer,
    Post.content_note,
    Post.created_at,
    Post.edited_at,
    Post.reactions,
    Post.state,
    PostReview.usual_wait_minutes,
    PostReview.reason,
)
_BY_ID = _CONTENT.where(Post.id.in_(bindparam("ids", expanding=True)))


def load_contents(post_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return the content of these posts for their fragments; the caller has checked who may see."""
    return current_connection().execute(_BY_ID, {"ids": list(post_ids)}).all()


def body_of(post_id: int) -> str:
    """Return a post's source; the caller has checked who may see it."""
    return current_session().scalars(select(Post.body).where(Post.id == post_id)).one()
