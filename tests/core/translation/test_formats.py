"""Dates, numbers and lists by language."""

from datetime import UTC, date, datetime

import pytest

from forum.core.translation import formats, using

AT = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "short", "in_full", "meeting"),
    [
        (
            "en",
            "1 December 2026",
            "1 Dec 2026, 19:30",
            "Tuesday, 1 December 2026, 19:30",
            "Tuesday 1 December, 7:30pm",
        ),
        (
            "de",
            "1. Dezember 2026",
            "1. Dez. 2026, 19:30",
            "Dienstag, 1. Dezember 2026, 19:30",
            "Dienstag, 1. Dezember, 19:30",
        ),
        (
            "es",
            "1 de diciembre de 2026",
            "1 dic 2026, 19:30",
            "martes, 1 de diciembre de 2026, 19:30",
            "martes, 1 de diciembre, 19:30",
        ),
    ],
)
def test_moments(language: str, day: str, short: str, in_full: str, meeting: str) -> None:
    with using(language):
        assert formats.day(AT) == formats.day(date(2026, 12, 1)) == day
        assert formats.short_day_and_time(AT) == short
        assert formats.day_and_time_in_full(AT) == in_full
        assert formats.weekday_and_time(AT) == meeting


def test_lists_and_numbers() -> None:
    assert formats.listed(["tea", "bread", "jam"]) == "tea, bread and jam"
    assert formats.listed(["tea", "coffee"], "or") == "tea or coffee"
    assert formats.number(12_345) == "12,345"
    with using("de"):
        assert formats.listed(["Tee", "Brot"]) == "Tee und Brot"
        assert formats.number(12_345) == "12.345"


def test_a_language_without_a_locale_has_english_dates() -> None:
    with using("en-made-up"):
        assert formats.day_and_month(AT) == "1 December"
