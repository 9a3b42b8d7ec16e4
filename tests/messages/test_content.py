"""What is said in a conversation: who may change what, when it is gone, and for whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core import clock, db
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.messages import participant_state, policy, queries, service, sockets
from forum.messages.content import fragments, vanishing
from forum.messages.content import queries as content_queries
from forum.messages.models import PrivateMessage
from forum.messages.requests import service as requests
from tests.support.worlds.conversation_world import ConversationWorld


@pytest.fixture
def world(app: Flask) -> ConversationWorld:
    """Return a group of people who may write to each other."""
    return ConversationWorld(app)


def html(world: ConversationWorld, there: int, by: str, number: int) -> str:
    row = next(
        row for row in content_queries.last_messages(world[by], there, None) if row.number == number
    )
    return str(fragments.for_reader(world.id_of(by), [row])[row.id])


def test_messages_are_numbered_and_sent_once(world: ConversationWorld) -> None:
    there = world.open()
    given = {"body": "Twice", "idempotency_key": "again"}
    first = service.send_message(world["robin"], there, **given)
    assert service.send_message(world["robin"], there, **given) == first
    assert world.numbers(there, "wren") == [1, 2]
    assert queries.conversation_for(world["robin"], there).read_number == 2


@pytest.mark.parametrize("body", ["", "  ", "a" * (policy.MESSAGE_MAX + 1), "a" * 10_000])
def test_messages_have_a_length(world: ConversationWorld, body: str) -> None:
    there = world.open()
    with pytest.raises(Invalid):
        world.send(there, body=body)


def test_markup_is_made_harmless(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there, body="<script>alert(1)</script> [x](javascript:123) **bold**")
    shown = html(world, there, "robin", number)
    assert "<script" not in shown
    assert 'href="javascript' not in shown
    assert "<strong>bold</strong>" in shown


def test_authors_change_their_own_words_for_an_hour(
    world: ConversationWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = world.open()
    number = world.send(there, "wren", "First")
    before = content_queries.last_version(world["robin"], there)
    service.edit_message(world["wren"], there, number, body="Second")
    assert content_queries.last_version(world["robin"], there) == before + 1
    assert "Second" in html(world, there, "robin", number)
    with pytest.raises(Forbidden):
        service.edit_message(world["robin"], there, number, body="Not mine")
    with pytest.raises(Forbidden):
        service.delete_for_both(world["robin"], there, number)
    later = clock.now() + policy.CHANGE_WITHIN + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Conflict):
        service.edit_message(world["wren"], there, number, body="Too late")
    with pytest.raises(Conflict):
        service.delete_for_both(world["wren"], there, number)
    service.delete_for_me(world["wren"], there, number)
    assert world.numbers(there, "wren") == [1]
    assert world.numbers(there, "robin") == [1, 2]


def test_a_message_deleted_for_both_leaves_a_gap_without_words(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there, "wren", "Something private")
    service.react(world["robin"], there, number, "hug", on=True)
    service.delete_for_both(world["wren"], there, number)
    for by in ("wren", "robin"):
        shown = html(world, there, by, number)
        assert "Something private" not in shown
        assert "was deleted" in shown
        assert "Hug" not in shown
    with pytest.raises(Conflict):
        service.edit_message(world["wren"], there, number, body="Back")
    with pytest.raises(Conflict):
        service.react(world["robin"], there, number, "hug", on=True)


def test_deleting_for_oneself_tells_the_other_nothing(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there, "wren")
    before = content_queries.changes_after(world["wren"], there, 0, 100)
    service.delete_for_me(world["robin"], there, number)
    assert content_queries.changes_after(world["wren"], there, 0, 100) == before
    after = content_queries.last_version(world["robin"], there)
    told = content_queries.changes_after(world["robin"], there, after, 100)
    assert [(row.number, row.shown) for row in told] == [(number, False)]
    with pytest.raises(NotFound):
        service.delete_for_me(world["robin"], there, number)


def test_reactions_are_for_what_the_other_wrote(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there, "wren")
    for _twice in range(2):
        service.react(world["robin"], there, number, "hug", on=True)
    assert content_queries.message_for(world["wren"], there, number).reactions == "hug"
    with pytest.raises(Forbidden):
        service.react(world["wren"], there, number, "hug", on=True)
    with pytest.raises(Invalid):
        service.react(world["robin"], there, number, "thumbs_down", on=True)
    service.react(world["robin"], there, number, "hug", on=False)
    assert content_queries.message_for(world["wren"], there, number).reactions == ""


def test_messages_vanish_when_both_have_chosen_the_same(
    world: ConversationWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = world.open()
    participant_state.set_vanishing(world["wren"], there, 24)
    one_sided = world.send(there)
    participant_state.set_vanishing(world["robin"], there, 168)
    differing = world.send(there)
    participant_state.set_vanishing(world["robin"], there, 24)
    agreed = world.send(there)
    for hours in (-1, 1, 25):
        with pytest.raises(Invalid):
            participant_state.set_vanishing(world["wren"], there, hours)
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert world.numbers(there, "robin") == [1, one_sided, differing]
    with pytest.raises(NotFound):
        content_queries.message_for(world["wren"], there, agreed)
    vanishing.delete_vanished()
    vanishing.delete_vanished()
    assert world.numbers(there, "wren") == [1, one_sided, differing]
    assert world.send(there) == agreed + 1


def test_what_one_chooses_is_for_oneself(world: ConversationWorld) -> None:
    there = world.open()
    participant_state.save_draft(world["wren"], there, body="So far", content_note="Grief")
    participant_state.set_muted(world["wren"], there, on=True)
    mine, theirs = (queries.conversation_for(world[name], there) for name in ("wren", "robin"))
    assert (mine.draft_body, mine.draft_content_note, mine.muted) == ("So far", "Grief", True)
    assert (theirs.draft_body, theirs.draft_content_note, theirs.muted) == ("", "", False)
    world.send(there, "wren")
    assert queries.conversation_for(world["wren"], there).draft_body == ""


def test_outsiders_and_those_who_left_reach_nothing(world: ConversationWorld) -> None:
    there = world.open()
    number = world.send(there)
    world.member("boss", "moderator")
    requests.leave(world["robin"], there)
    for name in ("boss", "robin"):
        me = world[name]
        calls: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
            (world.send, (there, name)),
            (service.delete_for_me, (me, there, number)),
            (service.delete_for_both, (me, there, number)),
            (participant_state.mark_read, (me, there, 1)),
            (participant_state.set_vanishing, (me, there, 24)),
            (content_queries.message_for, (me, there, number)),
            (requests.block, (me, there)),
            (requests.leave, (me, there)),
            (requests.accept, (me, there)),
            (requests.decline, (me, there)),
        ]
        for act, given in calls:
            with pytest.raises(NotFound):
                act(*given)
        with pytest.raises(NotFound):
            service.edit_message(me, there, number, body="x")
        with pytest.raises(NotFound):
            service.react(me, there, number, "hug", on=True)
        with pytest.raises(NotFound):
            participant_state.set_muted(me, there, on=True)
        with pytest.raises(NotFound):
            participant_state.save_draft(me, there, body="x")
        assert world.numbers(there, name) == []
        assert not world.sees(there, name)
    message_id = content_queries.message_for(world["wren"], there, number).id
    everybody = {viewer.id or 0 for viewer in world.people.values()}
    assert content_queries.who_sees(message_id, everybody) == {world.id_of("wren")}
    assert queries.who_sees_conversation(there, everybody) == {world.id_of("wren")}


def test_keys_are_asked_for(world: ConversationWorld) -> None:
    there = world.open()
    for key in ("", "k" * 65):
        with pytest.raises(Invalid):
            service.send_message(world["wren"], there, body="x", idempotency_key=key)
    assert service.send_message(world["wren"], there, body="x", idempotency_key=uuid4().hex)


def test_what_is_sent_from_a_profile_vanishes_as_all_else_does(world: ConversationWorld) -> None:
    conversation = world.open()
    for name in ("wren", "robin"):
        participant_state.set_vanishing(world[name], conversation, 24)
    assert world.ask() == conversation
    newest = select(PrivateMessage).order_by(PrivateMessage.id.desc()).limit(1)
    assert db.current_session().scalars(newest).one().vanishes_at is not None


def test_a_key_of_another_conversation_loses_no_words(world: ConversationWorld) -> None:
    world.member("ash")
    with_robin, with_ash = world.open(), world.open("wren", "ash")
    service.send_message(world["wren"], with_robin, body="For Robin", idempotency_key="one")
    with pytest.raises(Conflict, match="send it again"):
        service.send_message(world["wren"], with_ash, body="For Ash", idempotency_key="one")


def test_one_s_own_removals_alone_never_ask_for_a_reload() -> None:
    assert content_queries.REMOVED_LATELY < sockets.CATCH_UP_MAX
