"""What is to be sent is written with the notification, for whom it reaches and who wants it."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.core import clock, db
from forum.core.db import transaction
from forum.notifications import service as notifications
from forum.notifications.channels import registry
from forum.notifications.notification_choices import (
    AT_ONCE,
    CHANNELS,
    DAILY,
    DIRECT,
    FREQUENCIES,
    NEVER,
)
from forum.notifications.outbox import service as outbox
from forum.notifications.outbox.models import DROPPED
from forum.notifications.registry import all_types
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.databases.query_counts import executed_statements
from tests.support.worlds.outbox_world import PostBox, Readers, deliveries, selected


@pytest.fixture
def box(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PostBox:
    """Return the only channel."""
    return PostBox().use(monkeypatch)


def test_every_type_says_what_it_is_and_tells_no_title_outside(app: Flask) -> None:
    for one in all_types():
        assert "%" not in str(one.outside or one.text), one.name
        assert set(one.choice.defaults) == set(CHANNELS)
        assert set(one.choice.defaults.values()) <= set(FREQUENCIES)


def test_a_reply_is_written_down_with_its_notification(box: PostBox) -> None:
    world = Readers()
    world.reply()
    (written,) = deliveries()
    assert (written.account_id, written.type, written.state) == (
        world.reader.id,
        "reply",
        "waiting",
    )
    assert written.event_key == f"notification:{written.notification_id}"


def test_many_replies_before_it_is_read_are_one_delivery(box: PostBox) -> None:
    world = Readers()
    for _ in range(5):
        world.reply()
    assert len(deliveries()) == 1


def test_a_mention_comes_instead_of_the_reply_and_is_more_urgent(box: PostBox) -> None:
    world = Readers()
    world.reply(f"Hello @{world.reader.handle}")
    (written,) = deliveries()
    assert (written.type, written.urgency) == ("mention", DIRECT)


def test_what_is_not_committed_is_not_sent(box: PostBox) -> None:
    world = Readers()
    with pytest.raises(ZeroDivisionError), transaction():
        world.reply()
        raise ZeroDivisionError
    assert deliveries() == []


@pytest.mark.parametrize("frequency", [DAILY, NEVER])
def test_who_wants_it_later_or_never_is_not_told_at_once(box: PostBox, frequency: str) -> None:
    world = Readers()
    world.choose(world.reader, frequency)
    world.reply()
    assert deliveries() == []


def test_replies_are_not_sent_at_once_to_who_has_chosen_nothing(box: PostBox) -> None:
    world = Readers()
    other = make.join(make.person(), world.group)
    make.post(other, world.thread)
    world.reply()
    assert {one.account_id for one in deliveries()} == {world.reader.id}


def test_on_a_break_nothing_is_written_but_what_presses(box: PostBox) -> None:
    world = Readers()
    world.set(world.reader, break_until=clock.now() + timedelta(days=3))
    world.reply()
    assert deliveries() == []
    accounts.give_recovery_codes(world.reader.id or 0)
    assert [one.type for one in deliveries()] == ["codes_renewed"]


def test_reactions_are_never_sent_at_once(box: PostBox) -> None:
    world = Readers()
    world.choose(world.reader, AT_ONCE, ("reactions",))
    mine = make.post(world.reader, world.thread)
    threads.react(world.author, mine.id, "hug", on=True)
    assert deliveries() == []


def test_what_is_withdrawn_is_no_longer_to_be_sent_and_may_come_again(box: PostBox) -> None:
    me = make.person().id or 0
    for _ in range(2):
        accounts.give_recovery_codes(me)
    first, second = deliveries()
    notifications.withdraw([second.type], 2)
    assert [one.id for one in deliveries()] == [first.id]


def test_without_a_channel_a_reply_asks_nothing_more_and_with_one_a_single_statement(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "available", tuple)
    world, counts = Readers(), []
    world.reply()
    for use in (False, True):
        if use:
            monkeypatch.undo()
            PostBox().use(monkeypatch)
        db.release_session()
        with executed_statements() as words:
            world.reply()
        counts.append(len(words))
    assert counts[1] == counts[0] + 1


def test_an_event_without_a_notification_is_written_once(box: PostBox) -> None:
    me = make.person().id or 0
    for _ in range(2):
        outbox.enqueue(
            selected([me]), channel="email", event_key="digest:1", type_="digest", urgency=3
        )
    assert len(deliveries()) == 1


def test_somebody_who_closes_their_account_is_sent_nothing_more(box: PostBox) -> None:
    world = Readers()
    world.reply()
    accounts.close(world.reader.id or 0)
    assert deliveries() == []


def test_what_ended_a_month_ago_is_forgotten(box: PostBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "FORGOTTEN_AT_ONCE", 2)
    people = [make.person().id or 0 for _ in range(5)]
    outbox.enqueue(
        selected(people), channel="email", event_key="digest:1", type_="digest", urgency=3
    )
    with transaction() as session:
        for one in deliveries()[:4]:
            kept = session.merge(one)
            kept.state, kept.ended_at = DROPPED, clock.now() - timedelta(days=31)
    outbox.forget_old()
    assert len(deliveries()) == 1
