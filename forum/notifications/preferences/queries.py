"""Reads about what somebody has chosen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from forum.accounts.policy import Viewer, person_id
from forum.core import clock
from forum.core.db import at_most, current_session
from forum.core.text.alphabets import letters
from forum.groups import policy as groups
from forum.groups.models import Group, Membership
from forum.notifications.models import Notification
from forum.notifications.notification_choices import CHANNELS, MODERATORS, TOLD, Choice
from forum.notifications.preferences import policy as preferences
from forum.notifications.preferences.models import (
    DIGEST_HOUR,
    ZONE,
    NotificationChoice,
    NotificationSettings,
)
from forum.notifications.registry import names_by_choice

Chosen = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Settings:
    """When somebody is told nothing, and when their digest comes; see `NotificationSettings`."""

    zone: str = ZONE
    quiet_from: int | None = None
    quiet_until: int | None = None
    digest_day: int = 0
    digest_hour: int = DIGEST_HOUR
    shows_details: bool = False
    break_until: datetime | None = None
    is_saved: bool = False

    @property
    def on_break(self) -> bool:
        """Whether they want to be told nothing at all for now."""
        return self.break_until is not None and self.break_until > clock.now()


class WatchedGroup(NamedTuple):
    """A group of somebody, and of what in it they are told: one of WATCH_LEVELS."""

    id: int
    slug: str
    name: str
    level: str


def settings_of(viewer: Viewer) -> Settings:
    """Return somebody's settings, or the defaults. Raises LoginNeeded."""
    row = current_session().get(NotificationSettings, person_id(viewer))
    if row is None:
        return Settings()
    return Settings(
        row.zone,
        row.quiet_from,
        row.quiet_until,
        row.digest_day,
        row.digest_hour,
        row.shows_details,
        row.break_until,
        is_saved=True,
    )


def choices_of(viewer: Viewer) -> list[Choice]:
    """Return what there is for this person to choose about, in order. Raises LoginNeeded."""
    person_id(viewer)
    return [
        choice for choice, names in names_by_choice().items() if _is_asked(viewer, choice, names)
    ]


def chosen_by(viewer: Viewer) -> Chosen:
    """Return how often somebody is told, by the names of choice and channel. Raises LoginNeeded."""
    rows = current_session().execute(
        select(
            NotificationChoice.choice, NotificationChoice.channel, NotificationChoice.frequency
        ).where(NotificationChoice.account_id == person_id(viewer))
    )
    mine = {(row.choice, row.channel): row.frequency for row in rows}
    return {
        (choice.name, channel): mine.get((choice.name, channel), choice.defaults[channel])
        for choice in names_by_choice()
        for channel in CHANNELS
    }


def watched_groups(viewer: Viewer) -> list[WatchedGroup]:
    """Return the groups of somebody, by name, and of what in each they are told.

    Raises LoginNeeded.
    """
    mine: Select[*tuple[Any, ...]] = (
        select(Group.id, Group.slug, Group.name, preferences.watch_level().label("level"))
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == person_id(viewer), groups.belongs(viewer.sql_id()))
    )
    found = current_session().execute(mine)
    return letters.in_order([WatchedGroup(*row) for row in found])


def _is_asked(viewer: Viewer, choice: Choice, names: list[str]) -> bool:
    me = viewer.sql_id()
    some: dict[str, Select[int]] = {
        MODERATORS: select(Group.id).where(groups.moderates(me)),
        TOLD: select(Notification.id).where(
            Notification.account_id == me, Notification.type.in_(names)
        ),
    }
    if choice.asked_of not in some:
        return True
    return current_session().scalar(some[choice.asked_of].limit(at_most(1))) is not None
