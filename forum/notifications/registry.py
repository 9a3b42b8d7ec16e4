"""The types of notification. Each is declared in a file of `forum/notifications/types/`, which is
found by being there; slices above this one add theirs in `forum/wiring.py`.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, false, literal

from forum.accounts.policy import ViewerId
from forum.core.events import Handler
from forum.notifications.notification_choices import ALL, ORDINARY, Choice

Visible = Callable[[ViewerId, SQLColumnExpression[Any]], ColumnElement[bool]]
Title = Callable[[SQLColumnExpression[Any]], SQLColumnExpression[Any]]
T = TypeVar("T")
_types: dict[str, "NotificationType"] = {}


def untitled(_about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """Name nothing: the text of the type says it all."""
    return literal("")


def never(_account_id: ViewerId, _about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: a notification of a post has no other row that could be seen."""
    return false()


@dataclass(frozen=True)
class Moments:
    """When what a row tells of is: SQL for an about_id, as its reader may live in another zone.

    `before` is when it was to be until it moved, and `zone` the one that its own clock goes by.
    """

    at: Title
    before: Title
    zone: Title


@dataclass(frozen=True, kw_only=True)
class NotificationType:
    """One type of notification, about a row whose id is its `about_id`.

    `text` may hold %(title)s, which `title` finds for an about_id; `address` holds {id}, or finds
    the address for an about_id. A line is shown only while `visible` says that its reader may see
    the row. Of posts, the template `notifications/_summary.html` words it instead.

    `sent_on` says for an event who receives it, and `about` which field of the event has the
    about_id; earlier ones of the types named in `replaces` about the same row are withdrawn.
    `handled_on` is for what goes another way. The recipient sees it in the badge at once;
    `badge_on` says of what else the badge depends.

    Outside the forum it is told as the account has chosen for its `choice`, the most urgent first,
    and in the words of `outside`, which name nobody and no title; without them, in those of `text`.
    There it leads to `address` after a login; or to `outside_address`, which has to ask for one.

    It is sent only while `watched` still holds for the account and the group, and `timely` for the
    account and the about_id, where the type has these: somebody may have turned away since, or it
    may be too late. Quiet hours delay it no further than an hour before its `deadline`, if it has
    one: later it would be of no use. Of what has `moments` it is said when it is.

    A line may have a button, which its page posts to `button_address`. What is `of_messages` counts
    beside the link to private messages, too.
    """

    name: str
    choice: Choice
    urgency: int = ORDINARY
    text: str = ""
    outside: str = ""
    address: str | Callable[[int], str] = "/posts/{id}"
    outside_address: str = ""
    button: str = ""
    button_address: str = ""
    icon: str = "bell"
    of_messages: bool = False
    title: Title = untitled
    visible: Visible = never
    watched: Visible | None = None
    timely: Visible | None = None
    deadline: Title | None = None
    moments: Moments | None = None
    about: str = ""
    replaces: tuple[str, ...] = ()
    sent_on: Mapping[type, Callable[[Any], Iterable[int | None]]] = field(default_factory=dict)
    handled_on: Mapping[type, Handler] = field(default_factory=dict)
    badge_on: Mapping[type, Handler] = field(default_factory=dict)

    def address_of(self, about_id: int) -> str:
        """Return where a notification about this row leads."""
        if callable(self.address):
            return self.address(about_id)
        return self.address.format(id=about_id)


def register(module: ModuleType) -> None:
    """Add the types that a module declares."""
    for found in vars(module).values():
        for one in found if isinstance(found, tuple) else (found,):
            if isinstance(one, NotificationType):
                _types[one.name] = one


@cache
def _discover() -> None:
    package = importlib.import_module("forum.notifications.types")
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        register(importlib.import_module(found.name))


def all_types() -> Iterable[NotificationType]:
    """Return every type."""
    _discover()
    return tuple(_types.values())


def named(name: str) -> NotificationType:
    """Return the type of this name."""
    _discover()
    return _types[name]


def find(name: str) -> NotificationType | None:
    """Return the type of this name; None for one that this version does not have."""
    _discover()
    return _types.get(name)


def names_by_choice() -> dict[Choice, list[str]]:
    """Return the choices that there are, in the order of the preferences, and their types."""
    by_name = {choice.name: choice for choice in ALL if choice.outside_only}
    names: dict[str, list[str]] = {name: [] for name in by_name}
    for one in all_types():
        by_name[one.choice.name] = one.choice
        names.setdefault(one.choice.name, []).append(one.name)
    order = {choice.name: at for at, choice in enumerate(ALL)}
    found = sorted(names, key=lambda name: order.get(name, len(order)))
    return {by_name[name]: names[name] for name in found}


def sharing(rule: Callable[[NotificationType], T]) -> dict[T, list[str]]:
    """Return the names of types by the rule that they share, so a query holds it once.

    Those about posts have none of their own: `policy` has it.
    """
    shared: dict[T, list[str]] = {}
    for one in all_types():
        if one.visible is not never:
            shared.setdefault(rule(one), []).append(one.name)
    return shared
