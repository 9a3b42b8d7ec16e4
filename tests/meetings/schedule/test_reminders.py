"""Reminders stay exactly one each, though several processes of the server look for them at once."""

import subprocess
import sys
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from forum.core import clock
from forum.core.db import transaction
from forum.meetings.models import Meeting
from forum.meetings.schedule import reminders
from forum.notifications import queries
from forum.settings.environment import Settings
from tests.support.worlds.meeting_schedules import meetings, schedule_world

PROCESS = """
import sys
from forum.core import db, events
from forum.meetings.schedule import reminders
from forum.meetings.events import MeetingSoon
from forum.notifications import service as notifications
db.bind(sys.argv[1])
heard = []
handlers = notifications.within_transaction()[MeetingSoon]
events.subscribe({MeetingSoon: [*handlers, heard.append]}, {})
print("ready", flush=True)
sys.stdin.readline()
reminders.announce_soon()
print(len(heard), flush=True)
"""


def test_two_processes_announce_a_meeting_once(app: Flask, settings: Settings) -> None:
    group = schedule_world()
    meeting = meetings(group.plan())[0]
    reminders.set_reminder(group.wren, meeting.id, on=True)
    with transaction() as session:
        soon = clock.now() + timedelta(minutes=5)
        session.execute(update(Meeting).where(Meeting.id == meeting.id).values(starts_at=soon))
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, settings.database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    announced = [int(one.communicate()[0]) for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert sorted(announced) == [0, 1]
    assert [line.type for line in queries.lines(group.wren)] == ["meeting_soon"]
