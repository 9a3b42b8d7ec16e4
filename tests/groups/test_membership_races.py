"""Two things that happen to one membership in the same moment: neither is a fault."""

from collections.abc import Callable, Mapping
from itertools import product
from threading import Event, Thread

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.accounts.lifecycle import suspensions
from forum.accounts.policy import PERMANENT
from forum.accounts.relationships import mutes_and_blocks
from forum.core import db
from forum.core.errors import Refusal
from forum.groups import service as groups
from forum.moderation.actions import service as moderation
from forum.privacy import service as privacy
from forum.threads import service as threads
from forum.threads.reader import reader_state
from tests.support import factories
from tests.support.worlds.account_forms import PASSWORD

Act = Callable[["Place"], object]


class Place:
    """A group with somebody in it, to whom two things happen."""

    def __init__(self) -> None:
        self.group = factories.group()
        self.keeper = factories.join(factories.person(), self.group, "moderator")
        self.somebody = factories.join(factories.person(password=PASSWORD), self.group)
        self.other = factories.join(factories.person(), self.group)
        self.post = factories.thread(self.other, self.group)
        db.release_session()

    @property
    def id(self) -> int:
        """Return the number of the one to whom it happens."""
        return self.somebody.id or 0


ACTS: Mapping[str, Act] = {
    "leave": lambda at: groups.leave(at.somebody, at.group),
    "join": lambda at: groups.join(at.somebody, at.group),
    "remove": lambda at: moderation.take_action(
        at.keeper, "remove", at.id, group_id=at.group, reason="Twice"
    ),
    "role": lambda at: groups.set_role(None, at.group, at.id, "facilitator"),
    "suspend": lambda at: suspensions.suspend(at.id, until=PERMANENT, because="Twice"),
    "rename": lambda at: accounts.change_handle(at.somebody, "anothername"),
    "erase": lambda at: privacy.erase_myself(
        at.somebody, posts=privacy.KEEP, password=PASSWORD, confirmed=True
    ),
    "mute": lambda at: mutes_and_blocks.mute(at.somebody, at.other.id or 0),
    "block": lambda at: mutes_and_blocks.block(at.somebody, at.other.id or 0),
    "follow": lambda at: reader_state.follow(at.somebody, at.post.thread_id, on=True),
    "bookmark": lambda at: reader_state.set_bookmark(at.somebody, at.post.id, on=True),
    "react": lambda at: threads.react(at.somebody, at.post.id, "hug", on=True),
    "withdraw": lambda at: threads.react(at.somebody, at.post.id, "hug", on=False),
}
PAIRS = list(product(("leave", "join", "remove"), ACTS))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_what_happens_at_once_is_done_or_refused(app: Flask, first: str, second: str) -> None:
    place = Place()
    begun, faults = Event(), list[BaseException]()

    def attempt(act: Act) -> None:
        try:
            act(place)
        except Refusal:
            pass
        except Exception as fault:
            faults.append(fault)

    def come_second() -> None:
        begun.wait()
        attempt(ACTS[second])
        db.release_session()

    twin = Thread(target=come_second)
    twin.start()
    try:
        with db.transaction():
            attempt(ACTS[first])
            begun.set()
            twin.join(0.05)
    finally:
        begun.set()
        twin.join()
    assert not faults, faults
    db.release_session()
