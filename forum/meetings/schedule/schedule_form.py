"""What may be planned: a form's words turned into a plan, every limit named by its field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from forum.core import clock, ids, text, time_zones
from forum.core.errors import Invalid
from forum.core.translation import _, formats
from forum.core.web.forms import edit_conflicts
from forum.groups.models import PEER, PROFESSIONAL
from forum.meetings.models import Series
from forum.meetings.schedule import recurrence

MINUTES, ROOM_SIZE, HOURS, SLOW_MODE_S = (10, 480), (2, 500), (1, 168), (0, 600)
LEFT_OUT_MAX = 60
VANISHES, KEPT = "vanishes", "kept"
DEFAULTS = {
    "title": "",
    "agenda": "",
    "starts_on": "",
    "starts_at": "19:00",
    "minutes": "60",
    "zone": "Europe/London",
    "repeats": recurrence.WEEKLY,
    "times": "",
    "until": "",
    "left_out": "",
    "leader_kind": PEER,
    "room_size": "50",
    "transcript": VANISHES,
    "vanishes_after_hours": "24",
    "greeting": "",
    "turns_only": "",
    "slow_mode_s": "0",
}


@dataclass(frozen=True)
class SeriesDetails:
    """A series as it is stored; `settings` are those that each of its meetings starts with."""

    title: str
    agenda: str
    starts_at: datetime
    zone: str
    minutes: int
    rule: str
    left_out: list[str]
    settings: dict[str, Any]


class _FormReader:
    """Reads fields one by one, and keeps what is wrong with each."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.typed, self.wrong = {**DEFAULTS, **typed}, dict[str, str]()

    def read(self, field: str, check: Callable[[str], Any]) -> Any:
        try:
            return check(self.typed[field].strip())
        except Invalid as refusal:
            self.wrong.update(refusal.fields)
        except ValueError as refusal:
            self.wrong[field] = str(refusal)
        return None

    def number(self, field: str, limits: tuple[int, int]) -> Any:
        return self.read(field, lambda typed: _number(typed, *limits))


def parse_form(typed: Mapping[str, str]) -> SeriesDetails:
    """Return the plan that a form asks for. Raises Invalid, naming every field that is wrong."""
    form = _FormReader(typed)
    title = form.read("title", lambda v: text.one_line(v, "title", least=3, most=150))
    agenda = form.read("agenda", lambda v: text.checked(v, "agenda", most=5_000))
    greeting = form.read("greeting", lambda v: text.checked(v, "greeting", most=1_000))
    day, hour = form.read("starts_on", _day), form.read("starts_at", _hour)
    zone = form.read("zone", _zone)
    repeats = form.read("repeats", lambda v: _one_of(v, recurrence.REPEATS))
    settings = {
        "leader_kind": form.read("leader_kind", lambda v: _one_of(v, (PEER, PROFESSIONAL))),
        "room_size": form.number("room_size", ROOM_SIZE),
        "transcript_kept": form.read("transcript", lambda v: _one_of(v, (VANISHES, KEPT))) == KEPT,
        "vanishes_after_hours": form.number("vanishes_after_hours", HOURS),
        "greeting": greeting,
        "turns_only": form.typed["turns_only"] not in {"", "0", "off", "no", "false"},
        "slow_mode_s": form.number("slow_mode_s", SLOW_MODE_S),
    }
    minutes = form.number("minutes", MINUTES)
    first, rule, left_out = None, "", None
    if day and hour is not None and zone:
        first = datetime.combine(day, hour)
        form.read("starts_on", lambda _v: _require_future(first, zone))
        if repeats:
            rule = form.read("times", lambda _v: _rule(form, repeats, first)) or ""
            left_out = form.read("left_out", lambda v: _left_out(v, first, rule))
    if form.wrong or first is None or left_out is None:
        raise Invalid(fields=form.wrong)
    return SeriesDetails(title, agenda, first, zone, minutes, rule, left_out, settings)


def _rule(form: _FormReader, repeats: str, first: datetime) -> str:
    if repeats == recurrence.ONCE:
        return ""
    endless = recurrence.rule_for(repeats, first.date())
    times, until = form.typed["times"].strip(), form.typed["until"].strip()
    if times and until:
        raise ValueError(_("Choose either a number of meetings or a last day, not both."))
    if times:
        return recurrence.rule_for(
            repeats, first.date(), _number(times, 1, recurrence.OCCURRENCES_MAX)
        )
    if not until:
        return endless
    last_day = form.read("until", _day)
    if last_day is None:
        return ""
    if last_day < first.date():
        raise Invalid(fields={"until": _("Choose a last day after the first meeting.")})
    count = recurrence.count_until(first, endless, last_day)
    if count > recurrence.OCCURRENCES_MAX:
        raise Invalid(
            fields={
                "until": _(
                    "That's more than %(most)s meetings. Choose an earlier last day.",
                    most=recurrence.OCCURRENCES_MAX,
                )
            }
        )
    return recurrence.rule_for(repeats, first.date(), count)


