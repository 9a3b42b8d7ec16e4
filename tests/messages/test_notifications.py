"""Who is told of private messages, how often, and in which words."""

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.messages import participant_state
from forum.messages.requests import service as requests
from forum.notifications import queries as notifications
from forum.notifications.unread_counts import unread_counts
from tests.support import factories
from tests.support.worlds.conversation_world import ConversationWorld


@pytest.fixture
def world(app: Flask) -> ConversationWorld:
    """Return a group of people who may write to each other."""
    return ConversationWorld(app)


def told(world: ConversationWorld, name: str) -> list[tuple[str, bool]]:
    return [(line.type, line.read) for line in notifications.lines(world[name])]


def counts(world: ConversationWorld, name: str) -> tuple[int, int]:
    return unread_counts(world.id_of(name))


def test_a_request_notifies_once_and_its_line_ends_with_the_answer(
    world: ConversationWorld,
) -> None:
    there = world.ask(body="unmistakablewords")
    assert told(world, "robin") == [("message_request", False)]
    assert counts(world, "robin") == (1, 1)
    assert told(world, "wren") == []
    line = notifications.lines(world["robin"])[0]
    assert "unmistakable" not in line.about
    assert "wren" not in line.about
    requests.accept(world["robin"], there)
    assert told(world, "robin") == []


def test_declining_and_withdrawing_end_it(world: ConversationWorld) -> None:
    there = world.ask()
    requests.decline(world["robin"], there)
    assert told(world, "robin") == []
    world.member("third")
    other = world.ask("third", "robin")
    requests.leave(world["third"], other)
    assert told(world, "robin") == []


def test_many_messages_are_one_line_until_they_are_read(world: ConversationWorld) -> None:
    there = world.open()
    for _message in range(3):
        world.send(there, "wren")
    assert told(world, "robin") == [("private_message", False)]
    participant_state.mark_read(world["robin"], there, 4)
    assert told(world, "robin") == [("private_message", True)]
    assert counts(world, "robin") == (0, 0)
    world.send(there, "wren")
    assert told(world, "robin") == [("private_message", False)]


@pytest.mark.parametrize("how", ["mutes it", "mutes them", "blocks", "leaves"])
def test_who_does_not_want_to_hear_is_not_told(world: ConversationWorld, how: str) -> None:
    there = world.open()
    world.send(there, "wren")
    robin = world["robin"]
    if how == "mutes it":
        participant_state.set_muted(robin, there, on=True)
    elif how == "mutes them":
        accounts.mute(robin, world.id_of("wren"))
    elif how == "blocks":
        accounts.block(robin, world.id_of("wren"))
    else:
        requests.leave(robin, there)
    assert told(world, "robin") == []
    assert counts(world, "robin") == (0, 0)
    if how.startswith("mutes"):
        world.send(there, "wren")
        assert told(world, "robin") == []


def test_the_menu_counts_messages_apart(world: ConversationWorld) -> None:
    there = world.open()
    world.send(there, "wren")
    client = world.app.test_client()
    factories.log_in(client, world["robin"])
    page = client.get("/groups").text
    badge = page.split("data-message-badge")[1]
    assert badge.startswith(">1<")
