"""What is known elsewhere by its number is never another's: private words, proposals."""

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import db
from forum.meetings.room import service as rooms
from forum.meetings.room.lifecycle import timers
from forum.meetings.room.messages import private_notes
from forum.moderation.actions import service
from forum.moderation.queue import item_detail
from forum.moderation.queue import queries as queue_queries
from forum.notifications import queries as notifications
from forum.notifications import service as notified
from forum.privacy import service as privacy
from tests.support import factories as make
from tests.support.text.form_warnings import DANGER
from tests.support.worlds.meeting_room import Clock, Meeting, moment
from tests.support.worlds.moderation_world import ModerationWorld, moderation_world

__all__ = ["moment"]


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


def vanished(meeting: Meeting, moment: Clock) -> None:
    """Close a room, and let what was said in it vanish."""
    for _last_words in range(2):
        rooms.close_meeting(meeting.fern, meeting.id)
    moment.forward(days=3)
    timers.delete_expired_transcripts()


def test_a_crisis_alert_is_not_taken_for_one_that_has_vanished(app: Flask, moment: Clock) -> None:
    first = Meeting.made().opened()
    wren, robin, _ash = first.members
    private_notes.send_private_note(wren, first.id, body=DANGER)
    vanished(first, moment)
    later = Meeting(
        make.meeting(first.group_id, starts_at=moment.now()),
        first.group_id,
        first.fern,
        first.moss,
        first.members,
    ).opened()
    private_notes.send_private_note(robin, later.id, body=f"{DANGER} I mean it.")
    db.release_session()
    entries = [one for one in queue_queries.open_items(first.moss) if one.kind == "crisis_alert"]
    assert [one.about_id for one in entries] == [wren.id, robin.id]
    things = [item_detail.detail_of(first.moss, one) for one in entries]
    assert [len(thing.said) for thing in things] == [0, 1]
    assert [line.type for line in notifications.lines(first.moss)] == ["crisis", "crisis"]


def test_a_pending_action_is_notified_after_another_was_erased(
    room: ModerationWorld,
) -> None:
    group, people, place = room
    goes = make.join(make.person(password="a long enough one"), group, "moderator")
    notified.read(people["second"])  # the thread is new to whoever moderates its group
    service.take_action(goes, "delete", place.id, reason="An address")
    db.release_session()
    assert unread_types(people["second"]) == ["approval_needed"]
    notified.read(people["second"])
    privacy.erase_myself(goes, posts="keep", password="a long enough one", confirmed=True)
    service.take_action(people["moderator"], "delete", place.id, reason="An address")
    db.release_session()
    assert unread_types(people["second"]) == ["approval_needed"]


def unread_types(viewer: Viewer) -> list[str]:
    return [line.type for line in notifications.lines(viewer) if not line.read]
