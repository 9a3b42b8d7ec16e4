"""The live door: replay after any gap, and each of the two sent only what their page shows."""

from typing import Any

import pytest
from flask import Flask

from forum.accounts import queries as account_queries
from forum.accounts import service as accounts
from forum.core.realtime.socket_events import socketio
from forum.core.web import private_ids
from forum.messages import participant_state, queries, service
from forum.messages.requests import service as requests
from tests.support import factories
from tests.support.worlds.conversation_world import ConversationWorld


@pytest.fixture
def world(app: Flask) -> ConversationWorld:
    """Return a group of people who may write to each other."""
    return ConversationWorld(app)


class OpenPage:
    """Somebody's open page of a conversation."""

    def __init__(self, world: ConversationWorld, name: str, there: int) -> None:
        client = world.app.test_client()
        factories.log_in(client, world[name])
        self.socket = socketio.test_client(world.app, flask_test_client=client)
        self.place = {"conversation_id": private_ids.of(there)}
        self.answer = self.ask("conversation:join", after=0)

    def ask(self, event: str, **fields: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.socket.emit(event, {**self.place, **fields}, callback=True)
        return answer

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        return [
            (one["name"], one["args"][0])
            for one in self.socket.get_received()
            if one["name"].startswith(("message:", "conversation:"))
        ]


def test_messages_arrive_and_are_replayed_alike(world: ConversationWorld) -> None:
    there = world.open()
    wren, robin = (OpenPage(world, name, there) for name in ("wren", "robin"))
    number = world.send(there, "wren", "Live")
    ((name, told),) = robin.heard()
    assert (name, told["number"], told["id"]) == ("message:created", number, number)
    assert "Live" in told["html"]
    assert [name for name, _told in wren.heard()] == ["message:created"]
    replayed = robin.ask("conversation:join", after=robin.answer["version"])
    assert replayed["messages"] == [
        {name: told[name] for name in ("id", "number", "version", "html")}
    ]
    assert replayed["version"] == told["version"]
    service.react(world["robin"], there, number, "hug", on=True)
    ((name, told),) = wren.heard()
    assert name == "message:changed"
    assert "Hug" in told["html"]


def test_what_one_deletes_for_oneself_leaves_ones_own_pages_alone(
    world: ConversationWorld,
) -> None:
    there = world.open()
    number = world.send(there)
    wren, robin = (OpenPage(world, name, there) for name in ("wren", "robin"))
    service.delete_for_me(world["robin"], there, number)
    assert wren.heard() == []
    ((name, told),) = robin.heard()
    assert (name, told["number"]) == ("message:removed", number)
    again = robin.ask("conversation:join", after=99)
    assert [(one["number"], one.get("removed")) for one in again["messages"]] == [(number, True)]


@pytest.mark.parametrize("how", ["declines", "mutes", "reads", "opts out", "saves a draft"])
def test_who_asked_hears_nothing_of_what_is_not_theirs(world: ConversationWorld, how: str) -> None:
    there = world.ask()
    wren = OpenPage(world, "wren", there)
    robin = world["robin"]
    if how == "declines":
        requests.decline(robin, there)
    elif how == "mutes":
        participant_state.set_muted(robin, there, on=True)
    elif how == "reads":
        participant_state.mark_read(robin, there, 1)
    elif how == "opts out":
        participant_state.set_wants_messages(robin, on=False)
    else:
        participant_state.save_draft(robin, there, body="Well")
    assert wren.heard() == []
    answer = wren.ask("conversation:join", after=0)
    assert answer == wren.answer


def test_an_acceptance_is_heard(world: ConversationWorld) -> None:
    there = world.ask()
    wren = OpenPage(world, "wren", there)
    requests.accept(world["robin"], there)
    assert {name for name, _told in wren.heard()} == {"conversation:changed"}
    assert wren.ask("conversation:join", after=0)["may_write"]


def test_a_block_ends_it_on_open_pages(world: ConversationWorld) -> None:
    there = world.open()
    wren, robin = (OpenPage(world, name, there) for name in ("wren", "robin"))
    accounts.block(world["robin"], world.id_of("wren"))
    answers = [page.ask("conversation:join", after=0) for page in (wren, robin)]
    nobody = {**wren.place, "conversation_id": private_ids.of(999)}
    unknown = wren.socket.emit("conversation:join", {**nobody, "after": 0}, callback=True)
    assert answers == [unknown, unknown]
    assert wren.ask("conversation:typing") == unknown
    assert robin.heard() == []


def test_nobody_else_hears_anything(world: ConversationWorld) -> None:
    there = world.open()
    world.member("lead", "moderator")
    world.people["boss"] = factories.administrator("boss")
    pages = [OpenPage(world, name, there) for name in ("lead", "boss")]
    number = world.send(there)
    service.edit_message(world["wren"], there, number, body="Changed")
    requests.leave(world["robin"], there)
    for page in pages:
        assert page.answer["error"]["code"] == "not_found"
        assert page.heard() == []


def test_who_has_left_hears_no_more(world: ConversationWorld) -> None:
    there = world.open()
    wren, robin = (OpenPage(world, name, there) for name in ("wren", "robin"))
    requests.leave(world["robin"], there)
    robin.heard()
    assert {name for name, _told in wren.heard()} == {"conversation:changed"}
    assert not queries.conversation_for(world["wren"], there).may_write
    assert robin.ask("conversation:join", after=0)["error"]["code"] == "not_found"


@pytest.mark.parametrize("invisible", ["", "wren", "robin"])
def test_typing_is_shown_where_both_let_others_see_them(
    world: ConversationWorld, invisible: str
) -> None:
    there = world.open()
    if invisible:
        accounts.change_profile(world[invisible], about="", invisible=True)
        found = account_queries.viewer(world.id_of(invisible))
        assert found
        world.people[invisible] = found
    wren, robin = (OpenPage(world, name, there) for name in ("wren", "robin"))
    assert wren.ask("conversation:typing")["ok"]
    heard = robin.heard()
    assert wren.heard() == []
    assert [name for name, _told in heard] == ([] if invisible else ["conversation:typing"])


def test_reading_is_known_to_nobody_else(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there)
    wren, robin = (OpenPage(world, name, there) for name in ("wren", "robin"))
    assert robin.ask("conversation:seen", number=number)["ok"]
    assert queries.conversation_for(world["robin"], there).read_number == number
    assert wren.heard() == []
    assert robin.ask("conversation:seen", number=2**31 - 1)["ok"]
    assert queries.conversation_for(world["robin"], there).read_number == number


def test_after_too_much_a_page_is_told_to_reload(world: ConversationWorld) -> None:
    there = world.open()
    for _message in range(101):
        world.send(there)
    page = OpenPage(world, "robin", there)
    assert page.answer["reload"]
    assert page.answer["messages"] == []
    assert page.ask("conversation:leave")["ok"]
    world.send(there)
    assert page.heard() == []


def test_events_of_no_conversation_are_refused(world: ConversationWorld) -> None:
    there = world.open()
    page = OpenPage(world, "wren", there)
    for wrong in ("", "x", "0" * 16, "1"):
        answer = page.socket.emit("conversation:join", {"conversation_id": wrong}, callback=True)
        assert answer["error"]["code"] == "not_found"
