"""What may be written about a group: every limit and its words."""

import re
import unicodedata
from collections.abc import Mapping
from functools import partial
from typing import Any, TypedDict

from forum.core import ids, text
from forum.core.errors import Invalid, together
from forum.core.translation import _, lazy
from forum.core.web.forms import edit_conflicts
from forum.groups.models import APPROVAL, HIDDEN, OPEN, PEER, PROFESSIONAL

SLUG_MAX = 60
SLUG = re.compile(rf"[a-z0-9-]{{3,{SLUG_MAX}}}")
RESERVED = {"new"}
JOIN_MESSAGE_MAX = 500
USES_MAX, DAYS_MAX = 100, 90
LIMITS = {
    "name": (3, 80),
    "topic": (0, 60),
    "description": (0, 2_000),
    "guidelines": (0, 5_000),
    "welcome": (0, 2_000),
}
LABELS = {
    "name": lazy("Name"),
    "topic": lazy("Topic"),
    "description": lazy("What this group is for"),
    "guidelines": lazy("Guidelines"),
    "welcome": lazy("Welcome message"),
    "visibility": lazy("Who can join"),
    "leader_kind": lazy("Who leads it"),
    "readable_by_all": lazy("Public: anyone on the internet can read the threads"),
    "premoderate_first_posts": lazy("Approve each new member's first post before others see it"),
    "private_messages": lazy("Members can ask each other for a private conversation"),
    "messages_with_moderators": lazy(
        "Facilitators and moderators can have private conversations with members"
    ),
}
OPTIONS = {
    OPEN: lazy("Anyone can join"),
    APPROVAL: lazy("Moderators approve each new member"),
    HIDDEN: lazy("Hidden: by invitation only"),
    PEER: lazy("Peers: people who have been there themselves"),
    PROFESSIONAL: lazy("Professionals"),
}
ON_ONE_LINE = {"name", "topic"}
CHOICES = {"visibility": (OPEN, APPROVAL, HIDDEN), "leader_kind": (PEER, PROFESSIONAL)}
BOOLEANS = (
    "readable_by_all",
    "premoderate_first_posts",
    "private_messages",
    "messages_with_moderators",
)
WIDE_REACHING = {"visibility", "leader_kind", "readable_by_all", "messages_with_moderators"}
EDITABLE = (*LIMITS, *CHOICES, *BOOLEANS)


class Details(TypedDict, total=False):
    """Everything about a group that its people can change."""

    name: str
    topic: str
    description: str
    guidelines: str
    welcome: str
    visibility: str
    leader_kind: str
    readable_by_all: bool
    premoderate_first_posts: bool
    private_messages: bool
    messages_with_moderators: bool


def cleaned(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return details as they are stored. Raises Invalid, naming every field that is wrong."""
    return together(**{field: partial(_checked, field, value) for field, value in details.items()})


def agree(visibility: str, readable_by_all: bool) -> None:
    """Raise Invalid when a group would be hidden and readable by everybody at once."""
    if visibility == HIDDEN and readable_by_all:
        raise Invalid(fields={"readable_by_all": _("A hidden group can't be public.")})


def version(group: Any) -> str:
    """Return the version of a group's settings."""
    return edit_conflicts.version_of([getattr(group, name) for name in EDITABLE])


def require_same(group: Any, shown: str | None, details: Mapping[str, Any]) -> None:
    """Raise EditConflict when somebody has changed the settings since they were shown."""
    now = {
        str(LABELS[name]): _as_words(getattr(group, name))
        for name, value in details.items()
        if name in EDITABLE and getattr(group, name) != value
    }
    edit_conflicts.require_unchanged(shown, version(group), now)


def _as_words(value: str | bool) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(OPTIONS.get(value, value))


def number(value: str | int, field: str, most: int) -> int:
    """Return a number from 1 to `most`. Raises Invalid for `field` otherwise."""
    given = ids.number(str(value).strip(), 99_999)
    if given is None or not 1 <= given <= most:
        raise Invalid(fields={field: _("Enter a number from 1 to %(most)s.", most=most)})
    return given


def _checked(field: str, value: Any) -> Any:
    if field in BOOLEANS:
        return bool(value)
    if not isinstance(value, str):
        raise Invalid(fields={field: _("Please type this in words.")})
    if field in LIMITS:
        check = text.one_line if field in ON_ONE_LINE else text.checked
        least, most = LIMITS[field]
        return check(value, field, least=least, most=most, name=str(LABELS[field]))
    if field in CHOICES:
        if value not in CHOICES[field]:
            raise Invalid(fields={field: _("Choose one of the options.")})
        return value
    if field != "slug":
        raise TypeError(f"a group has no {field} that can be written")
    return _slug(value)


def slug_from(name: str) -> str:
    """Return an address made from a group's name; empty where the name has too few such letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:SLUG_MAX].strip("-")
    return made if SLUG.fullmatch(made) else ""


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise Invalid(
            fields={
                "slug": _("Use 3 to 60 of the letters a to z, the numbers 0 to 9 and hyphens (-).")
            }
        )
    if value in RESERVED:
        raise Invalid(
            fields={"slug": _("The forum itself uses this address. Choose a different one.")}
        )
    return value
