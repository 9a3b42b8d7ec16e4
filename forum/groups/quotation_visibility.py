"""Quotations of people whom a reader does not meet are left out of what that reader is shown.

Fragments are the same for everyone (rule 5); those few that quote somebody are changed on the way.
A quotation holds the name that its author had when it was written, so earlier handles count.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Set

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, literal, not_, select
from sqlalchemy.types import Integer

from forum.accounts import queries as accounts
from forum.accounts.models import AccountRelationship
from forum.core import text
from forum.core.db import current_session
from forum.groups import policy
from forum.groups.models import Group

InGroup = int | Callable[[], ColumnElement[int]]


def for_reader(
    reader_id: int | None, group_id: InGroup, fragments: Mapping[int, Markup]
) -> Mapping[int, Markup]:
    """Return fragments of what was said in a group as one reader is shown them.

    `group_id` is its number, or makes the SQL that finds it; it is looked up only where somebody
    is quoted.
    """
    if not reader_id or not any(map(text.quotes_somebody, fragments.values())):
        return fragments
    names = _apart([reader_id], group_id, fragments.values()).get(reader_id, set())
    return {its_id: _without(html, names) for its_id, html in fragments.items()}


def for_readers(
    readers: Collection[int], group_id: InGroup, html: Markup
) -> dict[Markup, Collection[int]]:
    """Return one fragment as it is shown to whom."""
    if not text.quotes_somebody(html):
        return {html: readers}
    apart = _apart(readers, group_id, [html])
    shown: dict[Markup, list[int]] = defaultdict(list)
    for reader in readers:
        shown[_without(html, apart.get(reader, set()))].append(reader)
    return {**shown}


def in_private(reader_id: int | None, fragments: Mapping[int, Markup]) -> Mapping[int, Markup]:
    """Return fragments of what one person wrote to another as the reader is shown them.

    No group's role matters there: nobody moderates what is said in private.
    """
    if not reader_id or not any(map(text.quotes_somebody, fragments.values())):
        return fragments
    avoided = select(AccountRelationship.viewer_id, AccountRelationship.other_id).where(
        AccountRelationship.viewer_id == reader_id
    )
    names = _names_of(avoided, fragments.values()).get(reader_id, set())
    return {its_id: _without(html, names) for its_id, html in fragments.items()}


def _apart(
    readers: Collection[int], group_id: InGroup, fragments: Iterable[Markup]
) -> dict[int, set[str]]:
    """Return for each reader which names in quotations are of people whom they do not meet."""
    here = literal(group_id, Integer) if isinstance(group_id, int) else group_id()
    apart = (
        select(AccountRelationship.viewer_id, AccountRelationship.other_id)
        .join(Group, Group.id == here)
        .where(
            AccountRelationship.viewer_id.in_(readers),
            not_(policy.meets(AccountRelationship.viewer_id, AccountRelationship.other_id)),
        )
    )
    return _names_of(apart, fragments)


def _names_of(pairs: Select[int, int], fragments: Iterable[Markup]) -> dict[int, set[str]]:
    """Return which quoted names are of the others in pairs of a reader and another."""
    found = current_session().execute(pairs).all()
    if not found:
        return {}
    whose: dict[int, set[str]] = defaultdict(set)
    for name, account_id in accounts.accounts_ever_named(
        set().union(*map(text.quoted_names, fragments))
    ):
        whose[account_id].add(name)
    names: dict[int, set[str]] = defaultdict(set)
    for reader, other in found:
        names[reader] |= whose.get(other, set())
    return names


def _without(html: Markup, names: Set[str]) -> Markup:
    return Markup(text.without_quotations_of(html, names))  # noqa: S704 - it was safe before
