"""A message as pages and sockets show it, rendered once for both people; rule 5."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup

from forum.core.text.rerendering import current_html
from forum.core.web.templating.fragment_cache import FragmentCache
from forum.groups import quotation_visibility
from forum.groups.reaction_types import REACTIONS
from forum.messages.content import queries as content_queries

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


def for_reader(reader_id: int | None, places: Iterable[Any]) -> Mapping[int, Markup]:
    """Return them as one reader is shown them, without quotations of people they don't meet."""
    return quotation_visibility.in_private(reader_id, message_fragments(places))


def clear_cache() -> None:
    """Keep no fragments any longer, because words have vanished for good."""
    _cache.clear()


def _message(row: Any) -> Markup:
    given = row.reactions.split()
    message = {
        **row._mapping,
        "author_id": None if row.deleted else row.author_id,
        "html": Markup(current_html(row, content_queries.body_of)),  # noqa: S704 - core/text made it
        "given": {kind: label for kind, label in REACTIONS.items() if kind in given},
        "kinds": REACTIONS,
    }
    template = _app.jinja_env.get_template("messages/_message.html")
    return Markup(template.render(message=message))  # noqa: S704 - the template escapes


_cache = FragmentCache(FRAGMENTS_MAX, content_queries.contents, _message)
