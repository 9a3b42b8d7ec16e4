"""What the writer of a post that speaks of danger reads beside it, on the page and live."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, current_app, jsonify, render_template, request
from markupsafe import Markup
from sqlalchemy import select

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer
from forum.core.db import current_session
from forum.core.errors import Forbidden
from forum.core.realtime import presence, socket_events
from forum.moderation.crisis_calls import nobody_there
from forum.moderation.queue_items.events import QueueItemChanged
from forum.moderation.queue_items.models import CRISIS_ALERT, POST, QueueItem
from forum.safety import detector, helplines
from forum.threads import queries as threads
from forum.threads.broadcasts.thread_broadcasts import presence_key, room
from forum.threads.models import Post
from forum.threads.posts import author_notes

LINES_SHOWN = 2
bp = Blueprint("team_notes", __name__)


def init() -> None:
    """Declare what stands beside posts."""
    author_notes.declare(notes, detector.detects_crisis)


@bp.get("/posts/<int:post_id>/team-note")
def team_note(post_id: int) -> Any:
    """Return what stands beside one's own post now, for a page that is open."""
    me = viewer()
    if threads.post_for(me, post_id).author_id != me.id:
        raise Forbidden
    return jsonify(id=post_id, note=str(notes(me, [post_id]).get(post_id, "")))


def notes(me: Viewer, post_ids: Collection[int]) -> Mapping[int, Markup]:
    """Return what the author reads beside each of their posts, with lines of their country."""
    found = nobody_there.team_for(me.id or 0, post_ids)
    return {post_id: _note(team) for post_id, team in found.items()}


def show_author(event: QueueItemChanged) -> None:
    """Let an author who has the thread open ask what stands beside their post now."""
    found = (
        current_session()
        .execute(
            select(Post.id, Post.thread_id, QueueItem.about_id)
            .join(QueueItem, QueueItem.target_id == Post.id)
            .where(
                QueueItem.id == event.item_id,
                QueueItem.kind == CRISIS_ALERT,
                QueueItem.target_kind == POST,
                QueueItem.about_id == Post.author_id,
            )
        )
        .first()
    )
    if found and found.about_id in presence.here().accounts(presence_key(found.thread_id)):
        told = {"thread_id": found.thread_id, "id": found.id}
        socket_events.send("post:note", told, [room(found.thread_id, found.about_id)])


def _note(team: nobody_there.Team) -> Markup:
    countries = current_app.extensions["forum.helplines"]
    country = helplines.first_guess(countries, request.accept_languages.values())
    lines = [line for line in country.lines if line.numbers] if country else []
    html = render_template(
        "moderation/crisis_calls/_team_note.html",
        team=team,
        country=country,
        lines=lines[:LINES_SHOWN],
    )
    return Markup(html)  # noqa: S704
