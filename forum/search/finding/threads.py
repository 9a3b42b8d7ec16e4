"""The threads whose titles have the words."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, select
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import at_most, current_connection
from forum.groups.models import Group
from forum.search import index
from forum.search.finding import phrases, scope
from forum.search.finding.scope import ReadableGroup
from forum.search.index.interface import Asked, Hits
from forum.search.models import THREAD, SearchEntry
from forum.search.query.meaning import Query
from forum.threads import policy
from forum.threads.models import IN_GROUP, Thread

THREADS_MAX = 5
_ME = bindparam("me", type_=Integer)
_AUTHOR = select(Account.handle).where(Account.id == Thread.author_id).scalar_subquery()


def find(viewer: Viewer, query: Query, there: Sequence[ReadableGroup]) -> list[Any]:
    """Return the latest threads that the viewer may see, and whose titles a query finds."""
    asked = scope.asked_of(THREAD, query, there)
    if asked is None or not query.words or query.authors:
        return []
    asked, _all_read = phrases.within_reach(asked, query)
    return with_titles(viewer, asked, THREADS_MAX, *phrases.conditions(query))


def with_titles(viewer: Viewer, asked: Asked, most: int, *conditions: Any) -> list[Any]:
    """Return so many visible threads of those that the index is asked for, the latest first."""
    values = {"me": viewer.id or 0, **index.current().parameters(asked)}
    found = _visible(index.current().hits, most).where(*conditions)
    return list(current_connection().execute(found, values).all())


@cache
def _visible(hits: Hits, most: int) -> Any:
    return (
        select(
            Thread.id,
            Thread.title,
            Thread.group_id,
            Thread.last_post_at,
            Group.slug.label("group_slug"),
            Group.name.label("group_name"),
            case((policy.meets(_ME, Thread.author_id), _AUTHOR)).label("author"),
            SearchEntry.words,
            SearchEntry.language,
        )
        .select_from(hits.table)
        .join(SearchEntry, SearchEntry.place == hits.place)
        .join(Thread, and_(Thread.id == SearchEntry.ref_id, SearchEntry.kind == THREAD))
        .join(Group, IN_GROUP)
        .where(
            *hits.conditions,
            policy.thread_visible_to(_ME),
            Thread.title_hidden.is_(False),
            Thread.last_number > 0,
        )
        .order_by(hits.place.desc())
        .limit(at_most(most))
    )
