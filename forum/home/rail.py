"""What is beside every page of a member on a wide screen: their groups, and what is next."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from forum.accounts.policy import Viewer
from forum.groups import queries as groups
from forum.groups.queries import GroupView, OwnGroup
from forum.home.queries import MemberHome
from forum.home.to_do import QUEUE
from forum.meetings.schedule import queries as meetings
from forum.meetings.schedule.queries import MeetingView
from forum.moderation.queue import stats
from forum.threads.lists import home_lists


class GroupLink(NamedTuple):
    """A group of the member's, and how many of its threads have something new."""

    slug: str
    name: str
    unread: int


class Rail(NamedTuple):
    """A member's groups; with counts and the next meeting where these were asked for."""

    groups: tuple[GroupLink, ...]
    moderates: bool
    counted: bool = False
    next_meeting: MeetingView | None = None
    waiting: int = 0


def links(viewer: Viewer) -> Rail:
    """Return the links alone, which cost one look-up."""
    mine = groups.own_groups(viewer)
    return Rail(_links(mine), _moderates(viewer, mine))


def with_counts(viewer: Viewer) -> Rail:
    """Return the links with what is new behind each."""
    mine = groups.own_groups(viewer)
    moderates = _moderates(viewer, mine)
    unread = home_lists.unread_in_groups(viewer, [group.id for group in mine])
    return Rail(
        _links(mine, {group_id: len(rows) for group_id, rows in unread.items()}),
        moderates,
        True,
        next(iter(meetings.open_or_next(viewer)), None),
        stats.count_waiting(viewer) if moderates else 0,
    )


def of_home(viewer: Viewer, home: MemberHome) -> Rail:
    """Return the same from what the first page shows."""
    return Rail(
        _links(home.groups, home.unread),
        _moderates(viewer, home.groups),
        True,
        next(iter(home.meetings), None),
        next((task.waiting for task in home.tasks if task.address == QUEUE), 0),
    )


def _links(
    mine: Sequence[OwnGroup | GroupView], unread: Mapping[int, int] | None = None
) -> tuple[GroupLink, ...]:
    counts = unread or {}
    return tuple([GroupLink(group.slug, group.name, counts.get(group.id, 0)) for group in mine])


def _moderates(viewer: Viewer, mine: Sequence[OwnGroup | GroupView]) -> bool:
    return viewer.is_administrator or any(group.moderates for group in mine)
