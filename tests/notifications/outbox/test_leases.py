"""Two workers never have the same delivery, and what one has that died is taken back."""

import time
from dataclasses import replace

import pytest
from flask import Flask

from forum.core import db
from forum.core.db import transaction
from forum.core.mail import connection
from forum.notifications.outbox import leases, sender
from forum.notifications.outbox import service as outbox
from forum.notifications.outbox.leases import Watch
from forum.notifications.outbox.sender import Sender
from tests.support import factories as make
from tests.support.databases.query_counts import sqlite_work
from tests.support.worlds.outbox_world import PostBox, deliveries, selected, states

EMAIL = ("email",)


@pytest.fixture
def waiting(app: Flask) -> int:
    """Let 30 deliveries wait, and return how many there are."""
    people = [make.person().id or 0 for _ in range(30)]
    outbox.enqueue(
        selected(people), channel="email", event_key="digest:1", type_="digest", urgency=3
    )
    return len(people)


def test_two_workers_have_nothing_in_common(waiting: int) -> None:
    first, second, third = (leases.claim(EMAIL) for _ in range(3))
    assert not {one.id for one in first} & {one.id for one in second}
    assert (len(first) + len(second), third) == (waiting, [])


def test_only_who_has_it_may_settle_it(waiting: int) -> None:
    one = leases.claim(EMAIL)[0]
    leases.drop(replace(one, leased_by="another"))
    assert states()[0] == "sending"
    leases.drop(one)
    assert states()[0] == "dropped"


def test_what_was_sent_is_settled_whoever_has_it_meanwhile(waiting: int) -> None:
    one = leases.claim(EMAIL)[0]
    leases.give_back([one])
    leases.note_sent(one)
    assert (states()[0], leases.holds(one)) == ("sent", False)


def test_a_lease_lasts_longer_than_the_slowest_message() -> None:
    slowest = connection.WITHIN_S + 2 * connection.ALL_WITHIN_S
    assert slowest < sender.PATIENCE_S < leases.LEASE_S


def test_what_a_worker_has_that_died_is_taken_back_by_the_clock_of_another(
    waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases.claim(EMAIL)
    watch, now = Watch(), time.monotonic()
    for passed, left in ((0.0, 20), (leases.LEASE_S - 1, 20), (leases.LEASE_S, 0)):
        monkeypatch.setattr("time.monotonic", lambda at=now + passed: at)
        watch.take_back()
        assert states().count("sending") == left


def test_what_goes_on_is_left_to_its_worker(waiting: int, monkeypatch: pytest.MonkeyPatch) -> None:
    one = leases.claim(EMAIL)[0]
    watch, now = Watch(), time.monotonic()
    watch.take_back()
    leases.give_back([one])
    again = leases.claim(EMAIL)
    monkeypatch.setattr("time.monotonic", lambda: now + leases.LEASE_S + 1)
    watch.take_back()
    assert again[0].id in {each.id for each in deliveries() if each.state == "sending"}


def test_one_sender_does_not_run_twice_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    box = PostBox().use(monkeypatch)
    worker, inner = Sender(), []
    make_events(2)
    monkeypatch.setattr(worker, "_send", lambda *_given: inner.append(worker.send_due()))
    worker.send_due(0.1)
    assert inner
    assert not any(inner)
    assert box.taken == []


def make_events(count: int) -> None:
    """Let so many deliveries wait."""
    people = [make.person().id or 0 for _ in range(count)]
    outbox.enqueue(
        selected(people), channel="email", event_key="digest:1", type_="digest", urgency=3
    )


def test_to_claim_takes_no_longer_however_much_waits(waiting: int) -> None:
    if db.engine().dialect.name != "sqlite":
        pytest.skip("SQLite says how much it does")
    before = sqlite_work(lambda: leases.is_due(EMAIL))
    me = make.person().id or 0
    with transaction():
        for n in range(2_000):
            outbox.enqueue(
                selected([me]), channel="email", event_key=f"x:{n}", type_="digest", urgency=n % 4
            )
    assert sqlite_work(lambda: leases.is_due(EMAIL)) <= before + 1
    assert len(leases.claim(EMAIL)) == leases.CLAIMED_AT_ONCE
