"""Hidden facts of a meeting's room."""

from forum.meetings.room import service as rooms
from forum.meetings.room import speaking_queue
from forum.meetings.room.messages import private_notes
from forum.meetings.room.messages import service as messages
from tests.support.permissions.hidden_fact_registry import hidden_from
from tests.support.permissions.hidden_worlds import INSIDE, OUTSIDE, Hidden


@hidden_from("blocked", *OUTSIDE)
def turn(it: Hidden) -> None:
    """A person who blocked somebody raises a hand in the room, and has the turn."""
    rooms.enter_room(it.people["facilitator"], it.meeting_id)
    speaking_queue.raise_hand(it.people["author"], it.meeting_id, up=True)
    speaking_queue.give_speaking_turn(it.people["facilitator"], it.meeting_id, it.id_of("author"))


@hidden_from("blocked", *OUTSIDE)
def room_message(it: Hidden) -> None:
    """A person who blocked somebody says something in the room."""
    said = messages.send_message(
        it.people["author"], it.meeting_id, body="In the room", idempotency_key="said"
    )
    it.note(message_id=said)


@hidden_from("blocked", *OUTSIDE)
def room_left(it: Hidden) -> None:
    """A person who blocked somebody leaves the room."""
    rooms.leave_room(it.people["author"], it.meeting_id)


@hidden_from("blocked", *OUTSIDE)
def room_message_taken_back(it: Hidden) -> None:
    """A person who blocked somebody says something in the room, and takes it back."""
    rooms.enter_room(it.people["author"], it.meeting_id)
    said = messages.send_message(
        it.people["author"], it.meeting_id, body="Oh", idempotency_key="oh"
    )
    messages.delete_message(it.people["author"], said)


@hidden_from(*INSIDE)
def said_in_private(it: Hidden) -> None:
    """Somebody says something to the facilitators alone, in the room."""
    rooms.enter_room(it.people["facilitator"], it.meeting_id)
    private_notes.send_private_note(
        it.people["facilitator"], it.meeting_id, body="All well?", to=it.id_of("author")
    )
