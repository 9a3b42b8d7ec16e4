"""The posts that are found. The one rule of who sees what is part of each statement here."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.accounts.preferences import content_note_preferences
from forum.core.db import at_most, current_connection
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.search import index
from forum.search.finding import phrases, ranking, scope
from forum.search.finding.scope import ReadableGroup
from forum.search.index.interface import Asked, Hits
from forum.search.models import POST, SearchEntry
from forum.search.query.meaning import Query
from forum.threads import policy
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread

POSTS_A_PAGE = 20
PAGES_MAX = 25
BEST_OF = 200
NEWEST, BEST = "newest", "best"
_ME = bindparam("me", type_=Integer)
_IDS = bindparam("ids", type_=Integer, expanding=True)


@dataclass(frozen=True)
class Found:
    """A page of posts; `total` is how many there are, if that is known without looking on.

    Where not `all_read`, there may be older ones with the same phrases.
    """

    posts: Sequence[Any]
    more: bool
    total: int | None
    all_read: bool = True


NOTHING = Found((), more=False, total=0)


def find(
    viewer: Viewer, query: Query, there: Sequence[ReadableGroup], page: int, order: str
) -> Found:
    """Return a page of the posts that a query finds, the newest or the best first."""
    asked = scope.asked_of(POST, query, there)
    if asked is None:
        return NOTHING
    asked, all_read = phrases.within_reach(asked, query)
    first = (page - 1) * POSTS_A_PAGE
    if order == BEST:
        hits = ranking.in_order(query, _newest(viewer, asked, query, 0, BEST_OF))
        ids = [hit.ref_id for hit in hits[first : first + POSTS_A_PAGE]]
        more, known = len(hits) > first + POSTS_A_PAGE, len(hits) < BEST_OF
        total = len(hits) if known and all_read else None
        return Found(_details(viewer, ids), more, total, all_read)
    hits = _newest(viewer, asked, query, first, POSTS_A_PAGE + 1)
    more = len(hits) > POSTS_A_PAGE
    posts = _details(viewer, [hit.ref_id for hit in hits[:POSTS_A_PAGE]])
    known = all_read and not more and (bool(hits) or page == 1)
    total = first + len(hits) if known else None
    return Found(posts, more and page < PAGES_MAX, total, all_read)


def any_found(viewer: Viewer, query: Query, there: Sequence[ReadableGroup]) -> bool:
    """Whether a query finds any post that the viewer may see."""
    asked = scope.asked_of(POST, query, there)
    if asked is None:
        return False
    return bool(_newest(viewer, phrases.within_reach(asked, query)[0], query, 0, 1))


def _newest(viewer: Viewer, asked: Asked, query: Query, first: int, most: int) -> list[Any]:
    """Return so many of the visible entries, the newest first."""
    here = index.current()
    values = {"me": viewer.id or 0, "first": first, **here.parameters(asked)}
    for hits in (here.latest_hits, here.hits):
        if hits is None:
            continue
        found = _run(hits, query, most, values)
        if len(found) == most:
            return found
    return found


def _run(hits: Hits, query: Query, most: int, values: dict[str, Any]) -> list[Any]:
    found = _visible(hits, most).where(*phrases.conditions(query))
    return list(current_connection().execute(found, values).all())


@cache
def _visible(hits: Hits, most: int) -> Any:
    return (
        select(SearchEntry.place, SearchEntry.ref_id, SearchEntry.words, SearchEntry.language)
        .select_from(hits.table)
        .join(SearchEntry, SearchEntry.place == hits.place)
        .join(Post, and_(Post.id == SearchEntry.ref_id, SearchEntry.kind == POST))
        .join(Thread, IN_THREAD)
        .join(Group, IN_GROUP)
        .where(*hits.conditions, policy.visible_to(_ME), policy.is_published())
        .order_by(hits.place.desc())
        .limit(at_most(most))
        .offset(bindparam("first", type_=Integer))
    )


_DETAILS = (
    select(
        Post.id,
        Post.thread_id,
        Post.html,
        Post.content_note,
        Post.created_at,
        policy.title_for(_ME).label("title"),
        Account.handle.label("author"),
        Thread.group_id,
        Group.slug.label("group_slug"),
        Group.name.label("group_name"),
        content_note_preferences.LINES.label("note_choices"),
        groups.moderates(_ME).label("moderates"),
    )
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .outerjoin(Account, Account.id == Post.author_id)
    .where(Post.id.in_(_IDS), policy.visible_to(_ME), policy.is_published())
)


def _details(viewer: Viewer, ids: Sequence[int]) -> list[Any]:
    """Return what is shown of posts, in this order; one that was hidden just now is left out."""
    if not ids:
        return []
    rows = current_connection().execute(_DETAILS, {"me": viewer.id or 0, "ids": list(ids)})
    by_id = {row.id: row for row in rows}
    return [by_id[id_] for id_ in ids if id_ in by_id]
