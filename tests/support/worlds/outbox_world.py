"""A channel for tests that keeps what it is given, and people in a group whom it reaches."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Select, select

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, ViewerId, row_exists
from forum.core.db import current_session, release_session, transaction
from forum.notifications.channels import registry
from forum.notifications.channels.channel import Channel, Message, Outcome, Sent
from forum.notifications.notification_choices import AT_ONCE, EMAIL
from forum.notifications.outbox.models import Delivery
from forum.notifications.outbox.sender import Sender
from forum.notifications.preferences.models import NotificationChoice, NotificationSettings
from tests.support import factories as make

ALL_CHOICES = ("replies", "mentions", "meetings", "decisions")


def everybody(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition: whoever has an account is reached."""
    return row_exists(Account, Account.id == account_id)


def selected(ids: Collection[int]) -> Select[Any]:
    """Return the question for these accounts."""
    return select(Account.id).where(Account.id.in_(ids))


class PostBox:
    """A channel, called `email`, that keeps what it has taken; `answer` says what comes of it."""

    def __init__(self, answer: Callable[[int], Outcome] = lambda _account_id: Sent()) -> None:
        self.taken: list[tuple[int, str, Message]] = []
        self.given_up: list[int] = []
        self.answer = answer
        self.channel = Channel(
            name=EMAIL,
            available=lambda: True,
            reaches=everybody,
            send=self._take,
            gave_up=self.given_up.append,
        )

    def _take(self, account_id: int, key: str, message: Message) -> Outcome:
        outcome = self.answer(account_id)
        if isinstance(outcome, Sent):
            self.taken.append((account_id, key, message))
        return outcome

    def use(self, patch: pytest.MonkeyPatch) -> "PostBox":
        """Be the only channel."""
        patch.setattr(registry, "all_channels", lambda: (self.channel,))
        return self


class Readers:
    """A group with an author and a reader who follows their thread and wants all at once."""

    def __init__(self, channel: str = EMAIL) -> None:
        self.slug = "sleepless"
        self.group = make.group(name="Sleepless", slug=self.slug)
        self.author, self.reader = (make.join(make.person(), self.group) for _ in range(2))
        self.thread = make.thread(self.reader, self.group, title="Nights").thread_id
        self.choose(self.reader, AT_ONCE, channel=channel)

    def reply(self, words: str = "Some words") -> int:
        """Return a new reply of the author."""
        return make.post(self.author, self.thread, body=words).id

    @staticmethod
    def choose(
        viewer: Viewer,
        frequency: str,
        choices: Sequence[str] = ALL_CHOICES,
        *,
        channel: str = EMAIL,
    ) -> None:
        """Let somebody be told so often by mail, or on another channel."""
        with transaction() as session:
            for choice in choices:
                session.merge(
                    NotificationChoice(
                        account_id=viewer.id, choice=choice, channel=channel, frequency=frequency
                    )
                )

    @staticmethod
    def set(viewer: Viewer, **values: object) -> None:
        """Let somebody have these settings."""
        with transaction() as session:
            session.merge(NotificationSettings(account_id=viewer.id, **values))


def deliveries() -> list[Delivery]:
    """Return all deliveries as they are now."""
    release_session()
    return list(current_session().scalars(select(Delivery).order_by(Delivery.id)))


def states() -> list[str]:
    """Return the states of all deliveries."""
    return [one.state for one in deliveries()]


def send() -> int:
    """Send what is due, as a worker of its own."""
    return Sender().send_due()
