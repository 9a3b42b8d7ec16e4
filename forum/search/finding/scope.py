"""Where somebody looks: the groups that they may read, and what the index is asked there."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, not_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from forum.accounts import queries as accounts
from forum.accounts.models import AccountRelationship
from forum.accounts.policy import Viewer
from forum.core.db import at_most, current_connection
from forum.core.text.alphabets import letters
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.search import indexing
from forum.search.analysis import keys
from forum.search.index.interface import PLACE_MAX, Asked
from forum.search.models import POST
from forum.search.query.meaning import Query

_ME = bindparam("me", type_=Integer)
_READABLE = (
    select(Group.id, Group.slug, Group.name).where(groups.readable_by(_ME)).order_by(Group.id)
)
_APART = aliased(AccountRelationship)
APART_MAX = 100  # of a person and a group; the entries of any others are left out afterwards
_UNMET = (
    select(Group.id, _APART.other_id)
    .join(_APART, true())
    .where(
        _APART.viewer_id == _ME, groups.readable_by(_ME), not_(groups.meets(_ME, _APART.other_id))
    )
    .distinct()
    .order_by(Group.id, _APART.other_id)
    .limit(at_most(APART_MAX))
)


class ReadableGroup(NamedTuple):
    """A group in which somebody may read, all but the posts of those whom they do not `meet`."""

    id: int
    slug: str
    name: str
    unmet: tuple[int, ...] = ()


def readable_groups(viewer: Viewer) -> list[ReadableGroup]:
    """Return the groups in which the viewer may read."""
    me = {"me": viewer.id or 0}
    unmet = defaultdict[int, list[int]](list)
    for group_id, other_id in current_connection().execute(_UNMET, me):
        unmet[group_id].append(other_id)
    rows = current_connection().execute(_READABLE, me)
    return [ReadableGroup(*row, tuple(unmet[row.id])) for row in rows]


def asked_of(kind: str, query: Query, groups: Sequence[ReadableGroup]) -> Asked | None:
    """Return what the index is asked about a query; None where nothing can be found."""
    if query.is_empty or query.bad_dates:
        return None
    there = [group for group in groups if all(_is_meant(group, name) for name in query.groups)]
    if not there:
        return None
    authors = tuple((_author_form(handle),) for handle in dict.fromkeys(query.authors))
    wanted = (*query.forms, *authors)
    after = indexing.place_at(query.after) if query.after else 1
    before = indexing.place_at(query.before) - 1 if query.before else PLACE_MAX
    # So the index does not even touch what they wrote: time tells nothing of it.
    unmet = {group.id: tuple(map(keys.by_author, group.unmet)) for group in there}
    without = unmet if kind == POST else {}
    ids = [group.id for group in there]
    return Asked(kind, ids, wanted, query.without_forms, after, before, without)


def _is_meant(group: ReadableGroup, written: str) -> bool:
    wanted = letters.without_accents(written)
    return wanted in (group.slug, letters.without_accents(group.name))


def _author_form(handle: str) -> str:
    # Of a name that nobody has, nothing is found in the same time as of somebody's elsewhere.
    return keys.by_author(accounts.account_id_of_exact(handle) or 0)
