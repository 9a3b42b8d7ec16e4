"""What else has the words: groups, people in one's own groups, and meetings to come."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer

from forum.accounts import policy as accounts
from forum.accounts.identity.handles import skeleton
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import UtcDateTime, at_most, current_connection
from forum.groups import policy as groups
from forum.groups.models import Group, Membership
from forum.meetings import policy as meetings
from forum.meetings.models import SCHEDULED, Meeting
from forum.search.analysis import stems, tokens
from forum.search.query.meaning import Query

T = TypeVar("T")
GROUPS_MAX, PEOPLE_MAX, MEETINGS_MAX = 5, 8, 5
LOOKED_AT = 500
_ME = bindparam("me", type_=Integer)
_GROUPS = (
    select(Group.id, Group.slug, Group.name, Group.topic, Group.description)
    .where(groups.visible_to(_ME))
    .order_by(Group.id)
)
_MEETINGS = (
    select(
        Meeting.id,
        Meeting.title,
        Meeting.agenda,
        Meeting.starts_at,
        Group.name.label("group_name"),
    )
    .join(Group, Group.id == Meeting.group_id)
    .where(
        meetings.visible_to(_ME),
        Meeting.state == SCHEDULED,
        Meeting.ends_at > bindparam("now", type_=UtcDateTime),
    )
    .order_by(Meeting.starts_at, Meeting.id)
    .limit(at_most(LOOKED_AT))
)
# As for completing a mention: people whom one can talk to, in groups to which both belong.
_PEOPLE = (
    select(Account.handle, Account.handle_sort)
    .join(Membership, Membership.account_id == Account.id)
    .join(Group, Group.id == Membership.group_id)
    .where(
        groups.belongs(_ME),
        accounts.is_active(Account.id),
        groups.meets(_ME, Account.id),
        Account.id != _ME,
        Account.handle_skeleton.like(bindparam("beginning"), escape="/"),
    )
    .distinct()
    .order_by(Account.handle_sort, Account.handle)
    .limit(at_most(PEOPLE_MAX))
)


def find_groups(viewer: Viewer, query: Query) -> list[Any]:
    """Return groups that the viewer may know of, and that are about the words."""
    rows = current_connection().execute(_GROUPS, {"me": viewer.id or 0})
    return _with_words(rows, query, lambda row: (row.name, row.topic, row.description), GROUPS_MAX)


def find_meetings(viewer: Viewer, query: Query) -> list[Any]:
    """Return meetings to come that the viewer may know of, and that are about the words."""
    if viewer.id is None:
        return []
    rows = current_connection().execute(_MEETINGS, {"me": viewer.id, "now": clock.now()})
    return _with_words(rows, query, lambda row: (row.title, row.agenda), MEETINGS_MAX)


def find_people(viewer: Viewer, query: Query) -> list[str]:
    """Return handles, which begin so, of people in the viewer's groups whom they meet."""
    beginning = skeleton(query.text.strip().lstrip("@"))
    if viewer.id is None or not beginning:
        return []
    asked = {"me": viewer.id, "beginning": _literally(beginning)}
    return [row.handle for row in current_connection().execute(_PEOPLE, asked)]


def _literally(beginning: str) -> str:
    """Return what LIKE takes for a beginning in which no sign means any other."""
    return "".join(f"/{sign}" if sign in "%_/" else sign for sign in beginning) + "%"


def _with_words(
    rows: Iterable[T], query: Query, said: Callable[[T], Sequence[str]], most: int
) -> list[T]:
    found = []
    for row in rows:
        if _has_all("\n".join(said(row)), query):
            found.append(row)
            if len(found) == most:
                break
    return found


def _has_all(text: str, query: Query) -> bool:
    line, forms = _known(text)
    return all(not forms.isdisjoint(each) for each in query.forms) and all(
        phrase in line for phrase in query.phrases
    )


@lru_cache(maxsize=512)
def _known(text: str) -> tuple[str, frozenset[str]]:
    words = tokens.words_of(text)
    language = stems.language_of(words)
    forms = {form for word in set(words) for form in stems.forms_in(word, language)}
    return f" {' '.join(words)} ", frozenset(forms)
