"""What every channel has, what it is given to send, and what may come of that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement

from forum.accounts.policy import ViewerId
from forum.notifications.notification_choices import Choice


@dataclass(frozen=True)
class Message:
    """What somebody is told outside the forum, in their language.

    Others may read it over their shoulder: it holds no title, no name and no words of a post.
    `address` is a path of the forum; `link` says what is there.
    """

    subject: str
    paragraphs: tuple[str, ...]
    address: str
    link: str
    choice: Choice


@dataclass(frozen=True)
class Sent:
    """The channel has taken it."""


@dataclass(frozen=True)
class Retry:
    """It may go well later. With `for_all`, nothing else gets through on this channel just now.

    With `maybe_for_all`, that shows when it happens to several people in a row. `after` is how long
    the other end asks to be left alone.
    """

    reason: str
    for_all: bool = False
    maybe_for_all: bool = False
    after: timedelta = timedelta()


@dataclass(frozen=True)
class Gone:
    """It will never go well: the address or the device is no more, or this is not taken."""

    reason: str


Outcome: TypeAlias = Sent | Retry | Gone


def _do_nothing() -> None:
    pass


def _keep_trying(_account_id: int) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way out of the forum.

    `available` says whether the operator has set it up. `reaches` is the condition that an account
    has given it a way that still works. `send` is given an account, a key that stays the same when
    this is sent again, and the message; it takes no longer than `sender.PATIENCE_S`, and runs
    outside any transaction. `rest` lets go of what it holds, as nothing more waits. `gave_up` is
    told for whom nothing got through for a day. Nobody is sent more than `at_most_an_hour`; see
    `outbox.gathering`.
    """

    name: str
    available: Callable[[], bool]
    reaches: Callable[[ViewerId], ColumnElement[bool]]
    send: Callable[[int, str, Message], Outcome]
    rest: Callable[[], None] = _do_nothing
    at_most_an_hour: int | None = None
    gave_up: Callable[[int], None] = _keep_trying
