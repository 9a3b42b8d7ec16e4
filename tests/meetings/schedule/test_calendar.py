"""The page with all coming meetings of one's groups."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import VISITOR
from forum.core import clock
from forum.core.errors import LoginNeeded
from forum.meetings.schedule import queries, reminders
from tests.support import factories as make
from tests.support.worlds.meeting_schedules import meetings, schedule_world

JSON = {"Accept": "application/json"}


def test_meetings_of_all_own_groups_in_order_and_of_no_other(app: Flask) -> None:
    world = schedule_world()
    planned = meetings(world.plan())
    elsewhere, mine = make.group(), make.group()
    make.join(world.wren, mine)
    make.meeting(elsewhere)
    sooner = make.meeting(mine, starts_at=clock.now() + timedelta(minutes=1))
    found = queries.calendar_of(world.wren)
    assert found[0].id == sooner
    assert {one.id for one in found} == {sooner, *(one.id for one in planned)}
    assert queries.calendar_of(make.person()) == []
    with pytest.raises(LoginNeeded):
        queries.calendar_of(VISITOR)


def test_the_page_says_how_many_want_to_be_reminded(app: Flask, client: FlaskClient) -> None:
    world = schedule_world()
    meeting = meetings(world.plan())[0]
    assert client.get("/calendar").status_code == 401
    make.log_in(client, world.wren)
    assert "asked to be reminded" not in client.get("/calendar").text
    reminders.set_reminder(world.wren, meeting.id, on=True)
    page = client.get("/calendar").text
    assert "1 person asked to be reminded" in page
    assert "Cancel reminder" in page
    assert "1 person asked to be reminded" in client.get("/").text
    told = client.get("/calendar", headers=JSON).get_json()["meetings"][0]
    assert (told["id"], told["reminds"], told["reminded"]) == (meeting.id, True, 1)


def test_somebody_without_groups_sees_that_nothing_is_planned(
    app: Flask, client: FlaskClient
) -> None:
    make.log_in(client, make.person())
    assert "No meetings planned" in client.get("/calendar").text
