"""What stands beside every page of a member on a wide screen: their groups, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from forum.accounts.policy import Viewer
from forum.groups import queries as groups
from forum.groups.queries import GroupView, OwnGroup
from forum.home.queries import MemberHome
from forum.home.tasks import QUEUE
from forum.meetings.schedule import queries as meetings
from forum.meetings.schedule.queries import MeetingView
from forum.moderation.queue import stats
from forum.threads.lists import home_lists


@dataclass(frozen=True)
class Rail:
    """A member's groups; with counts and the next meeting where these were asked for.

    `unread` counts threads with something new, by group id.
    """

    groups: Sequence[OwnGroup | GroupView]
    moderates: bool
    unread: dict[int, int] | None = None
    next_meeting: MeetingView | None = None
    waiting: int = 0


def links(viewer: Viewer) -> Rail:
    """Return the links alone, which cost one look-up."""
    mine = groups.own_groups(viewer)
    return Rail(mine, _moderates(viewer, mine))


def with_counts(viewer: Viewer) -> Rail:
    """Return the links with what is new behind each."""
    mine = groups.own_groups(viewer)
    moderates = _moderates(viewer, mine)
    unread = home_lists.unread_in_groups(viewer, [group.id for group in mine])
    return Rail(
        mine,
        moderates,
        {group_id: len(rows) for group_id, rows in unread.items()},
        next(iter(meetings.open_or_next(viewer)), None),
        stats.count_waiting(viewer) if moderates else 0,
    )


def of_home(viewer: Viewer, home: MemberHome) -> Rail:
    """Return the same from what the first page shows."""
    return Rail(
        home.groups,
        _moderates(viewer, home.groups),
        home.unread,
        next(iter(home.meetings), None),
        next((task.waiting for task in home.tasks if task.address == QUEUE), 0),
    )


def _moderates(viewer: Viewer, mine: Sequence[OwnGroup | GroupView]) -> bool:
    return viewer.is_administrator or any(group.moderates for group in mine)
