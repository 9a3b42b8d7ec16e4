"""Quotations of people whom a reader does not meet are left out of what that reader is shown.

Fragments are the same for everyone (rule 5); those few that quote somebody are changed on the way.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Set

from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer

from forum.accounts.models import Account, Separation
from forum.core import text
from forum.core.db import reading
from forum.groups.models import Group
from forum.threads import policy
from forum.threads.models import Thread

_APART = (
    select(Separation.viewer_id, Account.handle)
    .select_from(Separation)
    .join(Account, Account.id == Separation.other_id)
    .join(Thread, Thread.id == bindparam("thread", type_=Integer))
    .join(Group, Group.id == Thread.group_id)
    .where(
        Separation.viewer_id.in_(bindparam("readers", expanding=True)),
        policy.is_apart(Separation.viewer_id, Separation.other_id),
    )
)


def for_reader(
    reader_id: int | None, thread_id: int, fragments: Mapping[int, Markup]
) -> Mapping[int, Markup]:
    """Return fragments of posts of a thread as one reader is shown them."""
    if not reader_id or not any(map(text.quotes_somebody, fragments.values())):
        return fragments
    names = _apart([reader_id], thread_id).get(reader_id, set())
    return {its_id: _without(html, names) for its_id, html in fragments.items()}


def for_readers(
    readers: Collection[int], thread_id: int, html: Markup
) -> dict[Markup, Collection[int]]:
    """Return one post's fragment as it is shown to whom."""
    if not text.quotes_somebody(html):
        return {html: readers}
    apart = _apart(readers, thread_id)
    shown: dict[Markup, list[int]] = defaultdict(list)
    for reader in readers:
        shown[_without(html, apart.get(reader, set()))].append(reader)
    return {**shown}


def _apart(readers: Collection[int], thread_id: int) -> dict[int, set[str]]:
    found = reading().execute(_APART, {"thread": thread_id, "readers": list(readers)})
    names: dict[int, set[str]] = defaultdict(set)
    for reader, handle in found:
        names[reader].add(text.folded(handle))
    return names


def _without(html: Markup, names: Set[str]) -> Markup:
    return Markup(text.without_quotations_of(html, names))  # noqa: S704 - it was safe before
