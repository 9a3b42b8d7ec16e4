"""Facilitators who can't come: who is asked, who is told, and who may say what."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.groups import service as groups
from forum.meetings.models import Meeting
from forum.meetings.schedule import cover, facilitators, queries, reminders
from forum.meetings.schedule import service as scheduling
from forum.notifications import queries as notifications
from tests.support import factories as make
from tests.support.worlds.meeting_schedules import ScheduleWorld, form, meetings, schedule_world


@dataclass
class Team(ScheduleWorld):
    """A group in which `heron`, `rook` and `teal` can facilitate; `wren` wants to be reminded."""

    rook: Viewer
    teal: Viewer


@pytest.fixture
def team(app: Flask) -> Team:
    """Return the group."""
    made = schedule_world()
    rook = make.join(make.person("rook"), made.group_id, "facilitator")
    teal = make.join(make.person("teal"), made.group_id, "moderator")
    return Team(**vars(made), rook=rook, teal=teal)


def planned(team: Team, *named: Viewer, hours: float = 72) -> int:
    """Plan a meeting that `heron` facilitates, with those who are named; return its id."""
    handles = [one.handle for one in named]
    series = scheduling.schedule_series(team.heron, team.group_id, form(repeats="once"), handles)
    meeting_id = meetings(series)[0].id
    reminders.set_reminder(team.wren, meeting_id, on=True)
    starts_at = clock.now() + timedelta(hours=hours)
    with transaction() as session:
        change = update(Meeting).where(Meeting.id == meeting_id)
        session.execute(change.values(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))
    db.release_session()
    return meeting_id


def told(viewer: Viewer) -> list[str]:
    """Return what somebody's unread lines about cover are."""
    db.release_session()
    names = {"cover_needed", "meeting_uncovered", "meeting_covered"}
    return [one.type for one in notifications.lines(viewer) if one.type in names and not one.read]


def test_the_others_are_asked_and_the_first_to_answer_takes_it(team: Team) -> None:
    meeting_id = planned(team)
    assert cover.say_absent(team.heron, meeting_id) is False
    people = (team.heron, team.rook, team.teal, team.wren)
    assert [told(one) for one in people] == [[], ["cover_needed"], ["cover_needed"], []]
    cover.take_cover(team.rook, meeting_id)
    assert facilitators.handles_of_meeting(meeting_id) == ["rook"]
    assert [told(one) for one in people] == [[], [], [], []]


def test_nobody_is_asked_while_another_facilitates(team: Team) -> None:
    meeting_id = planned(team, team.rook)
    assert cover.say_absent(team.heron, meeting_id) is True
    assert told(team.teal) == []
    assert cover.say_absent(team.rook, meeting_id) is False
    assert (told(team.teal), told(team.heron)) == (["cover_needed"], ["cover_needed"])


def test_members_are_told_two_hours_before_and_when_it_takes_place(team: Team) -> None:
    meeting_id = planned(team, hours=3)
    cover.say_absent(team.heron, meeting_id)
    cover.check_due()
    assert told(team.wren) == []
    assert not queries.meeting_for(team.wren, meeting_id).needs_cover
    with transaction() as session:
        soon = clock.now() + timedelta(hours=1, minutes=59)
        session.execute(update(Meeting).where(Meeting.id == meeting_id).values(starts_at=soon))
    for _ in range(2):
        cover.check_due()
    assert told(team.wren) == ["meeting_uncovered"]
    assert queries.meeting_for(team.wren, meeting_id).needs_cover
    cover.take_cover(team.teal, meeting_id)
    assert told(team.wren) == ["meeting_covered"]
    assert not queries.meeting_for(team.wren, meeting_id).needs_cover


def test_who_says_so_at_the_last_moment_lets_members_know_at_once(team: Team) -> None:
    meeting_id = planned(team, hours=1)
    cover.say_absent(team.heron, meeting_id)
    assert told(team.wren) == ["meeting_uncovered"]
    cover.take_cover(team.heron, meeting_id)
    assert told(team.wren) == ["meeting_covered"]


