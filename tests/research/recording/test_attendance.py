"""Attendance is recorded of meetings that people joined after they had agreed, and of no others."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.core import clock
from forum.core.db import transaction
from forum.meetings.room.events import MeetingAttended
from forum.research.recording import event_recording
from tests.support.research import study_world


@pytest.mark.parametrize("clauses", [("record",), ("record", "past")])
@pytest.mark.parametrize("joined_after", [False, True])
def test_no_clause_covers_a_meeting_joined_before_the_consent(
    app: Flask, clauses: tuple[str, ...], joined_after: bool
) -> None:
    room = study_world.study()
    ash = room.member()
    room.agree(ash, *clauses)
    joined = clock.now() + timedelta(minutes=1 if joined_after else -30)
    facts: dict[str, Any] = dict.fromkeys(MeetingAttended.__annotations__, 1)
    facts |= {"account_id": ash.id or 0, "group_id": room.group_id, "joined_at": joined}
    with transaction():
        event_recording.record_attendance(MeetingAttended(**facts))
    assert ("meeting_attended" in room.kinds(ash)) is joined_after
