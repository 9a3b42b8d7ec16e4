"""The verbs of preferences: choosing anew, taking a break, coming back from it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlalchemy import insert as plain_insert

# Both databases understand this dialect's ON CONFLICT DO UPDATE; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.accounts.login import password_confirmation
from forum.accounts.policy import Viewer, member_id, person_id
from forum.core import clock, time_zones
from forum.core.db import transaction
from forum.core.errors import Invalid, NotFound
from forum.core.events import announce
from forum.core.translation import lazy
from forum.groups.events import MemberLeft
from forum.notifications.events import PreferencesSaved
from forum.notifications.notification_choices import CHANNELS, IN_APP, NEVER, SECURITY
from forum.notifications.preferences import preferences_form, queries
from forum.notifications.preferences.models import (
    WATCH_LEVELS,
    GroupWatch,
    NotificationChoice,
    NotificationSettings,
)
from forum.notifications.preferences.queries import Chosen
from forum.notifications.registry import names_by_choice

PASSWORD_NEEDED = lazy(
    "Enter your password to change how we tell you about the safety of your account."
)


def save(viewer: Viewer, typed: Mapping[str, str]) -> None:
    """Choose what a form says; what it leaves out stays as it is. Raises LoginNeeded, Invalid.

    What tells the owner of an account that its protection has changed is changed with the password
    alone: somebody at an open screen could work unnoticed otherwise.
    """
    account_id = person_id(viewer)
    if _changes_security(viewer, typed):
        if not typed.get("password"):
            raise Invalid(fields={"password": PASSWORD_NEEDED}, code="password_needed")
        password_confirmation.confirmed(viewer, typed["password"])
    with transaction():
        before = queries.chosen_by(viewer)
        wanted = preferences_form.parse(
            typed, queries.settings_of(viewer), before, queries.choices_of(viewer)
        )
        settings = wanted.settings
        _store(
            account_id,
            zone=settings.zone,
            quiet_from=settings.quiet_from,
            quiet_until=settings.quiet_until,
            digest_day=settings.digest_day,
            digest_hour=settings.digest_hour,
            shows_details=settings.shows_details,
        )
        _choose(account_id, wanted.chosen)
        again = _shown_again(before, wanted.chosen)
        announce(PreferencesSaved(account_id, again, clock.now()))


def take_break(viewer: Viewer, until: str) -> date:
    """Tell somebody nothing until that day begins where they are; return the day.

    Raises LoginNeeded, Invalid.
    """
    account_id = person_id(viewer)
    with transaction():
        zone = queries.settings_of(viewer).zone
        day = preferences_form.last_day_of_break(until, zone)
        _store(account_id, break_until=time_zones.midnight(day, zone))
        announce(PreferencesSaved(account_id, (), clock.now()))
    return day


def end_break(viewer: Viewer) -> None:
    """Come back before the break is over; harmless without one. Raises LoginNeeded."""
    account_id = person_id(viewer)
    with transaction():
        _store(account_id, break_until=None)
        announce(PreferencesSaved(account_id, (), clock.now()))


def watch_group(viewer: Viewer, slug: str, level: str) -> None:
    """Choose of what in a group one is told. Raises LoginNeeded, NotFound, Invalid.

    A group to which one does not belong is not found.
    """
    account_id = member_id(viewer)
    with transaction() as session:
        group = next((one for one in queries.watched_groups(viewer) if one.slug == slug), None)
        if group is None:
            raise NotFound
        if level not in WATCH_LEVELS:
            raise Invalid(fields={"level": preferences_form.NO_OPTION})
        mine = insert(GroupWatch).values(account_id=account_id, group_id=group.id, level=level)
        session.execute(
            mine.on_conflict_do_update(
                index_elements=["account_id", "group_id"], set_={"level": level}
            )
        )


def forget_member(event: MemberLeft) -> None:
    """Forget of what in a group somebody was told who leaves it."""
    with transaction() as session:
        session.execute(
            delete(GroupWatch)
            .where(GroupWatch.account_id == event.account_id, GroupWatch.group_id == event.group_id)
            .execution_options(synchronize_session=False)
        )


def _changes_security(viewer: Viewer, typed: Mapping[str, str]) -> bool:
    before = queries.chosen_by(viewer)
    wanted = preferences_form.parse(
        typed, queries.settings_of(viewer), before, queries.choices_of(viewer)
    )
    places = [(SECURITY.name, channel) for channel in CHANNELS]
    return any(before[place] != wanted.chosen[place] for place in places)


def _store(account_id: int, **values: Any) -> None:
    mine = insert(NotificationSettings).values(account_id=account_id, **values)
    with transaction() as session:
        session.execute(mine.on_conflict_do_update(index_elements=["account_id"], set_=values))


def _choose(account_id: int, chosen: Chosen) -> None:
    """Keep what differs from the defaults alone: whoever leaves one follows it when it changes."""
    rows = [
        {
            "account_id": account_id,
            "choice": choice.name,
            "channel": channel,
            "frequency": chosen[choice.name, channel],
        }
        for choice in names_by_choice()
        for channel in CHANNELS
        if chosen[choice.name, channel] != choice.defaults[channel]
    ]
    mine = delete(NotificationChoice).where(
        NotificationChoice.account_id == account_id,
        NotificationChoice.choice.in_([choice.name for choice in names_by_choice()]),
    )
    with transaction() as session:
        session.execute(mine)
        if rows:
            session.execute(plain_insert(NotificationChoice), rows)


def _shown_again(before: Chosen, after: Chosen) -> tuple[str, ...]:
    return tuple(
        name
        for choice, names in names_by_choice().items()
        if before[choice.name, IN_APP] == NEVER != after[choice.name, IN_APP]
        for name in names
    )
