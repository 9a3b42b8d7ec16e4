"""What has changed in a thread since its reader last saw it; rule 4."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func
from sqlalchemy.types import Integer

from forum.accounts.policy import Viewer
from forum.core.db import AnyRow, current_session
from forum.threads import policy, queries
from forum.threads.models import Post

_ME = bindparam("me", type_=Integer)
_ID = bindparam("id", type_=Integer)
_AFTER = (
    queries.POST_REF.add_columns(
        policy.shown_to(_ME).label("shown"),
        queries.UNSEEN,
        func.octet_length(Post.html).label("size"),
    )
    .where(
        Post.thread_id == _ID, Post.version > bindparam("after"), policy.visible_unless_hidden(_ME)
    )
    .order_by(Post.version)
    .limit(bindparam("most"))
)


def changes_after(viewer: Viewer, thread_id: int, after: int, most: int) -> Sequence[AnyRow]:
    """Return the posts that changed after a version, oldest change first, at most `most`.

    Columns as in `posts_between`, `size` in bytes, and `shown`: False where the post is hidden from
    this viewer, who must then be told no more than that it is gone.
    """
    return (
        current_session()
        .execute(_AFTER, {"me": viewer.id or 0, "id": thread_id, "after": after, "most": most})
        .all()
    )