def _left_out(typed: str, first: datetime, rule: str) -> list[str]:
    days = sorted({_day(word) for word in re.split(r"[\s,;]+", typed) if word})
    if len(days) > LEFT_OUT_MAX:
        raise ValueError(_("You can skip up to %(most)s dates.", most=LEFT_OUT_MAX))
    if days:
        meets = set()
        for start in recurrence.wall_clock_starts(first, rule):
            if start.date() > days[-1]:
                break
            meets.add(start.date())
        strange = [day for day in days if day not in meets]
        if strange:
            raise ValueError(
                _("There's no meeting on %(day)s to skip.", day=formats.day(strange[0]))
            )
    left_out = [datetime.combine(day, first.time()).isoformat() for day in days]
    if next(recurrence.wall_clock_starts(first, rule, left_out), None) is None:
        raise ValueError(_("This skips every meeting. Leave at least one."))
    return left_out


def _require_future(first: datetime, zone: str) -> None:
    if not recurrence.exists_on_clock(first, zone):
        raise Invalid(
            fields={
                "starts_at": _(
                    "The clocks go forward on that day and skip this time. Choose another."
                )
            }
        )
    if recurrence.to_utc(first, zone) <= clock.now():
        raise ValueError(_("This is in the past. Choose a later time."))
    if (recurrence.to_utc(first, zone) - clock.now()).days > 730:
        raise ValueError(_("Choose a day within the next two years."))


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise ValueError(_("Give the day as year-month-day, for example 2027-03-09.")) from None
    if not 2000 <= day.year <= 2100:
        raise ValueError(_("Give a day in this century."))
    return day


def _hour(typed: str) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", typed, re.ASCII):
        raise ValueError(_("Give the time as hours and minutes, for example 19:00."))
    return time.fromisoformat(typed)


def _zone(typed: str) -> str:
    if typed not in time_zones.zones():
        raise ValueError(time_zones.UNKNOWN)
    return typed


def _number(typed: str, least: int, most: int) -> int:
    number = ids.number(typed)
    if number is None or not least <= number <= most:
        raise ValueError(_("Give a number from %(least)s to %(most)s.", least=least, most=most))
    return number


def _one_of(typed: str, options: tuple[str, ...]) -> str:
    if typed not in options:
        raise ValueError(_("Choose one of the options."))
    return typed


def edit_version(series: Series) -> str:
    """Return the version of a series that somebody changes."""
    return edit_conflicts.version_of(series.revision)


def require_unchanged(series: Series, first: datetime | None, typed: Mapping[str, str]) -> None:
    """Raise EditConflict when somebody has changed a series since its form was shown."""
    now = {
        name.replace("_", " ").capitalize(): kept
        for name, kept in form_values_of(series, first).items()
        if name in typed and typed[name].strip() != kept
    }
    edit_conflicts.require_unchanged(typed.get(edit_conflicts.FIELD), edit_version(series), now)


def form_values_of(series: Series, first: datetime | None) -> dict[str, str]:
    """Return what a form that changes a series begins with; `first` is its next meeting."""
    count = recurrence.count_of(series.rule)
    if count and first:
        past = sum(
            1 for one in recurrence.wall_clock_starts(series.starts_at, series.rule) if one < first
        )
        count -= past
    left_out = [start for start in series.left_out if not first or start >= first.isoformat()]
    facts = series.settings
    return {
        **DEFAULTS,
        "title": series.title,
        "agenda": series.agenda,
        "starts_on": first.date().isoformat() if first else "",
        "starts_at": f"{series.starts_at:%H:%M}",
        "minutes": str(series.minutes),
        "zone": series.zone,
        "repeats": recurrence.repeats_of(series.rule),
        "times": str(count) if series.rule and count else "",
        "left_out": "\n".join(start[:10] for start in left_out),
        "transcript": KEPT if facts["transcript_kept"] else VANISHES,
        "turns_only": "1" if facts["turns_only"] else "",
        **{
            name: str(facts[name])
            for name in (
                "leader_kind",
                "room_size",
                "vanishes_after_hours",
                "greeting",
                "slow_mode_s",
            )
        },
    }
