"""Pieces of a room's page, rendered for the page and the sockets alike; rule 5.

A message is the same for everyone and kept by (message, version, handle). What is said of the
room's state is rendered once for all, and who is there once for each list that people see.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from jinja2 import Environment
from markupsafe import Markup

from forum.core import text
from forum.core.text.rerendering import is_current
from forum.core.web.fragment_cache import Kept
from forum.meetings.lifecycle import state_machine
from forum.meetings.models import CLOSING
from forum.meetings.room import queries as room_queries
from forum.meetings.room.events import RoomWordsVanished

KEPT = 5_000
_environment: Environment


def init(app: Flask) -> None:
    """Render with this application's templates, and start anew."""
    global _environment
    _environment = app.jinja_env
    _kept.clear()


def messages(places: Iterable[Any]) -> dict[int, Markup]:
    """Return the fragment of each message; whoever asks has checked who may see it."""
    return _kept.of(places)


def forget(_event: RoomWordsVanished) -> None:
    """Keep no fragments any longer, because words have vanished for good."""
    _kept.clear()


def state(room: Any) -> Markup:
    """Return what is said of a room's state; `room` has a meeting's columns."""
    until = room.closing_at + state_machine.LAST_WORDS if room.state == CLOSING else room.ends_at
    return _render(
        "_state", room=room, until=until, opens_at=room.starts_at - state_machine.DOORS_BEFORE
    )


def people(meeting_id: int, **seen: Any) -> Markup:
    """Return who is there and who asks for a turn, as some people see it."""
    return _render("_people", meeting_id=meeting_id, **seen)


def word(row: Any) -> Markup:
    """Return one word of the private line."""
    return _render("_word", word=row)


def _message(row: Any) -> Markup:
    message = {
        **row._mapping,
        "author_id": None if row.deleted else row.author_id,
        "html": Markup(_html(row)),  # noqa: S704 - core/text made it
    }
    return _render("_message", message=message)


def _html(row: Any) -> str:
    html: str = row.html
    if not html or is_current(row.renderer):
        return html
    return text.render(room_queries.body_of(row.id))


def _render(name: str, **values: Any) -> Markup:
    template = _environment.get_template(f"meetings/{name}.html")
    return Markup(template.render(**values))  # noqa: S704 - the template escapes


_kept = Kept(KEPT, room_queries.contents, _message)
