"""Reminders stay exactly one each, though several processes of the server look for them at once."""

import subprocess
import sys
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core import clock
from forum.core.db import transaction
from forum.groups import service as groups
from forum.meetings.models import Meeting
from forum.meetings.schedule import due_reminders, reminders
from forum.meetings.schedule import queries as schedule
from forum.notifications import queries
from forum.notifications.notification_choices import AT_ONCE
from forum.settings.environment import Settings
from tests.support import factories as make
from tests.support.worlds.meeting_schedules import meetings, schedule_world
from tests.support.worlds.outbox_world import PostBox, Readers, send

PROCESS = """
import sys
from forum.core import db, events
from forum.meetings.schedule import due_reminders, reminders
from forum.meetings.events import MeetingSoon
from forum.notifications import service as notifications
db.bind(sys.argv[1])
heard = []
handlers = notifications.within_transaction()[MeetingSoon]
events.subscribe({MeetingSoon: [*handlers, heard.append]}, {})
print("ready", flush=True)
sys.stdin.readline()
due_reminders.announce_due()
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


def test_who_leaves_is_reminded_no_more_and_counted_no_more(app: Flask) -> None:
    group = schedule_world()
    meeting = meetings(group.plan())[0]
    reminders.set_reminder(group.wren, meeting.id, on=True)
    groups.leave(group.wren, group.group_id)
    make.join(group.wren, group.group_id)
    found = schedule.meeting_for(group.wren, meeting.id)
    assert (found.reminds, found.reminded) == (False, 0)


@pytest.mark.parametrize(("minutes", "sent"), [(10, 1), (20, 0)])
def test_that_a_meeting_starts_soon_is_not_sent_once_it_has_begun(
    app: Flask, monkeypatch: pytest.MonkeyPatch, minutes: int, sent: int
) -> None:
    box = PostBox().use(monkeypatch)
    group = schedule_world()
    meeting = meetings(group.plan())[0]
    Readers.choose(group.wren, AT_ONCE)
    reminders.set_reminder(group.wren, meeting.id, on=True)
    now = meeting.starts_at - timedelta(minutes=15)
    monkeypatch.setattr(clock, "now", lambda: now)
    due_reminders.announce_due()
    later = now + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: later)
    send()
    assert len(box.taken) == sent
