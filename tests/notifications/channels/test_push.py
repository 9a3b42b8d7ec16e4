"""Notifications by web push, to a real push service that decrypts what devices are sent."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.accounts.policy import PERMANENT, Viewer
from forum.accounts.queries import viewer_of_session
from forum.core import clock, metrics
from forum.groups import service as groups
from forum.notifications.channels import push
from forum.notifications.channels.channel import Message
from forum.notifications.devices import queries, service
from forum.notifications.notification_choices import (
    ALARMS,
    AT_ONCE,
    DIGESTS,
    NEVER,
    PUSH,
    SECURITY,
    Choice,
)
from forum.notifications.outbox import leases
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.servers.push_services import Browser, PushService, push_service
from tests.support.worlds.outbox_world import Readers, deliveries, send, states

LINE = "Something new in Common Thread"


@pytest.fixture
def pushes(app: Flask) -> Iterator[PushService]:
    """Return the push service that the forum uses."""
    with push_service() as running:
        yield running


@pytest.fixture
def world(pushes: PushService) -> Readers:
    """Return a group with a reader who wants to be told all at once by push."""
    return Readers(PUSH)


def turn_on(pushes: PushService, viewer: Viewer, name: str = "Firefox on Android") -> Browser:
    """Let somebody turn push messages on in another browser, and return it."""
    browser = pushes.browser()
    service.add(logged_in(viewer), **browser.subscription, name=name)
    return browser


def logged_in(viewer: Viewer) -> Viewer:
    """Return somebody as they are in a session of their own."""
    token = accounts.open_session(viewer.id or 0)
    found = viewer_of_session(token)
    assert found
    return found


def test_a_reply_is_told_in_one_neutral_line(pushes: PushService, world: Readers) -> None:
    browser = turn_on(pushes, world.reader)
    Readers.set(world.reader, shows_details=True)  # for mails: no screen shows them
    world.reply("Marzipan words")
    assert send() == 1
    (told,) = pushes.told(browser)
    assert told["title"] == LINE
    assert told["address"].startswith("/notifications/")
    assert told["address"].endswith("/open")
    assert (told["lang"], told["dir"], told["urgent"]) == ("en", "ltr", False)
    words = str(told)
    for private in ("Marzipan", "Nights", "Sleepless", world.author.handle, world.reader.handle):
        assert private not in words
    (arrived,) = pushes.arrived
    assert (arrived.headers["Urgency"], arrived.headers["TTL"]) == ("normal", "86400")
    assert arrived.claims["sub"] == "https://forum.example.org"


def test_it_is_in_the_language_of_its_reader(pushes: PushService, world: Readers) -> None:
    browser = turn_on(pushes, world.reader)
    accounts.change_language(world.reader, "de")
    world.reply()
    send()
    (told,) = pushes.told(browser)
    assert (told["title"], told["lang"]) == ("Neues in Common Thread", "de")


def test_every_device_gets_it_and_nobody_elses(pushes: PushService, world: Readers) -> None:
    mine = [turn_on(pushes, world.reader) for _ in range(2)]
    others = turn_on(pushes, world.author)
    world.reply()
    assert send() == 1
    assert [len(pushes.told(one)) for one in (*mine, others)] == [1, 1, 0]
    keys = {pushes.told(one)[0]["key"] for one in mine}
    assert len(keys) == 1
    assert len({pushes.told(one)[0]["device"] for one in mine}) == 2


def test_all_messages_are_equally_long(pushes: PushService, world: Readers) -> None:
    turn_on(pushes, world.reader)
    world.reply()
    make.post(world.author, world.thread, body=f"Hello @{world.reader.handle}")
    accounts.change_language(world.reader, "es")
    send()
    assert len({len(one.body) for one in pushes.arrived}) == 1


def test_whoever_has_no_device_is_sent_nothing(world: Readers) -> None:
    world.reply()
    assert deliveries() == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(
    pushes: PushService, world: Readers, status: int
) -> None:
    gone = turn_on(pushes, world.reader)
    pushes.answer(gone, status)
    world.reply()
    send()
    assert states() == ["failed"]
    assert queries.devices_of(world.reader) == []
    kept = turn_on(pushes, world.reader)
    make.post(world.author, world.thread, body=f"Hello @{world.reader.handle}")
    assert send() == 1
    assert len(pushes.told(kept)) == 1


def test_one_device_that_is_gone_keeps_it_from_no_other(
    pushes: PushService, world: Readers
) -> None:
    gone, there = (turn_on(pushes, world.reader) for _ in range(2))
    pushes.answer(gone, 410)
    world.reply()
    assert send() == 1
    assert (len(pushes.told(there)), states()) == (1, ["sent"])


def test_a_service_in_trouble_loses_nothing_and_no_device_gets_it_twice(
    pushes: PushService, world: Readers
) -> None:
    there, later = (turn_on(pushes, world.reader) for _ in range(2))
    pushes.answer(later, 503)
    world.reply()
    send()
    assert states() == ["waiting"]
    pushes.answer(later, 201)
    send_when_due()
    assert [len(pushes.told(one)) for one in (there, later)] == [1, 1]
    assert states() == ["sent"]


def test_a_device_that_goes_while_another_has_it_ends_the_delivery(
    pushes: PushService, world: Readers
) -> None:
    there, later = (turn_on(pushes, world.reader) for _ in range(2))
    pushes.answer(later, 503)
    world.reply()
    send()
    pushes.answer(later, 410)
    send_when_due()
    assert (len(pushes.told(there)), states()) == (1, ["sent"])


@pytest.mark.parametrize(
    ("asked", "waits"),
    [("1200", timedelta(minutes=20)), ("5", leases.RETRY_AFTER), ("99999", leases.RETRY_AT_MOST)],
)
def test_it_waits_as_long_as_the_service_asks(
    pushes: PushService,
    world: Readers,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    waits: timedelta,
) -> None:
    pushes.answer(turn_on(pushes, world.reader), 429)
    pushes.headers["Retry-After"] = asked
    world.reply()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    send()
    assert deliveries()[0].due_at - now == waits


def test_a_service_that_refuses_the_forum_costs_nobody_a_device(
    pushes: PushService, world: Readers
) -> None:
    pushes.answer(turn_on(pushes, world.reader), 403)
    world.reply()
    send()
    assert states() == ["waiting"]
    assert len(queries.devices_of(world.reader)) == 1


def test_the_channel_rests_when_three_people_in_a_row_are_refused(pushes: PushService) -> None:
    readers = [make.person() for _ in range(5)]
    for one in readers:
        pushes.answer(turn_on(pushes, one), 503)
        accounts.give_recovery_codes(one.id or 0)
    send()
    assert sorted(one.attempts for one in deliveries()) == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("choice", "urgency", "hours"),
    [(ALARMS, "high", 1), (SECURITY, "high", 24), (DIGESTS, "low", 12)],
)
def test_what_is_urgent_wakes_a_phone_and_what_is_old_is_let_go(
    pushes: PushService, world: Readers, choice: Choice, urgency: str, hours: int
) -> None:
    browser = turn_on(pushes, world.reader)
    message = Message(LINE, ("A person may be in danger.",), "/moderation", "Open it", choice)
    push.CHANNEL.send(world.reader.id or 0, "1-2", message)
    (arrived,) = pushes.arrived
    assert (arrived.headers["Urgency"], arrived.headers["TTL"]) == (urgency, str(hours * 3600))
    assert pushes.told(browser)[0]["urgent"] == (urgency == "high")


def test_what_comes_of_messages_is_counted(pushes: PushService, world: Readers) -> None:
    def count(outcome: str) -> float:
        return float(metrics.deliveries.labels(PUSH, outcome)._value.get())

    before = count("sent"), count("gone")
    there = turn_on(pushes, world.reader)
    world.reply()
    send()
    pushes.answer(there, 410)
    make.post(world.author, world.thread, body=f"Hello @{world.reader.handle}")
    send()
    assert (count("sent") - before[0], count("gone") - before[1]) == (1, 1)


def test_quiet_hours_a_break_and_a_choice_hold(pushes: PushService, world: Readers) -> None:
    browser = turn_on(pushes, world.reader)
    now = clock.now()
    minute = now.hour * 60 + now.minute
    world.reply()
    Readers.set(world.reader, quiet_from=minute, quiet_until=(minute + 60) % 1440)
    assert (send(), states()) == (0, ["waiting"])
    Readers.set(world.reader, quiet_from=None, break_until=now + timedelta(days=1))
    send_when_due()
    assert (states(), pushes.told(browser)) == (["dropped"], [])
    Readers.set(world.reader, break_until=None)
    Readers.choose(world.reader, NEVER, channel=PUSH)
    make.post(world.author, world.thread, body=f"Hello @{world.reader.handle}")
    assert (send(), len(deliveries())) == (0, 1)


def send_when_due() -> None:
    """Send as if all that waits were due."""
    with pytest.MonkeyPatch.context() as patch:
        due = max(one.due_at for one in deliveries())
        patch.setattr(clock, "now", lambda: due)
        send()


Act = Callable[[Viewer, Viewer, int], object]
# What keeps a mention from whom it names, done by the reader or to them.
ACTS: dict[str, Act] = {
    "leaves": lambda me, _author, group: groups.leave(me, group),
    "is suspended": lambda me, _author, _group: accounts.suspend(
        me.id or 0, until=PERMANENT, because="It was too much."
    ),
    "is erased": lambda me, _author, _group: accounts.erase(me.id or 0),
    "closes": lambda me, _author, _group: accounts.close(me.id or 0),
    "blocks": lambda me, author, _group: accounts.block(me, author.id or 0),
    "is blocked": lambda me, author, _group: accounts.block(author, me.id or 0),
    "mutes": lambda me, author, _group: accounts.mute(me, author.id or 0),
    "logs out": lambda me, _author, _group: accounts.end_all_sessions(me),
    "stops": lambda me, _author, _group: Readers.choose(me, NEVER, channel=PUSH),
    "takes a break": lambda me, _author, _group: Readers.set(
        me, break_until=clock.now() + timedelta(days=1)
    ),
}


@pytest.mark.parametrize("first", ["the post", "the act"])
def test_who_must_not_be_told_is_sent_nothing(pushes: PushService, app: Flask, first: str) -> None:
    group, author = make.group(visibility="approval"), make.person()
    make.join(author, group)
    thread = make.thread(author, group).thread_id
    readers = {name: make.join(make.person(), group) for name in (*ACTS, "stays")}
    browsers = {name: turn_on(pushes, one) for name, one in readers.items()}

    def mention() -> None:
        for one in readers.values():
            make.post(author, thread, body=f"Hello @{one.handle}")

    def act() -> None:
        for name, what in ACTS.items():
            what(readers[name], author, group)

    for step in (mention, act) if first == "the post" else (act, mention):
        step()
    assert len(deliveries()) >= 1
    send()
    assert {name for name, one in browsers.items() if pushes.told(one)} == {"stays"}
    assert set(states()) <= {"sent", "dropped"}


def test_nobody_hears_of_a_deleted_post(pushes: PushService, world: Readers) -> None:
    turn_on(pushes, world.reader)
    threads.delete_post(world.author, world.reply())
    send()
    assert pushes.arrived == []


def test_the_choice_at_once_is_kept_apart_from_mail(pushes: PushService, world: Readers) -> None:
    browser = turn_on(pushes, world.reader)
    Readers.choose(world.reader, NEVER)  # of mails
    Readers.choose(world.reader, AT_ONCE, channel=PUSH)
    world.reply()
    assert send() == 1
    assert len(pushes.told(browser)) == 1
