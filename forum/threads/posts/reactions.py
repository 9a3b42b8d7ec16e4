"""How many of each reaction a post has; which there are: `groups.reaction_types`."""

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from forum.core.db import current_connection
from forum.threads.models import Reaction

_COUNT_BY_KIND = (
    select(Reaction.kind, func.count().label("given"))
    .where(Reaction.post_id == bindparam("post"))
    .group_by(Reaction.kind)
)


def count_reactions(session: Session, post_id: int) -> dict[str, int]:
    """Return how many of each kind of reaction a post has."""
    session.flush()
    return {
        row.kind: row.given
        for row in current_connection().execute(_COUNT_BY_KIND, {"post": post_id}).all()
    }
