"""Notes for one person alone in a room, where no slice has any."""

from forum.accounts.policy import Viewer
from tests.support.suite.fresh_modules import freshly_loaded


def test_until_a_slice_declares_notes_a_room_has_none() -> None:
    notes, wren = freshly_loaded("forum.meetings.room.messages.author_notes"), Viewer(id=1)
    assert notes.in_room(wren, 1) == ""
    assert notes.after_writing(wren, 1, "I can't go on") == {}
    notes.declare(lambda _viewer, meeting_id: f"note {meeting_id}", lambda words: "on" in words)
    assert notes.in_room(wren, 1) == "note 1"
    assert notes.after_writing(wren, 1, "I can't go on") == {"note": "note 1"}
    assert notes.after_writing(wren, 1, "Hello") == {}
