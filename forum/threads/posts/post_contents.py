"""What posts' fragments are made of."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.core.db import AnyRow, reading
from forum.core.db.compiled_sql import Prepared
from forum.threads import queries
from forum.threads.models import Post, PostReview

_CONTENT = queries.POSTS.outerjoin(PostReview, PostReview.post_id == Post.id).with_only_columns(
    Post.id, Post.thread_id, Post.number, Post.version, Post.author_id,
    Account.handle.label("author"), Post.html, Post.renderer, Post.content_note, Post.created_at,
    Post.edited_at, Post.reactions, Post.state, PostReview.usual_wait_minutes, PostReview.reason,
)  # fmt: skip
_ONE = Prepared(_CONTENT.where(Post.id == bindparam("id", type_=Integer)))
_SEVERAL = _CONTENT.where(Post.id.in_(bindparam("ids", expanding=True)))


def load_contents(post_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return what fragments of these posts are made of; whoever asks has checked who may see."""
    if len(post_ids) == 1:
        return _ONE.all(id=next(iter(post_ids)))
    return reading().connection().execute(_SEVERAL, {"ids": list(post_ids)}).all()
