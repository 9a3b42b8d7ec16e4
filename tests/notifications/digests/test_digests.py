"""Summaries: due by the reader's own clock, once a day, and none with nothing to say."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from forum.core import clock
from forum.notifications.digests import service as digests
from forum.notifications.notification_choices import DIGESTS
from forum.notifications.preferences import service as preferences
from forum.threads import service as threads
from tests.support.worlds.outbox_world import PostBox, Readers, deliveries, send, states


class Clock:
    """The time that it is for the forum."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2027, 3, 27, 9, 5, tzinfo=UTC)  # a Saturday; clocks go forward next
        patch.setattr(clock, "now", lambda: self.now)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock."""
    return Clock(monkeypatch)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> PostBox:
    """Return the only channel."""
    return PostBox().use(monkeypatch)


def daily() -> Readers:
    """Return people, of whom the reader is told of replies daily; others get no summaries."""
    people = Readers()
    preferences.save(people.reader, {"replies-email": "daily"})
    preferences.save(people.author, {"digests-email": "never"})
    return people


def sent_to(people: Readers, box: PostBox) -> list[tuple[str, ...]]:
    """Return what the reader was sent."""
    return [message.paragraphs for who, _key, message in box.taken if who == people.reader.id]


def test_what_waits_is_counted_once_and_never_quoted(app: Flask, time: Clock, box: PostBox) -> None:
    people = daily()
    people.reply("secretwords")
    for _leader in range(2):
        digests.enqueue_due()
    send()
    digests.enqueue_due()
    send()
    ((first,),) = sent_to(people, box)
    assert first == "1 notification is waiting for you."
    message = next(one for who, _, one in box.taken if who == people.reader.id)
    assert message.choice == DIGESTS
    assert "secretwords" not in repr(message)
    assert "Nights" not in repr(message)


def test_nothing_to_say_is_not_sent(app: Flask, time: Clock, box: PostBox) -> None:
    people = daily()
    preferences.save(people.reader, {"digests-email": "weekly", "digest_day": "0"})
    digests.enqueue_due()
    send()
    assert sent_to(people, box) == []
    assert set(states()) == {"dropped"}


def test_what_was_deleted_or_read_is_not_counted(app: Flask, time: Clock, box: PostBox) -> None:
    people = daily()
    threads.delete_post(people.author, people.reply())
    digests.enqueue_due()
    send()
    assert sent_to(people, box) == []


def test_each_is_due_at_their_own_hour_through_a_change_of_clocks(
    app: Flask, time: Clock, box: PostBox
) -> None:
    people = daily()
    preferences.save(people.reader, {"zone": "Europe/Berlin", "digest_hour": "2"})
    people.reply()
    time.now = datetime(2027, 3, 28, 0, 59, tzinfo=UTC)  # 1:59 there; then it is three
    digests.enqueue_due()
    mine = [one for one in deliveries() if one.account_id == people.reader.id]
    assert [one.event_key for one in mine if one.type == "digest"] == []
    time.now = datetime(2027, 3, 28, 1, 1, tzinfo=UTC)
    digests.enqueue_due()
    mine = [one for one in deliveries() if one.account_id == people.reader.id]
    assert [one.event_key for one in mine if one.type == "digest"] == ["digest:2027-03-28"]


def test_what_is_new_in_groups_comes_on_the_chosen_day(
    app: Flask, time: Clock, box: PostBox
) -> None:
    people = daily()
    preferences.save(people.reader, {"replies-email": "never", "digest_day": "5"})
    people.reply()
    digests.enqueue_due()
    send()
    ((first,),) = sent_to(people, box)
    assert first == "There are new posts in 1 thread of your groups."


def test_never_stops_all_summaries(app: Flask, time: Clock, box: PostBox) -> None:
    people = daily()
    preferences.save(people.reader, {"digests-email": "never"})
    people.reply()
    digests.enqueue_due()
    send()
    assert sent_to(people, box) == []


def test_a_place_that_the_server_does_not_know_keeps_nobody_elses_back(
    app: Flask, time: Clock, box: PostBox
) -> None:
    people = daily()
    Readers.set(people.author, zone="Atlantis/Centre", digest_hour=8)
    people.reply()
    digests.enqueue_due()
    send()
    assert len(sent_to(people, box)) == 1
