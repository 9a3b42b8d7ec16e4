"""What is over ten emails an hour is told together, once; what presses never waits for that."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.core import clock
from forum.notifications.channels import email, registry
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds.outbox_world import PostBox, Readers, deliveries, send

HOUR = datetime(2027, 3, 27, 9, 0, tzinfo=UTC)
MOST = 3


class Clock:
    """The time that it is for the forum."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = HOUR + timedelta(minutes=5)
        patch.setattr(clock, "now", lambda: self.now)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock."""
    return Clock(monkeypatch)


@pytest.fixture
def box(app: Flask, time: Clock, monkeypatch: pytest.MonkeyPatch) -> PostBox:
    """Return the only channel, by which nobody is sent more than three an hour."""
    made = PostBox()
    made.channel = replace(made.channel, at_most_an_hour=MOST)
    monkeypatch.setattr(registry, "all_channels", lambda: (made.channel,))
    return made


def mention(world: Readers, times: int) -> list[int]:
    """Mention the reader, and return the posts."""
    posts = [world.reply(f"Hello @{world.reader.handle}") for _ in range(times)]
    send()
    return posts


def test_ten_an_hour_by_mail() -> None:
    assert (email.AT_MOST_AN_HOUR, email.CHANNEL.at_most_an_hour) == (10, 10)


def test_what_is_over_it_is_told_together_when_the_hour_is_over(box: PostBox, time: Clock) -> None:
    world = Readers()
    posts = mention(world, MOST + 4)
    threads.delete_post(world.author, posts[-1])
    assert len(box.taken) == MOST
    more = next(one for one in deliveries() if one.type == "more")
    assert more.due_at == HOUR + timedelta(minutes=61)
    time.now = more.due_at
    assert (send(), send()) == (1, 0)
    message = box.taken[-1][2]
    assert message.paragraphs[0] == "3 more notifications are waiting for you."
    assert message.choice.name == "mentions"
    assert message.address == "/notifications"
    time.now += timedelta(minutes=10)  # an hour after the first of them
    mention(world, 2)
    assert [one[2].link for one in box.taken[-2:]] == ["Open it in Common Thread"] * 2


def test_what_was_read_or_deleted_meanwhile_is_not_counted(box: PostBox, time: Clock) -> None:
    world = Readers()
    posts = mention(world, MOST + 2)
    for post in posts[MOST:]:
        threads.delete_post(world.author, post)
    time.now += timedelta(hours=1)
    assert send() == 0
    assert len(box.taken) == MOST


def test_the_safety_of_an_account_waits_for_no_hour_and_takes_nobodys_place(
    box: PostBox, time: Clock
) -> None:
    world = Readers()
    for _ in range(MOST + 1):
        accounts.give_recovery_codes(world.reader.id or 0)
    mention(world, MOST)
    assert len(box.taken) == 2 * MOST + 1
    mention(world, 1)
    accounts.give_recovery_codes(world.reader.id or 0)
    send()
    assert [one[2].choice.name for one in box.taken[2 * MOST + 1 :]] == ["security"]


def test_it_is_counted_for_each_person(box: PostBox, time: Clock) -> None:
    world = Readers()
    other = make.join(make.person(), world.group)
    mention(world, MOST + 1)
    world.reply(f"Hello @{other.handle}")
    assert send() == 1
    assert box.taken[-1][0] == other.id
