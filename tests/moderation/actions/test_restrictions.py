"""Silences, suspensions and ended sessions: for how long, what others read, and what they end."""

from typing import Any

import pytest
from flask import Flask

from forum.core import db
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.moderation.actions import service
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds.moderation_world import ModerationWorld, moderation_world

WHY = "This helps"


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


@pytest.mark.parametrize("days", ["", "0", "366", "-1", "1.5", "many", "99999999"])
@pytest.mark.parametrize("name", ["silence", "suspend"])
def test_a_number_of_days_that_cannot_be_meant_does_nothing(
    room: ModerationWorld, name: str, days: str
) -> None:
    group, people, place = room
    with pytest.raises(Invalid) as refused:
        service.take_action(
            people["administrator"],
            name,
            people["author"].id,
            group_id=group if name == "silence" else None,
            reason=WHY,
            value=days,
        )
    assert set(refused.value.fields) == {"value"}
    make.post(people["author"], place.thread_id)


def test_a_silence_needs_a_second_person_among_equals_who_reads_for_how_long(
    app: Flask, room: ModerationWorld
) -> None:
    group, people, _place = room
    target = people["second"].id
    service.take_action(
        people["moderator"], "silence", target, group_id=group, reason=WHY, value="3"
    )
    log = app.test_client()
    make.log_in(log, people["administrator"])
    assert "For 3 days" in log.get("/moderation/log").text


def test_what_is_lifted_needs_no_days_and_only_what_there_is_can_be(
    app: Flask, room: ModerationWorld
) -> None:
    group, people, place = room
    target = people["second"].id
    silence: dict[str, Any] = {"group_id": group, "reason": WHY}
    with pytest.raises(Conflict):
        service.take_action(people["administrator"], "unsilence", target, **silence)
    service.take_action(people["administrator"], "silence", target, value="1", **silence)
    with pytest.raises(Forbidden):
        make.post(people["second"], place.thread_id)
    service.take_action(people["moderator"], "unsilence", target, **silence)  # among equals
    log = app.test_client()
    make.log_in(log, people["administrator"])
    assert log.get("/moderation/log").status_code == 200
    service.take_action(people["administrator"], "unsilence", target, **silence)
    db.release_session()
    threads.post_reply(people["second"], place.thread_id, body="Hello again", idempotency_key="x")


def test_log_out_everywhere_ends_each_session_at_once_and_nothing_else(
    app: Flask, room: ModerationWorld
) -> None:
    _group, people, place = room
    theirs, others = [app.test_client() for _ in range(2)], app.test_client()
    for client in theirs:
        make.log_in(client, people["member"])
    make.log_in(others, people["author"])
    with pytest.raises(Forbidden):
        service.take_action(people["moderator"], "end_sessions", people["member"].id, reason=WHY)
    assert [client.get("/notifications").status_code for client in theirs] == [200, 200]
    service.take_action(people["administrator"], "end_sessions", people["member"].id, reason=WHY)
    db.release_session()
    json = {"Accept": "application/json"}
    after = [client.get("/notifications", headers=json).status_code for client in theirs]
    assert after == [401, 401]
    assert others.get("/notifications").status_code == 200
    make.post(people["member"], place.thread_id)
