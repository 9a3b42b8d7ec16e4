"""What may be written about a study: every limit and its words."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import Any, TypedDict

from forum.core import text, time_zones
from forum.core.errors import Invalid, together
from forum.core.translation import _, lazy

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = {"ledger", "new"}
DOCUMENT_MAX = 20_000
LIMITS = {
    "title": (3, 150),
    "about": (1, 5_000),
    "run_by": (1, 200),
    "ethics": (1, 200),
    "contact": (1, 200),
}
DATES = ("starts_on", "ends_on")
FACTS = (*LIMITS, *DATES, "zone", "linkage")
NAMES = {
    "title": lazy("Title"),
    "about": lazy("What it is for"),
    "run_by": lazy("Who runs it"),
    "ethics": lazy("Ethics approval"),
    "contact": lazy("Contact"),
    "starts_on": lazy("First day"),
    "ends_on": lazy("Last day"),
    "zone": lazy("Time zone"),
    "linkage": lazy("The same random number in several releases"),
    "groups": lazy("Groups"),
}


class Facts(TypedDict, total=False):
    """What a study says of itself; days are ISO 8601 dates or empty, of a zone by its IANA name.

    `linkage` is "yes" where it asks whether people may be followed over releases, or else empty.
    """

    title: str
    about: str
    run_by: str
    ethics: str
    contact: str
    starts_on: str
    ends_on: str
    zone: str
    linkage: str


def slug(given: str) -> str:
    """Return an address that a study may have. Raises Invalid."""
    if not SLUG.fullmatch(given) or len(given) > 60:
        raise Invalid(fields={"slug": _("Use up to 60 small letters, digits and single hyphens.")})
    if given in RESERVED:
        raise Invalid(fields={"slug": _("The forum itself uses this address. Choose another.")})
    return given


def document(given: str) -> str:
    """Return a consent document as it is stored. Raises Invalid."""
    return text.checked(given, "document", least=1, most=DOCUMENT_MAX, name=_("The document"))


def groups(given: Collection[int]) -> set[int]:
    """Return the ids of a study's groups. Raises Invalid for none."""
    if not given:
        raise Invalid(fields={"groups": _("Choose at least one group.")})
    return set(given)


def validated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a study says of itself, as it is stored. Raises Invalid for all that is wrong."""
    clean = together(**{name: partial(_fact, name, given) for name, given in facts.items()})
    starts, ends = clean.get("starts_on"), clean.get("ends_on")
    if starts and ends and ends < starts:
        raise Invalid(fields={"ends_on": _("The last day can't be before the first.")})
    return clean


def zone(given: str) -> str:
    """Return a time zone that there is. Raises Invalid."""
    if given not in time_zones.zones():
        raise Invalid(fields={"zone": time_zones.UNKNOWN})
    return given


def _fact(name: str, given: str) -> Any:
    if name == "zone":
        return zone(given)
    if name == "linkage":
        return _yes(name, given.strip())
    if name in DATES:
        return _day(name, given.strip())
    check = text.checked if name == "about" else text.one_line
    least, most = LIMITS[name]
    return check(given, name, least=least, most=most, name=NAMES[name])


def _yes(name: str, given: str) -> bool:
    if given not in {"", "yes"}:
        raise Invalid(fields={name: _("This can be yes, or left empty.")})
    return given == "yes"


def shown(value: object) -> str:
    """Return a fact of a study as a form shows it."""
    return "yes" if value is True else str(value or "")


def _day(name: str, given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as wrong:
        raise Invalid(
            fields={name: _("Enter a day such as 2027-01-31, or leave it empty.")}
        ) from wrong
