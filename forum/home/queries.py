"""What the first page shows, from the slices whose facts these are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from forum.accounts.policy import VISITOR, Viewer
from forum.groups import queries as groups
from forum.groups.queries import GroupView
from forum.home.first_steps import Step, first_steps
from forum.home.to_do import Task, tasks_of
from forum.meetings.schedule import queries as meetings
from forum.meetings.schedule.queries import MeetingView
from forum.notifications import queries as notifications
from forum.notifications.models import REACTION
from forum.notifications.queries import NotificationView
from forum.notifications.types.crisis_alert import CRISIS_ALERT
from forum.threads.lists import excerpts, home_lists
from forum.threads.lists.excerpts import Excerpt

SHOWN, ANSWERS_WANTED, REPLIES_SHOWN = 10, 5, 5


@dataclass(frozen=True)
class GroupCard:
    """A group as the directory shows it to visitors."""

    slug: str
    name: str
    topic: str
    description: str
    visibility: str
    leader_kind: str
    size_band: str
    readable_by_all: bool


@dataclass(frozen=True)
class MemberHome:
    """A member's first page; `unread` counts threads with something new, by group id.

    `excerpts` are lines of what is new in the threads of `new`, by thread id.
    """

    groups: list[GroupView]
    unread: dict[int, int]
    new: Sequence[Row[Any]]
    excerpts: dict[int, Excerpt]
    unanswered: Sequence[Row[Any]]
    replies: list[NotificationView]
    meetings: list[MeetingView]
    tasks: list[Task]
    steps: list[Step]

    @property
    def open_rooms(self) -> list[MeetingView]:
        """The meetings whose rooms are open."""
        return [meeting for meeting in self.meetings if meeting.is_open]

    @property
    def coming(self) -> list[MeetingView]:
        """The next meeting of each group."""
        return [meeting for meeting in self.meetings if not meeting.is_open]


def group_cards() -> list[GroupCard]:
    """Return the groups that everybody may know of."""
    return [
        GroupCard(
            group.slug,
            group.name,
            group.topic,
            group.summary,
            group.visibility,
            group.leader_kind,
            group.size,
            group.readable_by_all,
        )
        for group in groups.directory(VISITOR)
    ]


def member_home(viewer: Viewer) -> MemberHome:
    """Return what is there for a member."""
    mine = groups.groups_of(viewer)
    coming = meetings.open_or_next(viewer) if mine else []
    new = home_lists.unread_in_groups(viewer, [group.id for group in mine])
    told = [line for line in notifications.lines(viewer) if line.type != REACTION]
    told.sort(
        key=lambda line: line.type != CRISIS_ALERT.name
    )  # before all else, whatever came after it
    latest, unanswered = home_lists.listed_threads(
        viewer,
        home_lists.latest_unread_ids(new, SHOWN),
        home_lists.unanswered_ids(viewer, mine, ANSWERS_WANTED),
    )
    moderates = any(group.moderates for group in mine)
    return MemberHome(
        groups=mine,
        unread={group_id: len(rows) for group_id, rows in new.items()},
        new=latest,
        excerpts=excerpts.first_unread_excerpts(viewer, [row.id for row in latest]),
        unanswered=unanswered,
        replies=[line for line in told if not line.read][:REPLIES_SHOWN],
        meetings=coming,
        tasks=tasks_of(viewer) if moderates or viewer.is_administrator else [],
        steps=first_steps(viewer, coming),
    )
