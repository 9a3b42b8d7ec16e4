"""Any order of anything that two people and others do: the rules hold, and pages agree."""

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import uuid4

from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as property_settings
from hypothesis import strategies as st

from forum.accounts import service as accounts
from forum.core.db import release_session
from forum.core.errors import Refusal
from forum.messages import queries, service
from forum.messages.content import fragments
from forum.messages.content import queries as content_queries
from forum.messages.requests import service as requests
from tests.support.suite.thoroughness import examples
from tests.support.worlds.conversation_world import ConversationWorld

PEOPLE = ("wren", "robin")
ACTS = (
    *("send", "send", "send", "edit", "delete_for_me", "delete_for_both", "react"),
    *("block", "unblock", "mute", "unmute", "leave", "ask", "accept", "decline", "catch_up"),
)
Step = tuple[int, str, int]


class Page:
    """What somebody's open page shows, brought up to date by replay alone."""

    def __init__(self, world: ConversationWorld, name: str, there: int) -> None:
        self.world, self.name, self.there = world, name, there
        self.shown: dict[int, str] = {}
        self.seen = 0

    def catch_up(self) -> None:
        """Ask for what is new, as `conversation:join` does, and again as if an answer was lost."""
        viewer = self.world[self.name]
        for _twice in range(2):
            rows = content_queries.changes_after(viewer, self.there, self.seen, 999)
            html = fragments.for_reader(viewer.id, [row for row in rows if row.shown])
            for row in rows:
                if row.shown:
                    self.shown[row.number] = str(html[row.id])
                else:
                    self.shown.pop(row.number, None)
        self.seen = max(self.seen, content_queries.last_version(viewer, self.there))

    def loaded(self) -> dict[int, str]:
        """Return what the page would show if it were loaded now."""
        viewer = self.world[self.name]
        rows = content_queries.last_messages(viewer, self.there, None)
        html = fragments.for_reader(viewer.id, rows)
        return {row.number: str(html[row.id]) for row in rows}


@property_settings(
    max_examples=examples(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(ACTS), st.integers(1, 4)), max_size=25
    )
)
def test_permission_and_replay_hold_in_any_order(app: Flask, steps: list[Step]) -> None:
    world = _world(app)
    there = world.open()
    pages = {name: Page(world, name, there) for name in PEOPLE}
    blocks: set[str] = set()
    mutes: set[str] = set()
    for who, what, number in steps:
        name, other = PEOPLE[who], PEOPLE[1 - who]
        act = _acts(world, there, name, other, number, pages)[what]
        try:
            act()
        except Refusal:
            pass
        else:
            if what in {"block", "unblock"}:
                (blocks.add if what == "block" else blocks.discard)(name)
            if what in {"mute", "unmute"}:
                (mutes.add if what == "mute" else mutes.discard)(name)
        release_session()
        for each in PEOPLE:
            if blocks or each in mutes:
                assert world.numbers(there, each) == []
                assert not world.sees(there, each)
        assert world.numbers(there, "third") == []
    for page in pages.values():
        gone = not queries.who_sees_conversation(there, {world.id_of(page.name)})
        page.catch_up()
        if not gone:
            now = page.loaded()
            assert {number: page.shown.get(number) for number in now} == now


def _acts(
    world: ConversationWorld,
    there: int,
    name: str,
    other: str,
    number: int,
    pages: dict[str, Page],
) -> dict[str, Callable[[], Any]]:
    me, other_id = world[name], world.id_of(other)
    return {
        "send": lambda: world.send(there, name),
        "edit": lambda: service.edit_message(me, there, number, body=uuid4().hex),
        "delete_for_me": lambda: service.delete_for_me(me, there, number),
        "delete_for_both": lambda: service.delete_for_both(me, there, number),
        "react": lambda: service.react(me, there, number, "hug", on=True),
        "block": lambda: accounts.block(me, other_id),
        "unblock": lambda: accounts.unblock(me, other_id),
        "mute": lambda: accounts.mute(me, other_id),
        "unmute": lambda: accounts.unmute(me, other_id),
        "leave": lambda: requests.leave(me, there),
        "ask": lambda: world.ask(name, other),
        "accept": lambda: requests.accept(me, there),
        "decline": lambda: requests.decline(me, there),
        "catch_up": pages[name].catch_up,
    }


_numbers = count(1)


def _world(app: Flask) -> ConversationWorld:
    """Return people of a group of their own, whatever was before."""
    world = ConversationWorld(app, number=next(_numbers))
    world.member("third", "moderator")
    return world
