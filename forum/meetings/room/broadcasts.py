"""What sockets are sent of a room: each person only what the page would show them."""

import json
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any

from forum.accounts.identity import public_ids
from forum.core.background import periodic
from forum.core.db import release_session
from forum.core.realtime import presence, socket_events
from forum.core.translation import languages, using
from forum.groups import quotation_visibility
from forum.groups.reaction_types import REACTIONS
from forum.meetings.events import MeetingStateChanged
from forum.meetings.room import fragments as room_fragments
from forum.meetings.room import queries as room_queries
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.attendance.queries import Person
from forum.meetings.room.events import (
    AttendeeModerated,
    PrivateNoteSent,
    RoomMessageChanged,
    RoomMessageSent,
    RoomPeopleChanged,
)
from forum.meetings.room.lifecycle import room_locking
from forum.meetings.room.messages import private_note_queries
from forum.meetings.room.messages import queries as message_queries
from forum.meetings.room.messages import service as messages

PEOPLE_EVERY_S = 0.7
PRESENT_MAX = 50


def presence_key(meeting_id: int) -> str:
    """Return the name of a meeting as a place where people are."""
    return f"meeting:{meeting_id}"


def socket_room(meeting_id: int, account_id: int) -> str:
    """Return the room of one person's sockets in a meeting."""
    return f"meeting:{meeting_id}:{account_id}"


def broadcast_message(event: RoomMessageSent | RoomMessageChanged) -> None:
    """Show a message to people who may see it, and remove it for people who no longer may."""
    here = _accounts_present(event.meeting_id)
    found = message_queries.message_ref(event.message_id) if here else None
    if found is None:
        return
    seeing, missing = message_queries.who_sees(event.message_id, here)
    told = {"meeting_id": event.meeting_id, "id": found.id, "version": found.version}
    for language in presence.here().languages(presence_key(event.meeting_id)) if seeing else ():
        with using(language):
            _show_message(found, told, seeing)
    _send("meeting:message", {**told, "removed": True}, missing)


def _show_message(found: Any, told: dict[str, Any], seeing: Collection[int]) -> None:
    """Send a message in one language."""
    html = room_fragments.message_fragments([found])[found.id]
    for shown, readers in quotation_visibility.for_readers(
        seeing, room_queries.group_of(told["meeting_id"]), html
    ).items():
        news = {**told, "number": found.number, "html": str(shown)}
        rooms = _rooms(told["meeting_id"], readers)
        socket_events.send_in_this_language("meeting:message", news, rooms)


def broadcast_state(event: MeetingStateChanged) -> None:
    """Tell everybody who waits or is in the room in which state it is."""
    here = _accounts_present(event.meeting_id)
    if here:
        who = people_queries.who_may_see_meeting(event.meeting_id, here)
        facts = room_queries.meeting_columns(event.meeting_id)
        _send_translated("meeting:state", lambda: state_payload(facts), event.meeting_id, who)
    broadcast_people(event)


def state_payload(facts: Any) -> dict[str, Any]:
    """Return what is sent of a room's state, to anybody who may know the meeting.

    No version is in it: that counts messages, also those of people whom one does not meet.
    """
    return {
        "meeting_id": facts.id,
        "state": facts.state,
        "because": facts.ended_because,
        "ends_at": facts.ends_at.isoformat(),
        "turns_only": facts.turns_only,
        "slow_mode_s": facts.slow_mode_s,
        "html": str(room_fragments.render_state(facts)),
    }


def broadcast_people(event: RoomPeopleChanged | MeetingStateChanged | AttendeeModerated) -> None:
    """Tell everyone in a room who is there and whose turn it is; many changes are sent once."""
    broadcast_people_in(event.meeting_id)


def broadcast_people_in(meeting_id: int) -> None:
    """Do so for one room."""
    periodic.soon(PEOPLE_EVERY_S, presence_key(meeting_id), partial(_send_people, meeting_id))


def broadcast_to_attendee(event: AttendeeModerated) -> None:
    """Tell somebody what was decided about them; who is sent out hears nothing after that."""
    theirs = socket_room(event.meeting_id, event.account_id)
    removed = event.how == "removed"
    message = {"removed": room_locking.REMOVED, "muted": messages.MUTED}.get(event.how, "")
    socket_events.send_translated(
        "meeting:own_status",
        lambda: {
            "meeting_id": event.meeting_id,
            "muted": event.how == "muted",
            "removed": removed,
            "message": str(message),
        },
        [theirs],
        presence_key(event.meeting_id),
    )
    if removed:
        socket_events.close(theirs)


def broadcast_private_note(event: PrivateNoteSent) -> None:
    """Send a private note to facilitators and to the person alone."""
    here = _accounts_present(event.meeting_id)
    for account_id in people_queries.who_may_see_meeting(event.meeting_id, here) if here else ():
        for row in private_note_queries.private_notes_for(account_id, event.meeting_id):
            if row.id == event.note_id:
                _send_translated(
                    "meeting:private_note",
                    partial(private_note_payload, event.meeting_id, row),
                    event.meeting_id,
                    [account_id],
                )


