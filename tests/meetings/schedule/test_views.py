"""Pages, forms and JSON of planning; calendars that are valid, revocable and follow membership."""

from datetime import UTC, datetime, timedelta

import pytest
import recurring_ical_events
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.errors import NotFound
from forum.groups import service as groups
from forum.meetings.calendars import service as calendars
from forum.meetings.schedule import service as scheduling
from tests.support import factories
from tests.support.worlds.meeting_schedules import ScheduleWorld, form, meetings, schedule_world

JSON = {"Accept": "application/json"}


@pytest.fixture
def group(app: Flask) -> ScheduleWorld:
    app.config["WTF_CSRF_ENABLED"] = False
    return schedule_world(visibility="hidden")


def browser(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.log_in(client, viewer)
    return client


def read(app: Flask, token: str) -> Calendar:
    answer = app.test_client().get(f"/calendars/{token}.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return Calendar.from_ical(answer.data)


def test_the_form_plans_and_gives_back_what_was_typed(app: Flask, group: ScheduleWorld) -> None:
    heron = browser(app, group.heron)
    assert heron.get("/groups/circle/meetings/new").status_code == 200
    wrong = heron.post("/groups/circle/meetings/new", data=form(zone="Mars/Base", title="Ours"))
    assert wrong.status_code == 422
    assert "There is no such time zone" in wrong.text
    assert 'value="Ours"' in wrong.text
    done = heron.post("/groups/circle/meetings/new", data=form())
    assert (done.status_code, done.location) == (303, "/groups/circle/meetings")
    assert browser(app, group.wren).get("/groups/circle/meetings").text.count("Remind me") == 8


def test_programs_plan_change_remind_and_cancel(app: Flask, group: ScheduleWorld) -> None:
    heron = browser(app, group.heron)
    refused = heron.post("/groups/circle/meetings/new", data=form(times="10000"), headers=JSON)
    assert refused.status_code == 422
    assert set(refused.get_json()["error"]["fields"]) == {"times"}
    made = heron.post("/groups/circle/meetings/new", data=form(), headers=JSON)
    assert made.status_code == 201
    series = f"/meeting-series/{made.get_json()['id']}"
    assert 'value="19:00"' in heron.get(f"{series}/edit").text
    changed = heron.post(f"{series}/edit", data=form(starts_at="20:00"), headers=JSON)
    assert changed.status_code == 200
    first = meetings(made.get_json()["id"])[0].id
    wren = browser(app, group.wren)
    on = wren.post(f"/meetings/{first}/remind", data={"on": "1"}, headers=JSON)
    undo = {"address": f"/meetings/{first}/remind", "fields": {"on": "0"}}
    said = {"said": "We'll remind you.", "undo": undo}
    assert on.json == {"id": first, "reminds": True} | said
    assert wren.get(f"/meetings/{first}", headers=JSON).get_json()["reminds"] is True
    assert wren.post(f"/meetings/{first}/remind", data={"on": "0"}).status_code == 303
    assert heron.get(f"/meetings/{first}/cancel").status_code == 200
    assert heron.post(f"/meetings/{first}/cancel", headers=JSON).get_json()["state"] == "cancelled"
    assert "cancelled" in wren.get(f"/meetings/{first}").text
    assert heron.post(f"{series}/cancel").status_code == 303
    listed = wren.get("/groups/circle/meetings", headers=JSON).get_json()
    assert {one["state"] for one in listed["coming"]} == {"cancelled"}


def test_a_stranger_learns_nothing(app: Flask, group: ScheduleWorld) -> None:
    first = meetings(group.plan())[0].id
    for client in (app.test_client(), browser(app, group.stranger)):
        for path in ("/groups/circle/meetings", f"/meetings/{first}"):
            assert client.get(path).status_code in {401, 403, 404}


def test_a_calendar_shows_what_the_rows_say(app: Flask, group: ScheduleWorld) -> None:
    second = datetime.fromisoformat(form()["starts_on"]) + timedelta(days=7)
    series_id = group.plan(times="30", left_out=second.date().isoformat())
    rows = meetings(series_id)
    scheduling.cancel_meeting(group.heron, rows[1].id)
    found = read(app, calendars.create_calendar(group.wren))
    assert found.errors == []
    assert found.walk("VTIMEZONE")
    assert b"EXDATE;TZID=Europe/London" in found.to_ical()
    shown = {
        event["DTSTART"].dt.astimezone(UTC): event.get("STATUS")
        for event in recurring_ical_events.of(found, keep_recurrence_attributes=True).between(
            clock.now(), rows[-1].starts_at + timedelta(minutes=1)
        )
    }
    assert shown == {row.starts_at: "CANCELLED" if row.id == rows[1].id else None for row in rows}
    assert group.heron.handle.encode() not in found.to_ical()


def test_a_cancelled_series_is_cancelled_in_calendars(app: Flask, group: ScheduleWorld) -> None:
    scheduling.cancel_series(group.heron, group.plan())
    events = read(app, calendars.create_calendar(group.wren)).walk("VEVENT")
    assert [event["STATUS"] for event in events] == ["CANCELLED"]


def test_a_cancelled_single_meeting_is_cancelled_in_calendars(
    app: Flask, group: ScheduleWorld
) -> None:
    series_id = group.plan(repeats="once")
    (only,) = meetings(series_id)
    calendar = calendars.create_calendar(group.wren)
    assert [event.get("STATUS") for event in read(app, calendar).walk("VEVENT")] == [None]
    scheduling.cancel_meeting(group.heron, only.id)
    assert [event["STATUS"] for event in read(app, calendar).walk("VEVENT")] == ["CANCELLED"]


def test_addresses_end_when_revoked_renewed_or_wrong(app: Flask, group: ScheduleWorld) -> None:
    group.plan()
    wren = browser(app, group.wren)
    made = wren.post("/account/calendars", headers=JSON)
    assert made.status_code == 201
    token = made.get_json()["address"].rpartition("/")[2].removesuffix(".ics")
    renewed = calendars.create_calendar(group.wren)
    visitor = app.test_client()
    assert visitor.get(f"/calendars/{token}.ics").status_code == 410
    assert read(app, renewed).walk("VEVENT")
    with pytest.raises(NotFound):
        calendars.revoke_calendar(group.heron, 1)
    page = wren.get("/account/calendars").text
    assert renewed not in page
    number = page.partition("/account/calendars/")[2].partition("/revoke")[0]
    assert wren.post(f"/account/calendars/{number}/revoke").status_code == 303
    assert visitor.get(f"/calendars/{renewed}.ics").status_code == 410
    assert visitor.get("/calendars/x.ics").status_code == 410


def test_a_calendar_follows_its_owners_membership(app: Flask, group: ScheduleWorld) -> None:
    group.plan()
    own, of_group = (
        calendars.create_calendar(group.wren),
        calendars.create_calendar(group.wren, group.group_id),
    )
    assert read(app, own).walk("VEVENT")
    assert read(app, of_group).walk("VEVENT")
    until = clock.now() + timedelta(days=3)
    accounts.suspend(group.wren.id or 0, because="x", until=until)
    assert not read(app, own).walk("VEVENT")
    assert app.test_client().get(f"/calendars/{of_group}.ics").status_code == 410
    accounts.suspend(group.wren.id or 0, because="x", until=clock.now())
    assert read(app, of_group).walk("VEVENT")
    groups.leave(group.wren, group.group_id)
    assert not read(app, own).walk("VEVENT")
    assert app.test_client().get(f"/calendars/{of_group}.ics").status_code == 410
    with pytest.raises(NotFound):
        calendars.create_calendar(group.stranger, group.group_id)
