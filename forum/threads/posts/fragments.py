"""HTML that is the same for everyone who may see it, rendered once and kept; rule 5.

A post is kept by (post, version, handle), a thread's line in a list by all that it says.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask
from markupsafe import Markup

from forum.core.text.rerendering import current_html
from forum.core.translation import ngettext
from forum.core.translation.caches import cached_by_language
from forum.core.web.templating.fragment_cache import FragmentCache
from forum.groups.reaction_types import REACTIONS
from forum.threads.posts import post_contents
from forum.threads.posts.post_creation import PostRef

POSTS_CACHED = 10_000
ROWS_CACHED = 4_096
HOUR, DAY = 60, 1_440  # in minutes
_app: Flask
_FOOT, _FOOT_END = '<footer class="post-foot', "</footer>"


def without_actions(html: Markup) -> Markup:
    """Return a post's fragment for a page on which it is only read, without its buttons."""
    before, _, foot = str(html).partition(_FOOT)
    return Markup(before + foot.partition(_FOOT_END)[2])  # noqa: S704 - a part of our own HTML


def fragments_of(places: Iterable[Any]) -> dict[int, Markup]:
    """Return the fragment of each post; the caller has checked who may see it."""
    return _cache.of(places)


def current(post_id: int) -> tuple[Any, Markup]:
    """Return a post as it is now, and its fragment; the caller has checked who may see it."""
    return _cache.now(post_id)


def in_this_language(row: Any) -> Markup:
    """Return the fragment of a post that was read just now, for readers of another language."""
    return _cache.of_row(row)


def just_written(place: PostRef, handle: str) -> tuple[Any, Markup]:
    """Return a new post and its fragment, which was made already if it was broadcast."""
    html = _cache.kept(place.id, place.version, handle)
    return current(place.id) if html is None else (place, html)


def init(app: Flask) -> None:
    """Render with this application's templates, and start empty."""
    global _app
    _app = app
    _cache.clear()
    thread_row.cache_clear()


@cached_by_language(ROWS_CACHED)
def thread_row(
    thread_id: int,
    title: str,
    author: str | None,
    replies: int,
    last_post_at: datetime,
    *,
    apart: bool,
    unread: bool,
) -> Markup:
    """Return a thread's line; `apart`: by somebody whom the reader does not meet.

    What is `unread` leads to the first new post.
    """
    return Markup(  # noqa: S704 - our own template
        _app.jinja_env.get_template("threads/_thread_row.html").render(
            id=thread_id,
            title=title,
            author=author,
            replies=replies,
            last_post_at=last_post_at,
            apart=apart,
            unread=unread,
        )
    )


def _render(row: Any) -> Markup:
    post = {
        **row._asdict(),
        "author_public_id": None if row.state.is_deleted else row.author_public_id,
        "html": Markup(current_html(row, post_contents.body_of, mentions=True)),  # noqa: S704 - core/text made it
        "kinds": REACTIONS,
        "usual_wait": _duration(row.usual_wait_minutes),
    }
    template = _app.jinja_env.get_template("threads/posts/_post.html")
    return Markup(template.render(post=post))  # noqa: S704


def _duration(minutes: int | None) -> str:
    """Return a length of time for people, "" for an unknown one."""
    if minutes is None:
        return ""
    if minutes >= 0.9 * DAY:
        return ngettext("a day", "%(count)s days", round(minutes / DAY))
    if minutes >= 0.9 * HOUR:
        return ngettext("an hour", "%(count)s hours", round(minutes / HOUR))
    return ngettext("a minute", "%(count)s minutes", max(1, minutes))


_cache = FragmentCache(POSTS_CACHED, post_contents.load_contents, _render)
