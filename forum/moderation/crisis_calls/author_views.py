"""What the writer of words that speak of danger reads beside them, on the page and live."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, current_app, jsonify, render_template, request
from markupsafe import Markup
from sqlalchemy import select

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer, member_id
from forum.core.db import AnyRow, current_session
from forum.core.errors import Forbidden
from forum.core.realtime import presence, socket_events
from forum.meetings.room import broadcasts
from forum.meetings.room import queries as rooms
from forum.meetings.room.messages import author_notes as room_notes
from forum.meetings.room.models import PrivateNote, RoomMessage
from forum.moderation.crisis_calls import nobody_there
from forum.moderation.queue_items.events import QueueItemChanged
from forum.moderation.queue_items.models import (
    CRISIS_ALERT,
    POST,
    PRIVATE_NOTE,
    ROOM_MESSAGE,
    QueueItem,
)
from forum.safety import detector, helplines
from forum.threads import queries as threads
from forum.threads.broadcasts.thread_broadcasts import presence_key, room
from forum.threads.models import Post
from forum.threads.posts import author_notes

LINES_SHOWN = 2
bp = Blueprint("team_notes", __name__)


def init() -> None:
    """Declare what stands beside posts, and in rooms."""
    author_notes.declare(notes, detector.detects_crisis)
    room_notes.declare(note_in_room, detector.detects_crisis)


@bp.get("/posts/<int:post_id>/team-note")
def team_note(post_id: int) -> Any:
    """Return what stands beside one's own post now, for a page that is open."""
    me = viewer()
    if threads.post_for(me, post_id).author_id != me.id:
        raise Forbidden
    return jsonify(id=post_id, note=str(notes(me, [post_id]).get(post_id, "")))


@bp.get("/meetings/<int:meeting_id>/team-note")
def team_note_in_room(meeting_id: int) -> Any:
    """Return what stands in a room for who has spoken in it, for a page that is open."""
    me = viewer()
    member_id(me)
    rooms.room_for(me, meeting_id)
    return jsonify(id=meeting_id, note=str(note_in_room(me, meeting_id)))


def note_in_room(me: Viewer, meeting_id: int) -> Markup:
    """Return what somebody reads in a room after words that sound like danger."""
    team = nobody_there.team_in_room(me.id or 0, meeting_id)
    return _note(team, is_message=True) if team else Markup()


def notes(me: Viewer, post_ids: Collection[int]) -> Mapping[int, Markup]:
    """Return what the author reads beside each of their posts, with lines of their country."""
    found = nobody_there.team_for(me.id or 0, post_ids)
    return {post_id: _note(team) for post_id, team in found.items()}


def show_author(event: QueueItemChanged) -> None:
    """Let an author who has the thread open ask what stands beside their post now."""
    found = _alarming(event.item_id, POST, Post, Post.thread_id)
    if found and found.about_id in presence.here().accounts(presence_key(found.place)):
        told = {"thread_id": found.place, "id": found.id}
        socket_events.send("post:note", told, [room(found.place, found.about_id)])


def show_in_room(event: QueueItemChanged) -> None:
    """Let somebody who has the room open ask what stands there for them now."""
    for kind, said in ((ROOM_MESSAGE, RoomMessage), (PRIVATE_NOTE, PrivateNote)):
        if found := _alarming(event.item_id, kind, said, said.meeting_id):
            theirs = broadcasts.socket_room(found.place, found.about_id)
            socket_events.send("meeting:note", {"meeting_id": found.place}, [theirs])


def _alarming(item_id: int, kind: str, said: Any, place: Any) -> AnyRow | None:
    """Return the words of this kind that a crisis alert is about, if it is about their author."""
    found = (
        select(said.id, place.label("place"), QueueItem.about_id)
        .join(QueueItem, QueueItem.target_id == said.id)
        .where(
            QueueItem.id == item_id,
            QueueItem.kind == CRISIS_ALERT,
            QueueItem.target_kind == kind,
            QueueItem.about_id == said.author_id,
        )
    )
    return current_session().execute(found).first()


def _note(team: nobody_there.Team, *, is_message: bool = False) -> Markup:
    countries = current_app.extensions["forum.helplines"]
    country = helplines.first_guess(countries, request.accept_languages.values())
    lines = [line for line in country.lines if line.numbers] if country else []
    html = render_template(
        "moderation/crisis_calls/_team_note.html",
        team=team,
        is_message=is_message,
        country=country,
        lines=lines[:LINES_SHOWN],
    )
    return Markup(html)  # noqa: S704
