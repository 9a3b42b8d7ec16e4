"""Dates, times, numbers and lists as people write them in the language of this request or job."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from forum.core.translation.caches import cached_by_language
from forum.core.translation.languages import SOURCE, current

if TYPE_CHECKING:
    from babel import Locale

LOCALES = {"en": "en_GB"}  # of a language that is written in several ways
DATES_KEPT = 4_096


def day(on: date) -> str:
    """Return a day: "1 December 2026"."""
    return _in_pattern(on, "yMMMMd")


def day_and_month(on: date) -> str:
    """Return a day whose year is plain: "1 December"."""
    return _in_pattern(on, "MMMMd")


def month(on: date) -> str:
    """Return a month: "December 2026"."""
    return _in_pattern(on, "yMMMM")


def weekday(on: date) -> str:
    """Return a day by which people plan: "Tuesday 1 December"."""
    return _in_pattern(on, "MMMMEEEEd")


def weekday_and_time(at: datetime) -> str:
    """Return when a meeting is, on the clock that the moment is given by."""
    return _joined(weekday(at), _in_pattern(at, "time"))


def short_day(on: date) -> str:
    """Return a day in little room: "1 Dec 2026"."""
    return _in_pattern(on, "yMMMd")


def short_day_and_time(at: datetime) -> str:
    """Return a moment in little room: "1 Dec 2026, 14:05"."""
    return _joined(short_day(at), time_of_day(at))


def day_and_time_in_full(at: datetime) -> str:
    """Return a moment with all that is known of it: "Tuesday, 1 December 2026, 14:05"."""
    return _joined(_in_pattern(at, "full"), time_of_day(at))


def time_of_day(at: datetime) -> str:
    """Return what a clock shows: "14:05"."""
    return _in_pattern(at, "Hm")


def number(count: float, places: int | None = None, *, exact: bool = False) -> str:
    """Return a number with its thousands apart: "1,234"; `exact` has all digits of a fraction.

    With `places` it has so many decimal places.
    """
    from babel.numbers import format_decimal  # takes long to load; see below

    pattern, locale = None if places is None else f"#,##0.{'0' * places}", _locale(current())
    return str(format_decimal(count, pattern, locale=locale, decimal_quantization=not exact))


def percent(share: float) -> str:
    """Return a share in whole hundredths: "25%"."""
    from babel.numbers import format_percent

    return str(format_percent(share, locale=_locale(current())))


def listed(items: Iterable[object], style: str = "standard") -> str:
    """Return several things as a sentence names them: "a, b and c"; `or` for a choice."""
    from babel.lists import format_list

    return str(format_list([str(one) for one in items], style, _locale(current())))  # type: ignore[arg-type]


@cached_by_language(DATES_KEPT)
def _in_pattern(at: date, name: str) -> str:
    from babel.dates import format_datetime  # only once a page wants it: start-up stays quick

    with_time = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day)  # noqa: DTZ001
    naive = with_time.replace(tzinfo=None)  # as the clock shows it; Babel would turn it into UTC
    return str(format_datetime(naive, _pattern(current(), name), locale=_locale(current())))


def _joined(on: str, at: str) -> str:
    pattern = str(_locale(current()).datetime_formats["medium"])
    return pattern.replace("{1}", on).replace("{0}", at)


@cache
def _pattern(language: str, name: str) -> str:
    locale = _locale(language)
    full: str = locale.date_formats["full"].pattern
    if name == "full":
        return full
    if name == "time":
        name = "hm" if language == SOURCE else "Hm"
    if name in locale.datetime_skeletons:
        return str(locale.datetime_skeletons[name].pattern).replace("mm a", "mma")
    return _without_year(full)


def _without_year(pattern: str) -> str:
    """Return a date's pattern as it is before the year, and before a word such as "de"."""
    rest = pattern.rstrip("y ,")
    return (rest[: rest.rindex("'", 0, -1)] if rest.endswith("'") else rest).rstrip(" ,")


@cache
def _locale(language: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(LOCALES.get(language, language), sep="_")
    except (UnknownLocaleError, ValueError):  # a language that is made up for tests
        return Locale.parse(LOCALES["en"])
