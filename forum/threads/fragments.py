"""A post's HTML, rendered once for everyone and kept by (post, version, handle); rule 5."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from flask import Flask
from jinja2 import Template
from markupsafe import Markup

from forum.threads import queries
from forum.threads.models import REACTIONS

KEPT = 10_000
_template: Template
_kept: OrderedDict[tuple[int, int, str | None], Markup] = OrderedDict()


def of(places: Iterable[Any]) -> dict[int, Markup]:
    """Return the fragment of each post; `places` have id, version and handle.

    Whoever asks has checked who may see: what is kept here answers to nobody in particular.
    """
    keys = {place.id: (place.id, place.version, place.handle) for place in places}
    missing = [post_id for post_id, key in keys.items() if key not in _kept]
    fresh = {row.id: _render(row) for row in queries.contents(missing)} if missing else {}
    found = {
        post_id: _kept.get(key) or fresh[post_id]
        for post_id, key in keys.items()
        if key in _kept or post_id in fresh
    }
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return found


def init(app: Flask) -> None:
    """Render with this application's templates, and start anew."""
    global _template
    _template = app.jinja_env.get_template("threads/_post.html")
    _kept.clear()


def _render(row: Any) -> Markup:
    post = {
        **row._asdict(),
        "author_id": None if row.deleted else row.author_id,
        "html": Markup(row.html),  # noqa: S704 - core/text made it
        "kinds": REACTIONS,
    }
    fragment = Markup(_template.render(post=post))  # noqa: S704
    _kept[row.id, row.version, row.author] = fragment
    return fragment
