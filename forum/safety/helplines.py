"""Where help is, country by country, from data files that an operator may override."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from forum.core.text.alphabets import letters
from forum.settings.values import BadSettings

SHIPPED = Path(__file__).parent / "helplines"
LINKS = ("tel:", "sms:", "mailto:", "https://")


@dataclass(frozen=True)
class ContactOption:
    """A way to reach a line other than calling, with an address where there is one."""

    words: str
    link: str = ""

    def __post_init__(self) -> None:
        if self.link and not self.link.startswith(LINKS):
            raise ValueError(f"{self.link} is not a tel:, sms:, mailto: or https: address")


@dataclass(frozen=True)
class Helpline:
    """One service: whom to reach, when, and what happens then."""

    name: str
    happens: str
    source: str
    hours: str = ""
    numbers: tuple[str, ...] = ()
    other: tuple[ContactOption, ...] = ()


@dataclass(frozen=True)
class Country:
    """A country's emergency numbers and lines, and when they were last looked over."""

    code: str
    name: str
    emergency: tuple[str, ...]
    checked: date
    lines: tuple[Helpline, ...]
    languages: tuple[str, ...] = ()


def load(instance: Path, own: Path | None = None) -> dict[str, Country]:
    """Return all countries by code, the operator's before ours. Raises BadSettings on nonsense.

    The operator's are `helplines.toml` in the instance folder, and all files of the folder `own`.
    """
    found: dict[str, Country] = {}
    files = sorted(own.glob("*.toml")) if own else []
    if own and not files:
        raise BadSettings(f"There is no file with help lines (….toml) in the folder {own}.")
    theirs = [instance / "helplines.toml", *files]
    for path in [*sorted(SHIPPED.glob("*.toml")), *theirs]:
        if path.exists():
            found.update(_read(path))
    return dict(sorted(found.items(), key=lambda item: letters.sort_key(item[1].name)))


def digits(countries: Mapping[str, Country]) -> frozenset[str]:
    """Return the digits of every number in the lists, in which nobody's own number can hide."""
    return frozenset(
        "".join(filter(str.isdigit, number))
        for country in countries.values()
        for number in (*country.emergency, *(n for line in country.lines for n in line.numbers))
    )


def first_guess(countries: Mapping[str, Country], asked: Iterable[str]) -> Country | None:
    """Return the country that a browser's languages (best first) speak of, if one does."""
    spoken = {tag.lower(): each for each in countries.values() for tag in each.languages}
    for tag in (tag.lower().replace("_", "-") for tag in asked):
        language, _, region = tag.rpartition("-")
        found = spoken.get(tag) or countries.get(region.upper() if language else "")
        if found or (found := spoken.get(tag.split("-")[0])):
            return found
    return None


def speaking(countries: Mapping[str, Country], languages: Iterable[str]) -> list[Country]:
    """Return the countries that speak the first of the languages that any of them speaks."""
    for language in languages:
        spoken = language.lower().replace("_", "-").split("-")[0]
        found = [
            each
            for each in countries.values()
            if any(tag.lower().split("-")[0] == spoken for tag in each.languages)
        ]
        if found:
            return found
    return []


def _read(path: Path) -> dict[str, Country]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {code.upper(): _country(code.upper(), table) for code, table in tables.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BadSettings(f"{path} cannot be used: {problem}.") from problem


def _country(code: str, table: dict[str, Any]) -> Country:
    lines = tuple(_line(line) for line in table.pop("lines"))
    year, month = table.pop("checked").split("-")
    numbers = {key: tuple(table.pop(key, ())) for key in ("emergency", "languages")}
    return Country(
        code,
        table.pop("name"),
        checked=date(int(year), int(month), 1),
        lines=lines,
        **numbers,
        **table,
    )


def _line(table: dict[str, Any]) -> Helpline:
    ways = tuple(ContactOption(**way) for way in table.pop("other", ()))
    return Helpline(numbers=tuple(table.pop("numbers", ())), other=ways, **table)
