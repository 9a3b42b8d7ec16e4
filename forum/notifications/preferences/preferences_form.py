"""What somebody asks for in the form of preferences, every mistake named by its field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from forum.core import clock, ids, time_zones
from forum.core.errors import Invalid
from forum.core.translation import _, lazy
from forum.notifications.notification_choices import CHANNELS, Choice
from forum.notifications.preferences.queries import Chosen, Settings

NO_OPTION = lazy("Choose one of the options.")
BREAK_AT_MOST = timedelta(days=365)
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class Wanted:
    """What is to hold from now on."""

    settings: Settings
    chosen: Chosen


def field_of(choice: str, channel: str) -> str:
    """Return the name of the field with a choice on a channel."""
    return f"{choice}-{channel}"


def parse(
    typed: Mapping[str, str], settings: Settings, chosen: Chosen, choices: list[Choice]
) -> Wanted:
    """Return what a form asks for; what it does not name stays as it is. Raises Invalid."""
    wrong: dict[str, str] = {}
    new = dict(chosen)
    for choice in choices:
        for channel in CHANNELS:
            field = field_of(choice.name, channel)
            if field not in typed or not choice.offered_on(channel):
                continue
            if typed[field] in choice.offered_on(channel):
                new[choice.name, channel] = typed[field]
            else:
                wrong[field] = NO_OPTION
    zone = typed.get("zone", settings.zone)
    if zone not in time_zones.zones():
        wrong["zone"] = str(time_zones.UNKNOWN)
    quiet_from = _minute(typed, "quiet_from", settings.quiet_from, wrong)
    quiet_until = _minute(typed, "quiet_until", settings.quiet_until, wrong)
    if (quiet_from is None) != (quiet_until is None) and not wrong:
        missing = "quiet_from" if quiet_from is None else "quiet_until"
        wrong[missing] = _("Give both times, or leave both empty.")
    day = _number(typed, "digest_day", settings.digest_day, 6, wrong)
    hour = _number(typed, "digest_hour", settings.digest_hour, 23, wrong)
    details = typed.get("shows_details", "1" if settings.shows_details else "0")
    if details not in {"0", "1"}:
        wrong["shows_details"] = NO_OPTION
    if wrong:
        raise Invalid(fields=wrong)
    return Wanted(
        replace(
            settings,
            zone=zone,
            quiet_from=quiet_from,
            quiet_until=quiet_until,
            digest_day=day,
            digest_hour=hour,
            shows_details=details == "1",
        ),
        new,
    )


def last_day_of_break(typed: str, zone: str) -> date:
    """Return the day on which a break ends. Raises Invalid for none, or one too soon or far."""
    today = time_zones.day_at(clock.now(), zone)
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid(fields={"break_until": _("Choose the day when your break ends.")}) from None
    if day <= today:
        raise Invalid(fields={"break_until": _("Choose a day after today.")})
    if day > today + BREAK_AT_MOST:
        raise Invalid(fields={"break_until": _("Choose a day within the next year.")})
    return day


def clock_of(minute: int | None) -> str:
    """Return a minute of the day as a field shows it: "22:00"."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def _minute(
    typed: Mapping[str, str], field: str, now: int | None, wrong: dict[str, str]
) -> int | None:
    if field not in typed:
        return now
    given = typed[field].strip()
    if not given:
        return None
    found = _HOUR.fullmatch(given)
    if found is None:
        wrong[field] = _("Give the time as hours and minutes, for example 22:00.")
        return None
    return int(found[1]) * 60 + int(found[2])


def _number(
    typed: Mapping[str, str], field: str, now: int, most: int, wrong: dict[str, str]
) -> int:
    if field not in typed:
        return now
    number = ids.number(typed[field], most)
    if number is None:
        wrong[field] = NO_OPTION
    return number or 0
