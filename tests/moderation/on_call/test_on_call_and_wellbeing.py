"""Moderators' wellbeing, and the rota."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from forum.accounts import service as accounts
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Forbidden, Invalid, NotFound
from forum.moderation.on_call import moderator_wellbeing, rota
from forum.moderation.on_call.models import DistressExposure
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers as queue_triggers
from tests.support import factories as make
from tests.support.worlds.queue_world import QueueWorld


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def test_opening_what_is_distressing_is_counted_for_oneself_alone(
    room: QueueWorld, client: FlaskClient
) -> None:
    room.report(reason="harm_self")
    room.report("other", post=make.post(room["author"], room.thread).id)
    make.log_in(client, room["moderator"])
    for item in queue_queries.open_items(room["moderator"]):
        for _ in range(2):
            assert client.get(f"/moderation/queue/{item.id}").status_code == 200
    assert moderator_wellbeing.recent_exposure(room["moderator"]).count == 1
    assert "1 distressing item" in client.get("/moderation").text
    assert moderator_wellbeing.recent_exposure(room["second"]).count == 0


def test_past_a_number_a_kind_word_is_said(room: QueueWorld) -> None:
    words = {}
    for count in range(1, 11):
        post = make.post(room["author"], room.thread).id
        room.report("reporter", "harm_self", post=post)
        newest = max(one.id for one in queue_queries.open_items(room["moderator"]))
        moderator_wellbeing.record_exposure(room["moderator"], newest)
        words[count] = moderator_wellbeing.recent_exposure(room["moderator"]).words
    assert words[4] == ""
    assert "minutes away" in words[5]
    assert "someone else carry on" in words[10]


def test_yesterday_is_not_today_and_a_month_is_forgotten(room: QueueWorld) -> None:
    room.report(reason="harm_self")
    moderator_wellbeing.record_exposure(room["moderator"], room.reported().id)
    with transaction() as session:
        session.execute(update(DistressExposure).values(at=clock.now() - timedelta(hours=25)))
    assert moderator_wellbeing.recent_exposure(room["moderator"]).count == 0
    queue_triggers.sweep()
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(DistressExposure)) == 1
        session.execute(update(DistressExposure).values(at=clock.now() - timedelta(days=31)))
    queue_triggers.sweep()
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(DistressExposure)) == 0


def test_a_crisis_has_fifteen_minutes_while_somebody_is_on_call(room: QueueWorld) -> None:
    room.report(reason="harm_self")
    assert room.reported().due_in is None
    rota.take_shift(room["second"], room.group, clock.now(), 1)
    due = room.reported().due_in
    assert due is not None
    assert timedelta(minutes=14) < due <= timedelta(minutes=15)
    queue.claim(room["second"], room.reported().id)
    assert room.reported().due_in is None


def test_being_on_call_ends_with_the_hours_with_the_role_and_when_suspended(
    room: QueueWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    rota.take_shift(room["second"], room.group, clock.now(), 1)
    assert rota.groups_on_call([room.group, None]) == {room.group}
    accounts.suspend(
        room["second"].id or 0, because="A pause", until=clock.now() + timedelta(minutes=5)
    )
    assert rota.groups_on_call([room.group]) == set()
    rota.take_shift(room["administrator"], None, clock.now(), 1)
    assert rota.groups_on_call([room.group, None]) == {room.group, None}
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert rota.groups_on_call([room.group, None]) == set()


def test_who_may_put_themselves_on_the_rota(room: QueueWorld) -> None:
    now = clock.now()
    for name in ("author", "outsider"):
        with pytest.raises(Forbidden):
            rota.take_shift(room[name], room.group, now, 1)
        with pytest.raises(Forbidden):
            rota.shifts_for(room[name])
    for name, group_id in (("elsewhere", room.group), ("moderator", None), ("moderator", 999)):
        with pytest.raises(Invalid) as refused:
            rota.take_shift(room[name], group_id, now, 1)
        assert set(refused.value.fields) == {"group_id"}
    for starts_at, hours in (
        (now, 0),
        (now, 25),
        (now - timedelta(hours=3), 2),
        (now + timedelta(days=91), 1),
    ):
        with pytest.raises(Invalid):
            rota.take_shift(room["moderator"], room.group, starts_at, hours)


def test_a_shift_is_its_owners(room: QueueWorld) -> None:
    shift = rota.take_shift(room["moderator"], room.group, clock.now(), 2, "Quiet so far")
    with pytest.raises(NotFound):
        rota.remove_shift(room["second"], shift)
    with pytest.raises(NotFound):
        rota.leave_note(room["second"], shift, "Mine")
    rota.leave_note(room["moderator"], shift, "Look at Ash's thread")
    assert [one.note for one in rota.shifts_for(room["facilitator"])] == ["Look at Ash's thread"]
    assert rota.shifts_for(room["elsewhere"]) == []
    rota.remove_shift(room["moderator"], shift)
    assert rota.shifts_for(room["facilitator"]) == []