@pytest.mark.parametrize("how", ["leaves", "erases", "is suspended", "loses the role"])
def test_whoever_can_no_longer_facilitate_is_missed(team: Team, how: str) -> None:
    meeting_id = planned(team)
    cover.say_absent(team.heron, meeting_id)
    cover.take_cover(team.rook, meeting_id)
    cover.check_due()
    assert told(team.teal) == []
    if how == "leaves":
        groups.leave(team.rook, team.group_id)
    elif how == "erases":
        accounts.erase(team.rook.id or 0)
    elif how == "is suspended":
        accounts.suspend(
            team.rook.id or 0, until=clock.now() + timedelta(days=2), because="A rule was broken."
        )
    else:
        groups.set_role(None, team.group_id, team.rook.id or 0, "member")
    cover.check_due()
    assert told(team.teal) == ["cover_needed"]


def test_only_meetings_of_the_coming_week_are_looked_at(team: Team) -> None:
    far = planned(team, hours=24 * 8)
    groups.leave(team.heron, team.group_id)
    cover.check_due()
    assert told(team.teal) == []
    with transaction() as session:
        near = clock.now() + timedelta(days=6)
        session.execute(update(Meeting).where(Meeting.id == far).values(starts_at=near))
    cover.check_due()
    assert told(team.teal) == ["cover_needed"]


def test_who_may_not_facilitate_says_nothing(team: Team) -> None:
    meeting_id = planned(team)
    for verb in (cover.say_absent, cover.take_cover):
        with pytest.raises(Forbidden):
            verb(team.wren, meeting_id)
        with pytest.raises((Forbidden, NotFound)):
            verb(team.stranger, meeting_id)
    with pytest.raises(Conflict):
        cover.say_absent(team.teal, meeting_id)
    scheduling.cancel_meeting(team.heron, meeting_id)
    for verb in (cover.say_absent, cover.take_cover):
        with pytest.raises(Conflict):
            verb(team.heron, meeting_id)


def test_only_the_team_can_be_named(team: Team) -> None:
    for handle in (team.wren.handle, team.stranger.handle, "nobody", ""):
        with pytest.raises(Invalid):
            scheduling.schedule_series(team.heron, team.group_id, form(), [handle])
    series = scheduling.schedule_series(team.heron, team.group_id, form(), ["Rook", "teal"])
    assert facilitators.handles_of_series(series) == ["rook", "teal"]
    scheduling.edit_series(team.heron, series, form())
    assert facilitators.handles_of_series(series) == ["rook", "teal"]
    scheduling.edit_series(team.heron, series, form(), [])
    assert facilitators.handles_of_series(series) == []


def test_two_who_answer_at_once_both_come(team: Team) -> None:
    meeting_id = planned(team)
    cover.say_absent(team.heron, meeting_id)
    cover.take_cover(team.rook, meeting_id)
    cover.take_cover(team.teal, meeting_id)
    assert facilitators.handles_of_meeting(meeting_id) == ["rook", "teal"]


def post(client: FlaskClient, path: str, **typed: Any) -> Any:
    """Send a form as a program does; return the answer."""
    return client.post(path, data=typed, headers={"Accept": "application/json"})


def test_the_pages_say_the_same(team: Team, client: FlaskClient) -> None:
    meeting_id = planned(team, hours=1)
    address = f"/meetings/{meeting_id}"
    make.log_in(client, team.heron)
    client.application.config["WTF_CSRF_ENABLED"] = False
    assert "I can&#39;t come" in client.get(address).text
    assert post(client, f"{address}/absence").json["has_cover"] is False
    assert "I&#39;ll facilitate" in client.get(address).text
    make.log_in(client, team.wren)
    assert "may not take place" in client.get(address).text
    assert "No facilitator yet" in client.get("/calendar").text
    told_so = client.get(address, headers={"Accept": "application/json"}).json
    assert (told_so or {})["needs_cover"] is True
    assert post(client, f"{address}/cover").status_code == 403
    make.log_in(client, team.rook)
    assert post(client, f"{address}/cover").json["has_cover"] is True
    assert "rook" in client.get(address).text


def test_the_form_names_the_team_and_keeps_who_was_chosen(team: Team, client: FlaskClient) -> None:
    make.log_in(client, team.heron)
    client.application.config["WTF_CSRF_ENABLED"] = False
    page = client.get(f"/groups/{team.slug}/meetings/new").text
    assert 'value="rook"' in page
    assert f'value="{team.heron.handle}"' not in page
    refused = client.post(
        f"/groups/{team.slug}/meetings/new",
        data=form(minutes="0") | {"facilitators": ["", "rook"]},
    )
    assert refused.status_code == 422
    assert 'value="rook" checked' in refused.text
