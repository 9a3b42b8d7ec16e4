"""Where somebody looks: the groups that they may read, and what the index is asked there."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer

from forum.accounts import queries as accounts
from forum.accounts.policy import Viewer
from forum.core.db import current_connection
from forum.core.text.alphabets import letters
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.search import indexing
from forum.search.analysis import keys
from forum.search.index.interface import PLACE_MAX, Asked
from forum.search.query.meaning import Query

_ME = bindparam("me", type_=Integer)
_READABLE = (
    select(Group.id, Group.slug, Group.name).where(groups.readable_by(_ME)).order_by(Group.id)
)


class ReadableGroup(NamedTuple):
    """A group in which somebody may read."""

    id: int
    slug: str
    name: str


def readable_groups(viewer: Viewer) -> list[ReadableGroup]:
    """Return the groups in which the viewer may read."""
    rows = current_connection().execute(_READABLE, {"me": viewer.id or 0})
    return [ReadableGroup(*row) for row in rows]


def asked_of(kind: str, query: Query, groups: Sequence[ReadableGroup]) -> Asked | None:
    """Return what the index is asked about a query; None where nothing can be found."""
    if query.is_empty or query.bad_dates:
        return None
    there = [group.id for group in groups if all(_is_meant(group, name) for name in query.groups)]
    if not there:
        return None
    authors = tuple((_author_form(handle),) for handle in dict.fromkeys(query.authors))
    wanted = (*query.forms, *authors)
    after = indexing.place_at(query.after) if query.after else 1
    before = indexing.place_at(query.before) - 1 if query.before else PLACE_MAX
    return Asked(kind, there, wanted, query.without_forms, after, before)


def _is_meant(group: ReadableGroup, written: str) -> bool:
    wanted = letters.without_accents(written)
    return wanted in (group.slug, letters.without_accents(group.name))


def _author_form(handle: str) -> str:
    # Of a name that nobody has, nothing is found in the same time as of somebody's elsewhere.
    return keys.by_author(accounts.account_id_of_exact(handle) or 0)
