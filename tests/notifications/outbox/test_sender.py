"""Before anything is sent it is asked again: may its reader be told, do they want it, and now?"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.accounts import service as accounts
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.web import private_ids
from forum.groups import service as groups
from forum.groups.models import Group
from forum.notifications import service as notifications
from forum.notifications.channels.channel import Channel, Gone, Message, Outcome, Retry, Sent
from forum.notifications.models import Notification
from forum.notifications.notification_choices import AT_ONCE, CRISIS, DIRECT, NEVER
from forum.notifications.outbox import contents, leases
from forum.notifications.outbox.leases import Claim
from forum.notifications.outbox.models import Delivery
from forum.notifications.outbox.sender import Sender
from forum.notifications.preferences import service as preferences
from forum.threads import service as threads
from forum.threads.reader import reader_state
from tests.support import factories as make
from tests.support.worlds.outbox_world import PostBox, Readers, deliveries, send, states


@pytest.fixture
def box(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PostBox:
    """Return the only channel."""
    return PostBox().use(monkeypatch)


def test_it_is_sent_once_and_says_nothing_of_what_was_written(box: PostBox) -> None:
    world = Readers()
    world.reply("Secret words")
    assert (send(), send()) == (1, 0)
    ((account_id, _key, message),) = box.taken
    assert account_id == world.reader.id
    assert message.subject == "Something new in Common Thread"
    assert message.paragraphs == ("There's a new reply in a thread you follow.",)
    (line,) = current_session().scalars(select(Notification.id))
    assert message.address == f"/notifications/{private_ids.of(line)}/open"
    assert states() == ["sent"]


def test_it_is_in_the_language_of_its_reader(box: PostBox) -> None:
    world = Readers()
    accounts.change_language(world.reader, "de")
    world.reply()
    send()
    assert "Common Thread" in box.taken[0][2].subject
    assert "Something new" not in box.taken[0][2].subject


@pytest.mark.parametrize("visibility", ["open", "hidden"])
def test_the_group_is_named_to_who_wants_it_unless_it_is_hidden(
    box: PostBox, visibility: str
) -> None:
    world = Readers()
    with transaction() as session:
        group = session.get(Group, world.group)
        assert group
        group.visibility = visibility
    world.set(world.reader, shows_details=True)
    make.post(world.author, world.thread, content_note="loss")
    send()
    told = " ".join(box.taken[0][2].paragraphs)
    assert ("Sleepless" in told, "loss" in told) == (
        (True, True) if visibility == "open" else (False, False)
    )


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("Suicide, loss", "Inhaltshinweis: Suizid, Verlust"),
        ("Suizid", "Inhaltshinweis: Suizid"),
        ("Kim told me about loss", "Das hat einen Inhaltshinweis."),
        ("loss, www.example.org", "Das hat einen Inhaltshinweis."),
    ],
)
def test_of_a_content_note_only_suggested_topics_are_said_in_the_language_of_the_reader(
    box: PostBox, note: str, said: str
) -> None:
    world = Readers()
    accounts.change_language(world.reader, "de")
    world.set(world.reader, shows_details=True)
    make.post(world.author, world.thread, content_note=note)
    send()
    assert box.taken[0][2].paragraphs[2:] == (said,)


@pytest.mark.parametrize("name", ["See evil.example", "https://evil", "write to me@evil"])
def test_a_group_named_like_an_address_is_not_named(box: PostBox, name: str) -> None:
    world = Readers()
    with transaction() as session:
        session.merge(Group(id=world.group, name=name))
    world.set(world.reader, shows_details=True)
    world.reply()
    send()
    assert len(box.taken[0][2].paragraphs) == 1


def _read(world: Readers) -> None:
    notifications.read(world.reader)


def _block(world: Readers) -> None:
    accounts.block(world.reader, world.author.id or 0)


def _be_blocked(world: Readers) -> None:
    accounts.block(world.author, world.reader.id or 0)


def _leave(world: Readers) -> None:
    groups.leave(world.reader, world.group)


def _heed_the_group_no_longer(world: Readers) -> None:
    preferences.watch_group(world.reader, world.slug, "nothing")


def _unfollow(world: Readers) -> None:
    reader_state.follow(world.reader, world.thread, on=False)


def _be_suspended(world: Readers) -> None:
    accounts.suspend(world.reader.id or 0, until=clock.now() + timedelta(days=1), because="x")


def _choose_otherwise(world: Readers) -> None:
    world.choose(world.reader, NEVER)


def _take_a_break(world: Readers) -> None:
    world.set(world.reader, break_until=clock.now() + timedelta(days=1))


@pytest.mark.parametrize(
    "happens",
    [
        _read,
        _block,
        _be_blocked,
        _leave,
        _heed_the_group_no_longer,
        _unfollow,
        _be_suspended,
        _choose_otherwise,
        _take_a_break,
    ],
)
def test_what_is_no_longer_to_be_told_is_dropped(
    box: PostBox, happens: Callable[[Readers], None]
) -> None:
    world = Readers()
    world.reply()
    happens(world)
    send()
    assert (box.taken, states()) == ([], ["dropped"])


@pytest.mark.parametrize("how", ["hidden", "deleted"])
def test_of_a_hidden_or_deleted_post_nobody_is_told(box: PostBox, how: str) -> None:
    world = Readers()
    mine = world.reply()
    if how == "deleted":
        threads.delete_post(world.author, mine)
    else:
        moderator = make.join(make.person(), world.group, "moderator")
        threads.hide_post(moderator, mine, "Because")
    send()
    assert (box.taken, states()) == ([], ["dropped"])


def test_somebody_erased_is_sent_nothing(box: PostBox) -> None:
    world = Readers()
    world.reply()
    accounts.erase(world.reader.id or 0)
    assert send() == 0
    assert deliveries() == []


def test_in_quiet_hours_it_waits_for_their_end_unless_it_presses(box: PostBox) -> None:
    world, now = Readers(), clock.now()
    minute = now.hour * 60 + now.minute
    world.set(world.reader, quiet_from=minute, quiet_until=(minute + 60) % 1440)
    world.reply()
    accounts.give_recovery_codes(world.reader.id or 0)
    send()
    assert [one[2].choice.name for one in box.taken] == ["security"]
    waiting = next(one for one in deliveries() if one.state == "waiting")
    assert timedelta(minutes=58) < waiting.due_at - now <= timedelta(minutes=60)
    assert waiting.attempts == 0


@pytest.mark.parametrize("for_all", [False, True])
def test_what_fails_is_tried_again_ever_later_for_a_day(
    box: PostBox, monkeypatch: pytest.MonkeyPatch, for_all: bool
) -> None:
    box.answer = lambda _account_id: Retry("the mailbox is full", for_all=for_all)
    world = Readers()
    world.reply()
    start = now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    waits: list[timedelta] = []
    while send() == 0 and (one := deliveries()[0]).state == "waiting":
        waits.append(one.due_at - now)
        now = one.due_at
    assert waits[:7] == [timedelta(minutes=n) for n in (1, 2, 4, 8, 16, 32, 60)]
    assert timedelta(hours=22) < now - start <= timedelta(hours=24)
    assert states() == ["failed"]
    assert box.given_up == ([] if for_all else [world.reader.id])  # no mailbox is to blame


def test_a_clock_that_jumps_by_days_gives_nothing_up(
    box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = Readers()
    world.reply()
    box.answer = lambda _account_id: Retry("busy")
    send()
    real: Callable[[], datetime] = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=3))
    send()
    assert states() == ["waiting"]
    monkeypatch.setattr(clock, "now", real)
    leases.mend_due_times()
    box.answer = PostBox().answer
    send()
    assert states() == ["sent"]


def test_what_is_gone_is_not_tried_again(box: PostBox) -> None:
    world = Readers()
    world.reply()
    box.answer = lambda _account_id: Gone("there is no such mailbox")
    send()
    assert (states(), box.given_up) == (["failed"], [])


def test_while_nothing_gets_through_one_is_tried_and_the_others_lose_nothing(
    box: PostBox,
) -> None:
    for _ in range(3):
        accounts.give_recovery_codes(make.person().id or 0)
    box.answer = lambda _account_id: Retry("the server is away", for_all=True)
    worker = Sender()
    for _ in range(2):
        worker.send_due()
    assert sorted(one.attempts for one in deliveries()) == [0, 0, 1]
    assert states() == ["waiting"] * 3


def test_one_persons_mailbox_holds_up_nobody(box: PostBox) -> None:
    troubled, others = make.person(), [make.person() for _ in range(3)]
    for _ in range(4):
        accounts.give_recovery_codes(troubled.id or 0)
    for one in others:
        accounts.give_recovery_codes(one.id or 0)
    box.answer = lambda account_id: (
        Retry("too slow", maybe_for_all=True) if account_id == troubled.id else Sent()
    )
    assert Sender().send_due() == 3
    assert {one[0] for one in box.taken} == {one.id for one in others}


def test_when_it_happens_to_three_in_a_row_it_concerns_all(box: PostBox) -> None:
    for _ in range(5):
        accounts.give_recovery_codes(make.person().id or 0)
    box.answer = lambda _account_id: Retry("not from you", maybe_for_all=True)
    worker = Sender()
    for _ in range(2):
        worker.send_due()
    assert sorted(one.attempts for one in deliveries()) == [0, 0, 1, 1, 1]


def test_a_crisis_waits_a_quarter_of_a_minute_at_most_while_others_rest(
    box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for _ in range(9):
        accounts.give_recovery_codes(make.person().id or 0)
    box.answer = lambda _account_id: Retry("the server is away", for_all=True)
    worker = Sender()
    for _ in range(6):
        worker.send_due()
        now += 300.0
    worker.send_due()
    with transaction() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.attempts == 0)
            .values(urgency=DIRECT, due_at=clock.now())
        )
        crisis = session.scalars(select(Delivery).where(Delivery.attempts == 0)).first()
        assert crisis
        crisis.urgency = CRISIS
        told = crisis.account_id
    box.answer = PostBox().answer
    now += 14.0
    assert worker.send_due() == 0
    now += 2.0
    assert worker.send_due() >= 1
    assert box.taken[0][0] == told


def test_the_most_urgent_comes_first(box: PostBox) -> None:
    world = Readers()
    world.reply()
    world.reply(f"Hello @{world.reader.handle}")
    send()
    assert [one[2].choice.name for one in box.taken] == ["mentions", "replies"]


def test_what_raises_is_tried_later_and_keeps_back_no_others(box: PostBox) -> None:
    people = [make.person().id or 0 for _ in range(3)]
    for one in people:
        accounts.give_recovery_codes(one)

    def answer(account_id: int) -> Outcome:
        if account_id == people[0]:
            raise RuntimeError
        return Sent()

    box.answer = answer
    send()
    assert (states(), len(box.taken)) == (["waiting", "sent", "sent"], 2)
    assert deliveries()[0].due_at > clock.now()
    assert deliveries()[0].leased_by is None


def test_what_another_has_taken_back_meanwhile_is_not_sent(
    box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.give_recovery_codes(make.person().id or 0)
    compose = contents.compose

    def stand_still(claimed: Claim, channel: Channel) -> Message | None:
        message = compose(claimed, channel)
        leases.give_back([claimed])
        return message

    monkeypatch.setattr(contents, "compose", stand_still)
    assert (Sender().send_due(0.1), box.taken) == (0, [])


def test_of_new_threads_nobody_is_told_who_watches_the_group_no_longer(box: PostBox) -> None:
    world = Readers()
    world.choose(world.reader, AT_ONCE, ["new_threads"])
    for level in ("all", "mine"):
        preferences.watch_group(world.reader, world.slug, level)
        if level == "all":
            make.thread(world.author, world.group, title="Another night")
    send()
    assert (box.taken, states()) == ([], ["dropped"])


def test_what_is_old_is_not_told(box: PostBox, monkeypatch: pytest.MonkeyPatch) -> None:
    world = Readers()
    world.reply()
    real: Callable[[], datetime] = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=8))
    send()
    assert (box.taken, states()) == ([], ["dropped"])


def test_what_is_said_of_a_crisis_passes_between_two_others(box: PostBox) -> None:
    people = [make.person().id or 0 for _ in range(3)]
    for one in people:
        accounts.give_recovery_codes(one)
    order: list[int] = []

    def answer(account_id: int) -> Outcome:
        order.append(account_id)
        if len(order) == 1:
            with transaction() as session:
                late = update(Delivery).where(Delivery.account_id == people[2])
                session.execute(late.values(state="waiting", urgency=CRISIS, leased_by=None))
        return Sent()

    box.answer = answer
    send()
    assert (order, states()) == ([people[0], people[2], people[1]], ["sent"] * 3)


def test_a_wrong_clock_puts_what_is_said_of_a_crisis_off_by_an_hour_at_most(box: PostBox) -> None:
    for one in (make.person().id or 0, make.person().id or 0):
        accounts.give_recovery_codes(one)
    first, second = deliveries()
    later = clock.now() + timedelta(hours=2)
    with transaction() as session:
        session.execute(update(Delivery).values(due_at=later))
        session.execute(update(Delivery).where(Delivery.id == second.id).values(urgency=CRISIS))
    leases.mend_due_times()
    assert [one.due_at == later for one in deliveries()] == [True, False]
    assert first.id < second.id
