"""Every write about what is said in a room: messages, reactions, drafts."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import UtcDateTime, current_connection, transaction
from forum.core.errors import Conflict, Forbidden, Invalid, TooMany
from forum.core.events import announce
from forum.core.translation import _, lazy, ngettext
from forum.groups.membership import silence_checks
from forum.groups.reaction_types import REACTIONS
from forum.meetings.room import policy as room_policy
from forum.meetings.room import queries as room_queries
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.events import RoomMessageChanged, RoomMessageSent
from forum.meetings.room.lifecycle import room_locking
from forum.meetings.room.messages import queries as message_queries
from forum.meetings.room.models import Attendance, RoomMessage
from forum.meetings.room.queries import RoomView

KEY_MAX = 64
MUTED = lazy(
    "A facilitator has muted you for now. You can still message the facilitators privately."
)
_INSERT = insert(RoomMessage).returning(RoomMessage.id)
_BY_IDEMPOTENCY_KEY = select(RoomMessage.id).where(
    RoomMessage.author_id == bindparam("author"),
    RoomMessage.idempotency_key == bindparam("key"),
)
_ATTENDING = (
    update(Attendance)
    .where(
        Attendance.meeting_id == bindparam("here", type_=Integer),
        Attendance.account_id == bindparam("who", type_=Integer),
    )
    .execution_options(synchronize_session=False)
)
_COUNT_MESSAGE = _ATTENDING.values(
    last_message_at=bindparam("now", type_=UtcDateTime),
    draft_body="",
    draft_content_note="",
    message_count=Attendance.message_count + 1,
    word_count=Attendance.word_count + bindparam("words", type_=Integer),
)


def send_message(
    viewer: Viewer,
    meeting_id: int,
    *,
    body: str,
    idempotency_key: str,
    content_note: str = "",
) -> int:
    """Say something in a room; return the message's id.

    Sent again with the same key, it returns what the first sending made. Raises Invalid,
    LoginNeeded, NotFound, Forbidden (not inside, muted, not one's turn), Conflict (not open),
    TooMany (slow mode).
    """
    author_id, now = member_id(viewer), clock.now()
    key = text.one_line(idempotency_key, "idempotency_key", least=1, most=KEY_MAX)
    body = text.checked(body, "body", least=1, most=room_policy.MESSAGE_MAX, name=_("Your message"))
    note = text.one_line(content_note, "content_note", most=room_policy.CONTENT_NOTE_MAX)
    try:
        with transaction() as session:
            if (
                earlier := current_connection()
                .execute(_BY_IDEMPOTENCY_KEY, {"author": author_id, "key": key})
                .first()
            ):
                return int(earlier.id)
            room = room_locking.lock_open_room(session, viewer, meeting_id)
            _require_may_send(room, author_id, now)
            if room.seen_at is not None and now - room.seen_at > presence_time.SEEN_EVERY:
                presence_time.record_seen(session, meeting_id, [author_id], now)
            return _insert_message(session, room, author_id, body, note, key, now)
    except IntegrityError:
        if (
            twin := current_connection()
            .execute(_BY_IDEMPOTENCY_KEY, {"author": author_id, "key": key})
            .first()
        ):
            return int(twin.id)
        raise


def delete_message(viewer: Viewer, message_id: int) -> None:
    """Take back what one said oneself. Raises LoginNeeded, NotFound, Forbidden, Conflict."""
    with transaction() as session:
        room, message = _lock_message(session, viewer, message_id)
        if message.author_id != viewer.id:
            raise Forbidden(_("You can only delete your own messages."), code="not_yours")
        update_message(
            session,
            room.id,
            room.group_id,
            message_id,
            viewer.id,
            "deleted",
            body="",
            html="",
            content_note="",
            deleted_at=clock.now(),
        )


def lock_message_to_moderate(
    session: Session, viewer: Viewer, message_id: int
) -> tuple[RoomView, Any]:
    """Return a message with its locked room to a facilitator there.

    Raises LoginNeeded, NotFound, Forbidden, Conflict for what was taken back.
    """
    room, message = _lock_message(session, viewer, message_id)
    if not room.facilitates:
        raise Forbidden(_("Only the group's facilitators can do this."), code="not_yours")
    return room, message


def set_hidden(session: Session, viewer: Viewer, message_id: int, *, hidden: bool) -> None:
    """Hide a message from all but its author and facilitators, or show it again.

    `moderation` has the verbs, which write them into its log. Raises as `message_to_look_after`.
    """
    room, _message = lock_message_to_moderate(session, viewer, message_id)
    update_message(
        session,
        room.id,
        room.group_id,
        message_id,
        viewer.id,
        "hidden" if hidden else "restored",
        hidden_at=clock.now() if hidden else None,
    )


def require_reaction(viewer: Viewer, meeting_id: int, kind: str) -> RoomView:
    """Return the room in which somebody may react. A reaction passes and is stored nowhere.

    Raises Invalid, LoginNeeded, NotFound, Forbidden, Conflict.
    """
    if kind not in REACTIONS:
        raise Invalid(
            fields={
                "kind": _("Choose one of these: %(reactions)s.", reactions=", ".join(REACTIONS))
            }
        )
    room = room_attended_by(viewer, meeting_id)
    require_may_speak(room, clock.now())
    return room


def require_may_speak(room: RoomView, now: datetime) -> None:
    """Raise Forbidden for a person who is muted in the room or silenced in its group."""
    if room.muted_at is not None:
        raise Forbidden(MUTED, code="muted")
    silence_checks.require_not_silenced(room.silenced_until, room.silence_reason, now)


def may_speak(room: RoomView) -> bool:
    """Whether somebody is neither muted in the room nor silenced in its group."""
    silenced = room.silenced_until is not None and room.silenced_until > clock.now()
    return room.muted_at is None and not silenced


def room_attended_by(viewer: Viewer, meeting_id: int) -> RoomView:
    """Return the open room that somebody is in. Raises as `room_locking.lock_open_room`."""
    member_id(viewer)
    room = room_queries.room_for(viewer, meeting_id)
    room_locking.require_attending(room)
    return room


def save_draft(viewer: Viewer, meeting_id: int, *, body: str, content_note: str = "") -> None:
    """Keep what somebody has not sent yet, until the meeting is over. Raises as `say`."""
    account_id = member_id(viewer)
    body = text.checked(body, "body", most=room_policy.MESSAGE_MAX, name=_("Your message"))
    note = text.one_line(content_note, "content_note", most=room_policy.CONTENT_NOTE_MAX)
    with transaction() as session:
        room_locking.lock_open_room(session, viewer, meeting_id)
        session.execute(
            _ATTENDING.values(draft_body=body, draft_content_note=note),
            {"here": meeting_id, "who": account_id},
        )


def update_message(
    session: Session,
    meeting_id: int,
    group_id: int,
    message_id: int,
    by_id: int | None,
    how: str,
    **changes: Any,
) -> None:
    """Change a message's columns under the meeting's next version, and announce it."""
    version = room_locking.next_version(session, meeting_id)
    session.execute(
        update(RoomMessage)
        .where(RoomMessage.id == message_id)
        .values(version=version, **changes)
        .execution_options(synchronize_session=False)
    )
    announce(RoomMessageChanged(message_id, meeting_id, group_id, by_id, how, clock.now()))


def _require_may_send(room: RoomView, account_id: int, now: datetime) -> None:
    require_may_speak(room, now)
    if room.facilitates:
        return
    if room.turns_only:
        order = people_queries.speaking_queue(room.id)
        speaker = order[0].account_id if order and order[0].speaking_since else None
        if speaker != account_id:
            raise Forbidden(
                _("One person speaks at a time for now. Raise your hand, and your turn will come."),
                code="not_your_turn",
            )
    if room.slow_mode_s and room.last_message_at is not None:
        wait = room.last_message_at + timedelta(seconds=room.slow_mode_s) - now
        if wait > timedelta(0):
            seconds = int(wait.total_seconds()) + 1
            raise TooMany(
                ngettext(
                    "Messages are spaced out here. You can send this in %(count)s second.",
                    "Messages are spaced out here. You can send this in %(count)s seconds.",
                    seconds,
                ),
                code="slow_mode",
            )


def _insert_message(
    session: Session,
    room: RoomView,
    author_id: int,
    body: str,
    note: str,
    key: str,
    now: datetime,
) -> int:
    version = room_locking.next_version(session, room.id)
    message_id: int = (
        session.connection()
        .execute(
            _INSERT,
            {
                "meeting_id": room.id,
                "author_id": author_id,
                "number": version,
                "version": version,
                "body": body,
                "html": text.render(body),
                "renderer": text.RENDERER_VERSION,
                "content_note": note,
                "created_at": now,
                "idempotency_key": key,
            },
        )
        .scalar_one()
    )
    count = text.words(body)
    session.execute(_COUNT_MESSAGE, {"here": room.id, "who": author_id, "now": now, "words": count})
    announce(RoomMessageSent(message_id, room.id, room.group_id, author_id, count, now))
    return message_id


def _lock_message(session: Session, viewer: Viewer, message_id: int) -> tuple[RoomView, Any]:
    member_id(viewer)
    meeting_id = message_queries.message_for(viewer, message_id).meeting_id
    room = room_locking.lock_room(session, viewer, meeting_id)
    message = message_queries.message_for(viewer, message_id)
    if message.deleted_at is not None:
        raise Conflict(_("This message has been deleted."), code="deleted")
    return room, message
