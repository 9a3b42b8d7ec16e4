"""Planning, changing, cancelling; reminders exactly once, and only to whom they may reach."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.core import clock, db
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.groups import service as groups
from forum.meetings.schedule import due_reminders, queries, reminders
from forum.meetings.schedule import service as scheduling
from forum.notifications.models import Notification
from tests.support.worlds.meeting_room import Clock
from tests.support.worlds.meeting_schedules import (
    ScheduleWorld,
    form,
    meetings,
    schedule_world,
    walls,
)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def group(app: Flask) -> ScheduleWorld:
    return schedule_world()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock(clock.now())
    monkeypatch.setattr(clock, "now", moved.now)
    return moved


def told(kind: str, meeting_id: int) -> set[int]:
    db.release_session()
    found = select(Notification.account_id).where(
        Notification.type == kind, Notification.about_id == meeting_id
    )
    return set(db.current_session().scalars(found))


WRONG = [
    ({"zone": "Europe/Atlantis"}, "zone"),
    ({"zone": "../etc/passwd"}, "zone"),
    ({"times": "10000"}, "times"),
    ({"times": "201"}, "times"),
    ({"times": "0"}, "times"),
    ({"times": "٣"}, "times"),
    ({"times": "3", "until": "2099-01-01"}, "times"),
    ({"until": "2001-01-01"}, "until"),
    ({"until": "2099-01-01"}, "until"),
    ({"until": "soon"}, "until"),
    ({"starts_on": "2020-01-01"}, "starts_on"),
    ({"starts_on": "2099-01-01"}, "starts_on"),
    ({"starts_on": "tomorrow"}, "starts_on"),
    ({"starts_at": "25:00"}, "starts_at"),
    ({"minutes": "9"}, "minutes"),
    ({"minutes": "481"}, "minutes"),
    ({"minutes": "-5"}, "minutes"),
    ({"room_size": "1"}, "room_size"),
    ({"room_size": "501"}, "room_size"),
    ({"repeats": "hourly"}, "repeats"),
    ({"title": ""}, "title"),
    ({"left_out": "2020-01-01"}, "left_out"),
    ({"leader_kind": "guru"}, "leader_kind"),
    ({"slow_mode_s": "601"}, "slow_mode_s"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_impossible_values_are_refused_next_to_their_field(
    group: ScheduleWorld, typed: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        group.plan(**typed)
    assert set(refusal.value.fields) == {field}


def test_leaving_out_every_meeting_is_refused(group: ScheduleWorld) -> None:
    with pytest.raises(Invalid) as refusal:
        group.plan(repeats="once", left_out=form()["starts_on"])
    assert set(refusal.value.fields) == {"left_out"}


def test_rows_are_made_eight_weeks_ahead_and_by_the_timer(
    group: ScheduleWorld, later: Clock
) -> None:
    series_id = group.plan()
    first = walls(series_id)
    assert len(first) == 8
    assert {start.time().isoformat() for start in first} == {"19:00:00"}
    later.forward(weeks=2)
    scheduling.create_upcoming_occurrences()
    scheduling.create_upcoming_occurrences()
    assert len(meetings(series_id)) == 10


def test_left_out_days_and_the_count_are_kept(group: ScheduleWorld) -> None:
    second = (datetime.fromisoformat(form()["starts_on"]) + timedelta(days=7)).date()
    series_id = group.plan(times="4", left_out=second.isoformat())
    assert len(walls(series_id)) == 3
    assert second not in {start.date() for start in walls(series_id)}


def test_only_moderators_schedule_meetings(group: ScheduleWorld) -> None:
    with pytest.raises(Forbidden):
        scheduling.schedule_series(group.wren, group.group_id, form())
    series_id = group.plan()
    with pytest.raises(Forbidden):
        scheduling.edit_series(group.wren, series_id, form())
    with pytest.raises(NotFound):
        scheduling.cancel_series(group.stranger, series_id)
    with pytest.raises(NotFound):
        scheduling.cancel_meeting(group.stranger, meetings(series_id)[0].id)


def test_a_changed_hour_moves_the_meetings_to_come_and_tells(group: ScheduleWorld) -> None:
    series_id = group.plan()
    first, second, *_ = meetings(series_id)
    reminders.set_reminder(group.wren, first.id, on=True)
    scheduling.edit_series(group.heron, series_id, form(starts_at="20:30", title="Late circle"))
    after = meetings(series_id)
    assert [one.id for one in after][:2] == [first.id, second.id]
    assert {start.time().isoformat() for start in walls(series_id)} == {"20:30:00"}
    assert {one.title for one in after} == {"Late circle"}
    assert told("meeting_moved", first.id) == {group.wren.id}
    assert told("meeting_moved", second.id) == set()


def test_another_weekday_takes_the_reminders_along(group: ScheduleWorld) -> None:
    series_id = group.plan()
    first = meetings(series_id)[0]
    reminders.set_reminder(group.wren, first.id, on=True)
    day = datetime.fromisoformat(form()["starts_on"]) + timedelta(days=2)
    scheduling.edit_series(group.heron, series_id, form(starts_on=day.date().isoformat()))
    moved = next(one for one in meetings(series_id) if one.id == first.id)
    assert moved.starts_at - first.starts_at == timedelta(days=2)
    assert len({start.date() for start in walls(series_id)}) == len(walls(series_id))
    assert told("meeting_moved", first.id) == {group.wren.id}


def test_an_occurrence_without_a_new_time_is_cancelled(group: ScheduleWorld) -> None:
    series_id = group.plan()
    _, second, *_ = meetings(series_id)
    reminders.set_reminder(group.wren, second.id, on=True)
    scheduling.edit_series(group.heron, series_id, form(repeats="fortnightly"))
    assert len(walls(series_id)) == 4
    assert [one.state for one in meetings(series_id) if one.id == second.id] == ["cancelled"]
    assert told("meeting_cancelled", second.id) == {group.wren.id}


def test_a_cancelled_day_stays_cancelled(group: ScheduleWorld) -> None:
    series_id = group.plan()
    first = meetings(series_id)[0]
    reminders.set_reminder(group.wren, first.id, on=True)
    for _ in range(2):
        scheduling.cancel_meeting(group.heron, first.id)
    scheduling.edit_series(group.heron, series_id, form(starts_at="20:00"))
    scheduling.create_upcoming_occurrences()
    assert len(walls(series_id)) == 7
    assert told("meeting_cancelled", first.id) == {group.wren.id}
    with pytest.raises(Conflict):
        reminders.set_reminder(group.wren, first.id, on=True)


def test_a_cancelled_series_has_no_meetings_to_come(group: ScheduleWorld) -> None:
    series_id = group.plan()
    for _ in range(2):
        scheduling.cancel_series(group.heron, series_id)
    scheduling.create_upcoming_occurrences()
    assert walls(series_id) == []
    with pytest.raises(Conflict):
        scheduling.edit_series(group.heron, series_id, form())


def test_reminded_once_and_only_who_asked_and_still_belongs(
    group: ScheduleWorld, later: Clock
) -> None:
    from tests.support import factories

    gone, paused, silent, changed = (
        factories.join(factories.person(), group.group_id) for _ in range(4)
    )
    meeting = meetings(group.plan())[0]
    for one in (group.wren, gone, paused, changed):
        reminders.set_reminder(one, meeting.id, on=True)
    reminders.set_reminder(changed, meeting.id, on=False)
    groups.leave(gone, group.group_id)
    accounts.suspend(paused.id or 0, because="x", until=later.at + timedelta(days=9))
    later.at = meeting.starts_at - timedelta(minutes=16)
    due_reminders.announce_due()
    assert told("meeting_soon", meeting.id) == set()
    later.forward(minutes=2)
    due_reminders.announce_due()
    assert told("meeting_soon", meeting.id) == {group.wren.id}
    accounts.suspend(paused.id or 0, because="x", until=later.at - timedelta(days=9))
    due_reminders.announce_due()
    assert told("meeting_soon", meeting.id) == {group.wren.id}
    assert silent.id not in told("meeting_soon", meeting.id)


def test_nobody_outside_asks_or_looks(group: ScheduleWorld) -> None:
    meeting = meetings(group.plan())[0]
    with pytest.raises(NotFound):
        reminders.set_reminder(group.stranger, meeting.id, on=True)
    with pytest.raises(NotFound):
        queries.meeting_for(group.stranger, meeting.id)
