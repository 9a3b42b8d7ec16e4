"""Two things at once, on a real PostgreSQL: whatever comes first, all agree afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from forum.core.db import release_session, transaction
from forum.core.errors import Conflict, NotFound, Refusal
from forum.messages import policy, queries, service
from forum.messages.content import queries as content_queries
from forum.messages.models import Conversation, PrivateMessage
from forum.messages.requests import service as requests
from tests.support.worlds.conversation_world import ConversationWorld

TIMES = 3


@pytest.fixture
def database_url(real_databases: Any) -> str:
    """Return a fresh PostgreSQL: SQLite lets nobody write at the same time."""
    return str(real_databases.postgresql())


@pytest.fixture
def world(app: Flask) -> ConversationWorld:
    """Return a group of people who may write to each other."""
    return ConversationWorld(app)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do things at the same moment; return what each returned, or how it was refused."""
    ready = Barrier(len(acts))

    def do(act: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            release_session()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def test_two_who_ask_each_other_have_one_conversation(world: ConversationWorld) -> None:
    for turn in range(TIMES):
        for name in (f"one{turn}", f"two{turn}"):
            world.member(name)
        first, second = at_once(
            lambda: world.ask(f"one{turn}", f"two{turn}"),  # noqa: B023 - they are done here
            lambda: world.ask(f"two{turn}", f"one{turn}"),  # noqa: B023
        )
        assert first == second
        assert queries.conversation_for(world[f"one{turn}"], first).is_open
        assert world.numbers(first, f"two{turn}") == [1, 2]


def test_accepting_and_blocking_end_blocked(world: ConversationWorld) -> None:
    for turn in range(TIMES):
        name = f"one{turn}"
        world.member(name)
        there = world.ask(name, "robin")
        at_once(
            lambda: requests.accept(world["robin"], there),  # noqa: B023
            lambda: requests.block(world["robin"], there),  # noqa: B023
        )
        for each in (name, "robin"):
            with pytest.raises(NotFound):
                queries.conversation_for(world[each], there)


def test_sending_while_being_blocked_is_seen_by_nobody(world: ConversationWorld) -> None:
    there = world.open()
    at_once(lambda: world.send(there), lambda: requests.block(world["robin"], there))
    assert world.numbers(there, "robin") == world.numbers(there, "wren") == []


def test_deleting_and_editing_leave_no_words(world: ConversationWorld) -> None:
    there = world.open()
    for _turn in range(TIMES):
        number = world.send(there, "wren", "First")
        deleted, edited = at_once(
            lambda: service.delete_for_both(world["wren"], there, number),  # noqa: B023
            lambda: service.edit_message(world["wren"], there, number, body="x"),  # noqa: B023
        )
        assert deleted is None
        assert edited is None or isinstance(edited, Conflict)
        message = content_queries.message_for(world["robin"], there, number)
        assert (message.body, message.deleted_at is not None) == ("", True)


def test_one_key_is_one_message_and_numbers_have_no_gap(world: ConversationWorld) -> None:
    there = world.open()

    def send(key: str) -> int:
        return service.send_message(world["wren"], there, body="Words", idempotency_key=key)

    sent = at_once(*(lambda: send("same"),) * 4, *(lambda n=n: send(f"other{n}") for n in range(4)))
    assert len(set(sent)) == 5
    assert world.numbers(there, "robin") == list(range(1, 7))
    with transaction() as session:
        versions = [row.version for row in session.query(PrivateMessage)]
        assert len(versions) == len(set(versions))


def test_a_flood_of_requests_stops_at_five(world: ConversationWorld) -> None:
    names = [f"asked{number}" for number in range(policy.OPEN_REQUESTS_MAX + 3)]
    for name in names:
        world.member(name, newcomer=True)
    answers = at_once(*(lambda name=name: world.ask("wren", name) for name in names))
    refused = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert refused == ["open_requests"] * 3
    with transaction() as session:
        assert session.query(Conversation).count() == policy.OPEN_REQUESTS_MAX


def test_both_leave_at_once_and_nothing_is_left(world: ConversationWorld) -> None:
    there = world.open()
    at_once(*(lambda name=name: requests.leave(world[name], there) for name in ("wren", "robin")))
    with transaction() as session:
        assert session.query(Conversation).count() == session.query(PrivateMessage).count() == 0
