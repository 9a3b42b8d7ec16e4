"""Asking for a conversation: who may, how it is answered, and what who asks can never find out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.accounts import service as accounts
from forum.accounts.models import Account
from forum.core import clock, db
from forum.core.db import release_session, transaction
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from forum.groups import service as groups
from forum.groups.models import Membership
from forum.messages import participant_state, policy, queries
from forum.messages.models import ACCEPTED, DECLINED, Conversation
from forum.messages.requests import asking
from forum.messages.requests import service as requests
from tests.support import factories
from tests.support.worlds.conversation_world import ConversationWorld, settle


@pytest.fixture
def world(app: Flask) -> ConversationWorld:
    """Return a group of people who may write to each other."""
    return ConversationWorld(app)


def refused(kind: type[Exception], act: Callable[..., Any], *given: Any, **named: Any) -> str:
    """Return the code with which something is refused."""
    with pytest.raises(kind) as caught:
        act(*given, **named)
    release_session()
    return str(getattr(caught.value, "code", ""))


def test_a_request_is_one_message_until_it_is_accepted(world: ConversationWorld) -> None:
    there = world.ask(body="Could we talk?")
    asked = queries.conversation_for(world["robin"], there)
    assert (asked.state, asked.asked_by_me, asked.other) == ("requested", False, "wren")
    assert queries.conversation_for(world["wren"], there).is_waiting
    assert refused(Conflict, world.send, there, "wren") == "not_accepted"
    assert refused(Conflict, world.send, there, "robin") == "not_accepted"
    assert refused(Conflict, world.ask) == "asked"
    requests.accept(world["robin"], there)
    requests.accept(world["robin"], there)
    world.send(there, "robin")
    world.send(there, "wren")
    assert world.numbers(there, "wren") == world.numbers(there, "robin") == [1, 2, 3]


def test_a_request_is_short_and_sent_once(world: ConversationWorld) -> None:
    too_long = "a" * (policy.REQUEST_MAX + 1)
    refused(Invalid, world.ask, body=too_long)
    refused(Invalid, world.ask, body="  ")
    first = world.ask(key="once", body="a" * policy.REQUEST_MAX)
    assert world.ask(key="once") == first
    assert world.numbers(first, "robin") == [1]


def test_nobody_accepts_or_declines_for_another(world: ConversationWorld) -> None:
    there = world.ask()
    world.member("third", "moderator")
    boss = factories.administrator("boss")
    world.people["boss"] = factories.join(boss, world.group)
    for act in (requests.accept, requests.decline):
        assert refused(Forbidden, act, world["wren"], there) == "own"
        for other in ("third", "boss"):
            refused(NotFound, act, world[other], there)
    refused(NotFound, queries.conversation_for, world["third"], there)


def test_a_declined_request_waits_for_who_asked(world: ConversationWorld) -> None:
    world.member("third")
    declined, waiting = world.ask("wren", "robin"), world.ask("wren", "third")
    requests.decline(world["robin"], declined)
    requests.decline(world["robin"], declined)
    views = [queries.conversation_for(world["wren"], each) for each in (declined, waiting)]
    assert [(view.shown_state, view.is_waiting, view.may_write) for view in views] == [
        ("requested", True, False),
        ("requested", True, False),
    ]
    assert not world.sees(declined, "robin")
    assert world.sees(declined, "wren")
    for to in ("robin", "third"):
        assert refused(Conflict, world.ask, "wren", to) == "asked"
    requests.accept(world["robin"], declined)  # a change of mind
    assert queries.conversation_for(world["wren"], declined).is_open


def test_who_was_declined_and_asks_again_is_not_heard(
    world: ConversationWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.member("third")
    declined, waiting = world.ask("wren", "robin"), world.ask("wren", "third")
    requests.decline(world["robin"], declined)
    for each, to in ((declined, "robin"), (waiting, "third")):
        requests.leave(world["wren"], each)
        assert refused(TooMany, world.ask, "wren", to) == "asked_lately"
    later = clock.now() + policy.ASK_AGAIN_AFTER + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert world.ask("wren", "robin", body="Again") == declined
    assert world.ask("wren", "third", body="Again") == waiting
    assert not world.sees(declined, "robin")
    assert world.numbers(declined, "robin") == []
    assert world.sees(waiting, "third")
    assert world.numbers(waiting, "third") == [2]
    assert queries.conversation_for(world["wren"], declined).shown_state == "requested"


def test_two_requests_that_cross_are_an_agreement(world: ConversationWorld) -> None:
    first = world.ask("wren", "robin")
    assert world.ask("robin", "wren", body="I was just about to write") == first
    assert queries.conversation_for(world["wren"], first).is_open
    assert world.numbers(first, "wren") == [1, 2]


def test_who_has_declined_can_write_first(world: ConversationWorld) -> None:
    there = world.ask("wren", "robin")
    requests.decline(world["robin"], there)
    assert world.ask("robin", "wren") == there
    assert queries.conversation_for(world["wren"], there).is_open


def test_newcomers_cannot_ask_and_can_be_asked(world: ConversationWorld) -> None:
    new = world.member("newcomer", newcomer=True)
    assert refused(Forbidden, world.ask, "newcomer", "robin") == "newcomer"
    thread = factories.thread(new, world.group)
    for _post in range(policy.POSTS_NEEDED):
        factories.post(new, thread.thread_id)
    assert refused(Forbidden, world.ask, "newcomer", "robin") == "newcomer"  # a day old
    quiet = world.member("quiet", newcomer=True)
    with transaction() as session:
        old = update(Account).where(Account.id == quiet.id)
        session.execute(old.values(created_at=clock.now() - timedelta(days=30)))
    assert refused(Forbidden, world.ask, "quiet", "robin") == "newcomer"  # no posts
    requests.accept(new, world.ask("wren", "newcomer"))


def test_five_requests_wait_at_most(world: ConversationWorld) -> None:
    asked = []
    for number in range(policy.OPEN_REQUESTS_MAX):
        world.member(f"other{number}", newcomer=True)
        asked.append(world.ask("wren", f"other{number}"))
    assert refused(TooMany, world.ask) == "open_requests"
    requests.decline(world["other0"], asked[0])  # which nobody can tell from this
    assert refused(TooMany, world.ask) == "open_requests"
    requests.accept(world["other1"], asked[1])
    world.ask()
    requests.leave(world["wren"], asked[2])
    world.member("last", newcomer=True)
    world.ask("wren", "last")


def test_people_who_share_no_group_do_not_know_each_other(world: ConversationWorld) -> None:
    elsewhere = factories.group()
    stranger = factories.join(factories.person("stranger"), elsewhere)
    settle(stranger, elsewhere)
    world.people["stranger"] = stranger
    for by, to in (("stranger", "robin"), ("wren", "stranger"), ("wren", "wren")):
        refused(NotFound, world.ask, by, to)
    refused(
        NotFound,
        lambda: asking.ask(world["wren"], 999_999, body="Hello", idempotency_key="x"),
    )


@pytest.mark.parametrize("who", ["wren", "robin"])
def test_a_block_makes_it_not_exist_for_either(world: ConversationWorld, who: str) -> None:
    there = world.open()
    other = "robin" if who == "wren" else "wren"
    requests.block(world[who], there)
    for name in ("wren", "robin"):
        refused(NotFound, queries.conversation_for, world[name], there)
        refused(NotFound, world.send, there, name)
        assert not world.sees(there, name)
    refused(NotFound, world.ask, other, who)
    assert refused(Forbidden, world.ask, who, other) == "apart"
    accounts.unblock(world[who], world.id_of(other))
    world.send(there, who)


def test_a_blocked_request_does_not_come_back(world: ConversationWorld) -> None:
    there = world.ask()
    requests.block(world["robin"], there)
    accounts.unblock(world["robin"], world.id_of("wren"))
    assert not world.sees(there, "robin")
    assert world.sees(there, "wren")


def test_a_muted_person_is_not_heard_and_not_told(world: ConversationWorld) -> None:
    accounts.mute(world["robin"], world.id_of("wren"))
    there = world.ask()
    assert world.sees(there, "wren")
    assert not world.sees(there, "robin")
    assert refused(Forbidden, world.ask, "robin", "wren") == "apart"


def test_each_person_can_switch_it_off(world: ConversationWorld) -> None:
    there = world.open()
    world.member("third")
    participant_state.set_wants_messages(world["robin"], on=False)
    participant_state.set_wants_messages(world["robin"], on=False)
    assert refused(Forbidden, world.ask, "third", "robin") == "closed"
    world.send(there, "wren")  # what there is goes on
    world.ask("robin", "third")
    participant_state.set_wants_messages(world["robin"], on=True)
    assert world.ask("third", "robin")


def test_each_group_can_switch_it_off(world: ConversationWorld) -> None:
    there = world.open()
    boss = factories.administrator()
    groups.edit_group(boss, world.group, private_messages=False)
    world.member("third")
    assert refused(Forbidden, world.ask, "third", "robin") == "closed"
    assert refused(Forbidden, world.send, there) == "closed"
    both = factories.group()
    for name in ("third", "robin"):
        factories.join(world[name], both)
    assert world.ask("third", "robin")


@pytest.mark.parametrize("role", ["facilitator", "moderator", "administrator"])
def test_no_role_is_between_two_people_without_the_rule(
    world: ConversationWorld, role: str
) -> None:
    boss = factories.administrator("boss")
    if role == "administrator":
        world.people["lead"] = factories.join(factories.administrator("lead"), world.group)
        settle(world["lead"], world.group)
    else:
        world.member("lead", role)
    other = factories.group()
    for name in ("lead", "robin"):
        factories.join(world[name], other)  # where they are equals makes no difference
    for by, to in (("lead", "robin"), ("robin", "lead")):
        assert refused(Forbidden, world.ask, by, to) == "closed"
    if role == "administrator":
        groups.edit_group(boss, other, messages_with_moderators=True)
    groups.edit_group(boss, world.group, messages_with_moderators=True)
    there = world.open("lead", "robin")
    groups.edit_group(boss, world.group, messages_with_moderators=False)
    assert refused(Forbidden, world.send, there, "lead") == "closed"


def test_two_facilitators_can_write_to_each_other(world: ConversationWorld) -> None:
    world.member("one", "facilitator")
    world.member("two", "moderator")
    assert world.open("one", "two")


def test_silenced_people_cannot_write(world: ConversationWorld) -> None:
    there = world.open()
    world.member("third")
    with transaction() as session:
        silence = update(Membership).where(Membership.account_id == world.id_of("wren"))
        session.execute(silence.values(silenced_until=clock.now() + timedelta(days=1)))
    assert refused(Forbidden, world.send, there, "wren") == "silenced"
    assert refused(Forbidden, world.ask, "wren", "third") == "silenced"
    world.send(there, "robin")


def test_leaving_is_for_good_and_the_last_to_leave_deletes(world: ConversationWorld) -> None:
    there = world.open()
    world.send(there, "robin", "Mine")
    requests.leave(world["wren"], there)
    refused(NotFound, queries.conversation_for, world["wren"], there)
    assert refused(Forbidden, world.send, there, "robin") == "closed"
    assert world.numbers(there, "robin") == [1, 2]
    # Who left may come back to the one who stayed, and sees nothing of before.
    assert world.ask("wren", "robin", body="Sorry, I was low") == there
    assert world.numbers(there, "wren") == [3]
    requests.leave(world["wren"], there)
    requests.leave(world["robin"], there)
    release_session()
    with transaction() as session:
        from forum.messages.models import Conversation, PrivateMessage

        assert session.query(Conversation).count() == session.query(PrivateMessage).count() == 0


def test_who_is_left_alone_asks_anew(
    world: ConversationWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = world.open()
    requests.leave(world["robin"], there)
    assert refused(TooMany, world.ask) == "asked_lately"
    later = clock.now() + policy.ASK_AGAIN_AFTER + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert world.ask() == there
    assert queries.conversation_for(world["robin"], there).state == "requested"
    assert world.numbers(there, "robin") == [2]
    assert world.numbers(there, "wren") == [1, 2]


def test_a_block_from_a_profile_declines_what_waits(world: ConversationWorld) -> None:
    asked = world.ask()
    accounts.block(world["robin"], world.id_of("wren"))
    accounts.unblock(world["robin"], world.id_of("wren"))
    state = select(Conversation.state).where(Conversation.id == asked)
    assert db.current_session().scalar(state) == DECLINED
    again = world.ask("robin", "wren")
    assert again == asked
    accounts.mute(world["wren"], world.id_of("robin"))
    assert db.current_session().scalar(state) == ACCEPTED
