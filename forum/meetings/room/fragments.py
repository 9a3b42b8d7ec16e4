"""Pieces of a room's page, rendered for the page and the sockets alike; rule 5.

A message is the same for everyone and kept by (message, version, handle). What is said of the
room's state is rendered once for all, and who is there once for each list that people see.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from markupsafe import Markup

from forum.core.text.rerendering import current_html
from forum.core.web.templating.fragment_cache import FragmentCache
from forum.meetings.models import CLOSING
from forum.meetings.room.events import TranscriptDeleted
from forum.meetings.room.lifecycle import state_machine
from forum.meetings.room.messages import queries as message_queries

FRAGMENTS_MAX = 5_000
_app: Flask


def init(app: Flask) -> None:
    """Render with this application's templates, and start empty."""
    global _app
    _app = app
    _cache.clear()


def message_fragments(places: Iterable[Any]) -> dict[int, Markup]:
    """Return the fragment of each message; the caller has checked who may see it."""
    return _cache.of(places)


def clear_cache(_event: TranscriptDeleted) -> None:
    """Keep no fragments any longer, because words have vanished for good."""
    _cache.clear()


def render_state(room: Any) -> Markup:
    """Return the sentence on a room's state; `room` has a meeting's columns."""
    until = room.closing_at + state_machine.CLOSING_TIME if room.state == CLOSING else room.ends_at
    return _render(
        "_state", room=room, until=until, opens_at=room.starts_at - state_machine.DOORS_OPEN_BEFORE
    )


def render_people(meeting_id: int, **seen: Any) -> Markup:
    """Return who is there and who asks for a turn, as some people see it."""
    return _render("_people", meeting_id=meeting_id, **seen)


def render_private_note(row: Any) -> Markup:
    """Return one private note."""
    return _render("_private_note", note=row)


def _message(row: Any) -> Markup:
    message = {
        **row._mapping,
        "author_id": None if row.deleted else row.author_id,
        "html": Markup(current_html(row, message_queries.body_of)),  # noqa: S704 - core/text made it
    }
    return _render("_message", message=message)


def _render(name: str, **values: Any) -> Markup:
    template = _app.jinja_env.get_template(f"meetings/room/{name}.html")
    return Markup(template.render(**values))  # noqa: S704 - the template escapes


_cache = FragmentCache(FRAGMENTS_MAX, message_queries.contents, _message)