def private_note_payload(meeting_id: int, row: Any) -> dict[str, Any]:
    """Return the payload of one private note."""
    return {
        "meeting_id": meeting_id,
        "id": row.id,
        "about_id": public_ids.of(row.about_id),
        "about": row.about,
        "html": str(room_fragments.render_private_note(row)),
    }


def broadcast_reaction(meeting_id: int, account_id: int, handle: str, kind: str) -> None:
    """Show a passing reaction to people who meet the person."""
    told = {"meeting_id": meeting_id, "handle": handle, "kind": kind}
    _send_translated(
        "meeting:reaction",
        lambda: {**told, "words": str(REACTIONS[kind])},
        meeting_id,
        _who_sees_person(meeting_id, account_id),
    )


def broadcast_typing(meeting_id: int, account_id: int, handle: str) -> None:
    """Tell people who meet the person that they are writing."""
    told = {"meeting_id": meeting_id, "handle": handle}
    _send("meeting:typing", told, _who_sees_person(meeting_id, account_id) - {account_id})


def people_payload(meeting_id: int, account_id: int) -> dict[str, Any]:
    """Return who is in a room as one person sees it."""
    known = RoomPeople(meeting_id, _accounts_present(meeting_id) | {account_id})
    return known.as_seen_by([account_id])


class RoomPeople:
    """Who is in a room at one moment, and how each of them sees that."""

    def __init__(self, meeting_id: int, here: set[int]) -> None:
        self.meeting_id = meeting_id
        self.people = people_queries.people_in_room(meeting_id, here)
        self.hands = people_queries.speaking_queue(meeting_id)
        raised = [hand.account_id for hand in self.hands]
        self._apart = people_queries.muted_or_blocked_pairs(self.people, raised)
        self._with_distance = {pair[0] for pair in self._apart}
        self._facilitating = {person.id for person in self.people if person.facilitates}
        self._removed = people_queries.removed_people(meeting_id) if self._facilitating else []

    def views(self) -> Iterable[list[int]]:
        """Yield people who see the same, together."""
        alike: dict[tuple[bool, int], list[int]] = {}
        for person in self.people:
            alone = person.id if person.id in self._with_distance else 0
            alike.setdefault((person.facilitates, alone), []).append(person.id)
        return alike.values()

    def as_seen_by(self, alike: list[int]) -> dict[str, Any]:
        """Return the payload for people who see the same."""
        viewer = alike[0]
        facilitates = viewer in self._facilitating
        shown = [one for one in self.people if self._shown(viewer, one, facilitates)]
        met = [hand for hand in self.hands if (viewer, hand.account_id) not in self._apart]
        hands = [{"id": hand.account_id, "handle": hand.handle} for hand in met]
        speaker = hands.pop(0) if met and met[0].speaking_since else None
        html = room_fragments.render_people(
            self.meeting_id,
            people=shown if facilitates else shown[:PRESENT_MAX],
            count=len(shown),
            hands=hands,
            speaker=speaker,
            facilitates=facilitates,
            removed=self._removed if facilitates else [],
        )
        return {
            "meeting_id": self.meeting_id,
            "present": [one.handle for one in shown][:PRESENT_MAX],
            "hands": [_queue_payload(hand) for hand in hands],
            "speaker": _queue_payload(speaker) if speaker else None,
            "html": str(html),
        }

    def _shown(self, viewer: int, one: Person, facilitates: bool) -> bool:
        # A facilitator must know who is in the room; to others an invisible person is not.
        return (facilitates or not one.invisible) and (viewer, one.id) not in self._apart


def _queue_payload(hand: dict[str, Any]) -> dict[str, Any]:
    return {**hand, "id": public_ids.of(hand["id"])}


def _send_people(meeting_id: int) -> None:
    here = _accounts_present(meeting_id)
    if here:
        known = RoomPeople(meeting_id, here)
        for alike in known.views():
            where, told = presence_key(meeting_id), presence.here()
            with using(languages.SOURCE):  # whatever language they hear it in
                seen = json.dumps(known.as_seen_by(alike))
            new = [one for one in alike if told.is_new_to(where, one, seen)]
            make = partial(known.as_seen_by, alike)
            _send_translated("meeting:present", make, meeting_id, new)
    release_session()


def _who_sees_person(meeting_id: int, account_id: int) -> set[int]:
    """Return who in a room meets somebody."""
    people = people_queries.people_in_room(meeting_id, _accounts_present(meeting_id) | {account_id})
    apart = people_queries.muted_or_blocked_pairs(people)
    return {person.id for person in people if (person.id, account_id) not in apart}


def _accounts_present(meeting_id: int) -> set[int]:
    return presence.here().accounts(presence_key(meeting_id)) - {0}


def _send(event: str, told: dict[str, Any], accounts: Iterable[int]) -> None:
    socket_events.send(event, told, _rooms(told["meeting_id"], accounts))


def _send_translated(
    event: str, make: Callable[[], dict[str, Any]], meeting_id: int, accounts: Iterable[int]
) -> None:
    rooms = _rooms(meeting_id, accounts)
    socket_events.send_translated(event, make, rooms, presence_key(meeting_id))


def _rooms(meeting_id: int, accounts: Iterable[int]) -> list[str]:
    return [socket_room(meeting_id, account_id) for account_id in accounts]
