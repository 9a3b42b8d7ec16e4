"""Reminders of meetings: who is told what and when, and who is not, in the list and by email."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts import service as accounts
from forum.core import clock
from forum.core.db import transaction
from forum.groups import service as groups
from forum.meetings.room import service as rooms
from forum.meetings.schedule import due_reminders, queries, reminders
from forum.meetings.schedule import service as scheduling
from forum.notifications import queries as notifications
from forum.notifications.notification_choices import AT_ONCE, NEVER
from forum.notifications.preferences.models import ALL, NOTHING, GroupWatch
from tests.support import factories as make
from tests.support.worlds.meeting_room import Clock
from tests.support.worlds.meeting_schedules import (
    ScheduleWorld,
    form,
    meetings,
    schedule_world,
)
from tests.support.worlds.outbox_world import PostBox, Readers, send

JSON = {"Accept": "application/json"}


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock(clock.now())
    monkeypatch.setattr(clock, "now", moved.now)
    return moved


@pytest.fixture
def box(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PostBox:
    return PostBox().use(monkeypatch)


@pytest.fixture
def group(app: Flask, later: Clock) -> ScheduleWorld:
    world = schedule_world()
    for one in (world.wren, world.heron):
        Readers.choose(one, AT_ONCE, ("meetings", "drop_ins"))
    return world


def told(viewer: object) -> list[str]:
    return [line.type for line in notifications.lines(viewer)]  # type: ignore[arg-type]


def mails(box: PostBox) -> list[tuple[int, str]]:
    send()
    return [(who, message.paragraphs[0]) for who, _key, message in box.taken]


def test_who_asked_for_a_series_is_reminded_of_each_meeting_at_each_hour_once(
    group: ScheduleWorld, later: Clock, box: PostBox
) -> None:
    first, second, *_ = meetings(series := group.plan())
    reminders.set_series_reminder(group.wren, series, on=True)
    for start in (first.starts_at, second.starts_at):
        box.taken.clear()
        for wait in (timedelta(days=1), timedelta(minutes=15)):
            later.at = start - wait - timedelta(minutes=1)
            due_reminders.announce_due()
            later.forward(minutes=1)
            for _leader in range(2):
                due_reminders.announce_due()
                send()
        later.at = start - timedelta(minutes=5)
        for who in (group.heron, group.heron):
            rooms.enter_room(who, first.id if start == first.starts_at else second.id)
        assert [words for _who, words in mails(box)] == [
            "A meeting you asked to be reminded of is coming up.",
            "A meeting you asked to be reminded of starts soon.",
            "The room of a meeting you asked to be reminded of is open. You can come in.",
        ]
        assert {who for who, _key, _message in box.taken} == {group.wren.id}
    assert told(group.wren) == ["meeting_open", "meeting_open"]


def test_one_meeting_of_a_series_can_be_left_out(group: ScheduleWorld) -> None:
    first, second, *_ = meetings(series := group.plan())
    reminders.set_series_reminder(group.wren, series, on=True)
    reminders.set_reminder(group.wren, first.id, on=False)
    seen = {one.id: one for one in queries.calendar_of(group.wren)}
    assert (seen[first.id].reminds, seen[first.id].reminded) == (False, 0)
    assert (seen[second.id].reminds, seen[second.id].reminded) == (True, 1)
    assert list(reminders.accounts_to_remind(first.id)) == []
    reminders.set_reminder(group.wren, first.id, on=True)
    assert list(reminders.accounts_to_remind(first.id)) == [group.wren.id]
    reminders.set_reminder(group.wren, second.id, on=False)
    reminders.set_series_reminder(group.wren, series, on=False)
    reminders.set_reminder(group.heron, second.id, on=True)
    reminders.set_series_reminder(group.heron, series, on=True)
    assert queries.meeting_for(group.wren, second.id).reminded == 1
    groups.leave(group.wren, group.group_id)


Loss = Callable[[ScheduleWorld, Clock], object]
LOSSES: dict[str, Loss] = {
    "left": lambda world, _at: groups.leave(world.wren, world.group_id),
    "suspended": lambda world, at: accounts.suspend(
        world.wren.id or 0, because="x", until=at.at + timedelta(days=30)
    ),
    "closed": lambda world, _at: accounts.close(world.wren.id or 0),
    "changed their mind": lambda world, _at: reminders.set_reminder(
        world.wren, meetings(1)[0].id, on=False
    ),
    "on a break": lambda world, at: Readers.set(world.wren, break_until=at.at + timedelta(days=30)),
    "wants no mail": lambda world, _at: Readers.choose(world.wren, NEVER),
    "the meeting is cancelled": lambda world, _at: scheduling.cancel_meeting(
        world.heron, meetings(1)[0].id
    ),
    "the meeting has begun": lambda world, at: setattr(at, "at", meetings(1)[0].starts_at),
}


@pytest.mark.parametrize("why", LOSSES)
def test_a_reminder_that_waits_is_not_sent_to_who_may_not_or_will_not_have_it(
    group: ScheduleWorld, later: Clock, box: PostBox, why: str
) -> None:
    first = meetings(group.plan())[0]
    reminders.set_reminder(group.wren, first.id, on=True)
    later.at = first.starts_at - timedelta(minutes=15)
    due_reminders.announce_due()
    LOSSES[why](group, later)
    assert not [words for _who, words in mails(box) if "starts soon" in words]


@pytest.mark.parametrize(
    ("wait", "quiet", "after"),
    [
        (timedelta(minutes=15), (0, 1439), timedelta()),
        (timedelta(days=1), (0, 1439), timedelta(hours=23)),
    ],
)
def test_quiet_hours_delay_a_reminder_until_an_hour_before_at_the_latest(
    group: ScheduleWorld,
    later: Clock,
    box: PostBox,
    wait: timedelta,
    quiet: tuple[int, int],
    after: timedelta,
) -> None:
    first = meetings(group.plan())[0]
    reminders.set_reminder(group.wren, first.id, on=True)
    later.at = first.starts_at - wait
    minute = later.at.hour * 60 + later.at.minute
    # A night that has just begun, and is longer than it is until the meeting.
    Readers.set(group.wren, quiet_from=minute, quiet_until=(minute - 1) % (24 * 60))
    due_reminders.announce_due()
    if after:
        assert mails(box) == []
        later.at += after - timedelta(minutes=1)
        assert mails(box) == []
        later.at += timedelta(minutes=1)
    assert len(mails(box)) == 1


def test_a_changed_series_tells_once_with_old_and_new_time_in_the_zone_of_the_reader(
    group: ScheduleWorld, box: PostBox, client: FlaskClient
) -> None:
    first, second, *_ = meetings(series := group.plan())
    Readers.set(group.wren, zone="Asia/Tokyo")
    reminders.set_series_reminder(group.wren, series, on=True)
    one_only = make.join(make.person(), group.group_id)
    reminders.set_reminder(one_only, second.id, on=True)
    reminders.set_reminder(group.heron, first.id, on=True)
    scheduling.edit_series(group.heron, series, form(starts_at="20:30"))
    assert [told(one) for one in (group.wren, one_only, group.heron)] == [
        ["series_moved"],
        ["meeting_moved"],
        [],  # who did it knows
    ]
    send()
    message = next(message for who, _key, message in box.taken if who == group.wren.id)
    assert message.paragraphs[1].count("(Asia/Tokyo)") == 2
    (line,) = notifications.lines(group.wren)
    assert line.moments is not None
    assert (line.moments.before, line.moments.zone) == (first.starts_at, "Asia/Tokyo")
    assert line.moments.at - first.starts_at == timedelta(minutes=90)
    make.log_in(client, group.wren)
    assert client.get("/notifications").text.count("(Asia/Tokyo)</time>") == 2
    shown = client.get("/notifications", headers=JSON).get_json()["notifications"][0]
    assert datetime.fromisoformat(shown["moved_from"]) == first.starts_at
    scheduling.cancel_series(group.heron, series)
    assert [told(one) for one in (group.wren, one_only)] == [
        ["series_cancelled"],
        ["meeting_cancelled"],
    ]


def watch(viewer: object, group_id: int, level: str) -> None:
    with transaction() as session:
        session.merge(GroupWatch(account_id=viewer.id, group_id=group_id, level=level))  # type: ignore[attr-defined]


def test_a_drop_in_room_tells_who_watches_the_group_and_nobody_else(
    group: ScheduleWorld, box: PostBox
) -> None:
    people = {
        name: make.join(make.person(), group.group_id)
        for name in ("plain", "nothing", "blocker", "blocked", "muter", "gone", "paused")
    }
    for name, person in people.items():
        if name != "plain":
            watch(person, group.group_id, NOTHING if name == "nothing" else ALL)
    watch(group.wren, group.group_id, ALL)
    accounts.block(people["blocker"], group.heron.id or 0)
    accounts.block(group.heron, people["blocked"].id or 0)
    accounts.mute(people["muter"], group.heron.id or 0)
    accounts.suspend(people["paused"].id or 0, because="x", until=clock.now() + timedelta(days=3))
    groups.leave(people["gone"], group.group_id)
    room = rooms.open_drop_in(group.heron, group.group_id, title="Tea")
    send()
    assert [who for who, _key, _message in box.taken] == [group.wren.id]
    assert told(group.wren) == ["drop_in"]
    assert not any(told(one) for one in (*people.values(), group.heron, group.stranger))
    late = make.join(make.person(), group.group_id)
    watch(late, group.group_id, ALL)
    for _ in ("last words", "over"):
        rooms.close_meeting(group.heron, room)
    rooms.open_drop_in(group.heron, group.group_id)
    for _ in ("last words", "over"):
        rooms.close_meeting(group.heron, room + 1)
    box.taken.clear()
    assert mails(box) == []  # it is closed again


def test_programs_and_forms_ask_for_a_series(
    app: Flask, client: FlaskClient, group: ScheduleWorld
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    first = meetings(series := group.plan())[0]
    make.log_in(client, group.wren)
    assert "Always remind me" in client.get(f"/meetings/{first.id}").text
    done = client.post(f"/meeting-series/{series}/remind", data={"on": "1"}, headers=JSON)
    assert done.get_json()["undo"] == {
        "address": f"/meeting-series/{series}/remind",
        "fields": {"on": "0"},
    }
    shown = client.get(f"/meetings/{first.id}", headers=JSON).get_json()
    assert (shown["reminds"], shown["reminds_always"], shown["reminded"]) == (True, True, 1)
    for place, back in (("/", "/"), ("//evil.example", f"/meetings/{first.id}")):
        data = {"on": "0", "place": place}
        assert client.post(f"/meetings/{first.id}/remind", data=data).location == back
    off = {"on": "0", "meeting": str(first.id)}
    assert client.post(f"/meeting-series/{series}/remind", data=off).location == (
        f"/meetings/{first.id}"
    )
    scheduling.cancel_series(group.heron, series)
    refused = client.post(f"/meeting-series/{series}/remind", data={"on": "1"}, headers=JSON)
    assert refused.status_code == 409
    make.log_in(client, group.stranger)
    assert client.post(f"/meeting-series/{series}/remind", data={"on": "1"}).status_code == 404
