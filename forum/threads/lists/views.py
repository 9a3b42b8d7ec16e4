"""The HTTP door of a group's threads: the list, the welcome, and starting a thread."""

import uuid
from datetime import UTC, datetime
from typing import Any, NamedTuple

from flask import Blueprint, jsonify, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.core import clock
from forum.core.errors import Forbidden, Invalid
from forum.core.text import isolated_text
from forum.core.translation import _
from forum.core.web import rate_limits, request_sizes, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import form_warnings
from forum.core.web.rate_limits import limiter
from forum.groups import queries as group_queries
from forum.threads import service
from forum.threads.lists import thread_lists
from forum.threads.posts import author_notes, fragments
from forum.threads.reader import draft_pages, reader_state
from forum.threads.views import PENDING, render_preview

bp = Blueprint("group_threads", __name__)


@bp.get("/groups/<slug>")
def group(slug: str) -> Any:
    """Show a group with its threads, or its description to people who may not read it."""
    me = viewer()
    reader_state.write_positions_of(me.id)
    found = group_queries.group_for(me, slug)
    pages = thread_lists.count_pages(me, found) if found.readable else 1
    page = responses.page_number(pages)
    apart = found.has_mute_or_block
    threads = thread_lists.threads_of(me, found.id, page, apart=apart) if found.readable else []
    if responses.wants_json():
        return jsonify(
            slug=found.slug,
            name=found.name,
            readable=found.readable,
            page=page,
            pages=pages,
            threads=[_as_json(row) for row in threads],
        )
    return render_template(
        "threads/group.html",
        group=found,
        page=page,
        pages=pages,
        threads=[_thread_row(row) for row in threads],
        may_start=found.belongs,
        something_new=found.belongs and any(row.unread for row in threads),
        shown_at=clock.now().isoformat(),
    )


@bp.post("/groups/<slug>/read")
@limiter.limit(rate_limits.SMALL_ACTS)
def read(slug: str) -> Response:
    """Take all of a group's threads for read, as they were when the page was shown (`until`)."""
    me = viewer()
    found = group_queries.group_for(me, slug)
    reader_state.mark_group_read(me, found.id, _until(request.form.get("until", "")))
    return responses.done(f"/groups/{slug}", said=_("All threads marked as read."))


@bp.get("/groups/<slug>/welcome")
def welcome(slug: str) -> str:
    """Welcome a new member, and show where to say hello."""
    me = viewer()
    found = group_queries.group_for(me, slug)
    if not found.belongs:
        raise Forbidden(
            _("This page is for members of %(group)s.", group=isolated_text(found.name)),
            code="members_only",
        )
    return render_template(
        "threads/welcome.html",
        group=found,
        welcome=found.welcome_html,
        hello=thread_lists.introductions_thread(me, found.id),
    )


@bp.route("/groups/<slug>/threads/new", methods=["GET", "POST"])
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.POSTING, methods=["POST"])
def start(slug: str) -> Any:
    """Write the first post of a new thread."""
    me = viewer()
    member_id(me)
    found = group_queries.group_for(me, slug)
    if not found.belongs:
        raise Forbidden(
            _("Join %(group)s to start a thread.", group=isolated_text(found.name)),
            code="members_only",
        )
    if request.method == "GET":
        return _start_page(found)
    if "preview" in request.form:
        return _start_page(
            found, values=request.form, preview=render_preview(request.form.get("body", ""))
        )
    if form_warnings.asks_first(request.form):
        return _start_page(found, values=request.form)
    try:
        place = service.start_thread(
            me,
            found.id,
            title=request.form.get("title", ""),
            body=request.form.get("body", ""),
            content_note=request.form.get("content_note", ""),
            idempotency_key=request.form.get("idempotency_key"),
            draft=draft_pages.held(),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _start_page(found, values=request.form, errors=refusal.fields), refusal.status
    form_warnings.sent(request.form)
    return responses.done(
        f"/threads/{place.thread_id}",
        {"id": place.thread_id, "number": place.number, "post_id": place.id}
        | author_notes.after_writing(me, place.id, form_warnings.words_in(request.form)),
        201,
        said=PENDING if place.number is None else _("Thread started."),
        undo=Undo(f"/posts/{place.id}/undo"),
    )


@bp.post("/groups/<slug>/threads/draft")
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.SMALL_ACTS)
def draft_thread(slug: str) -> Response:
    """Keep an unsent first post."""
    group = group_queries.group_for(viewer(), slug)
    return draft_pages.save(group.id, 0, f"/groups/{slug}/threads/new")


def _until(written: str) -> datetime:
    try:
        return min(datetime.fromisoformat(written).astimezone(UTC), clock.now())
    except (ValueError, OverflowError):
        return clock.now()


class ThreadRow(NamedTuple):
    """A thread in the list: its line, and what differs from reader to reader."""

    id: int
    line: Markup
    pinned: bool
    pending: bool
    declined: bool
    unread: int
    is_new: bool


def _thread_row(row: Any) -> ThreadRow:
    line = fragments.thread_row(
        row.id,
        row.title,
        row.author,
        row.replies,
        row.last_post_at,
        apart=_author_is_hidden(row),
        unread=row.unread > 0,
    )
    return ThreadRow(row.id, line, row.pinned, row.pending, row.declined, row.unread, _is_new(row))


def _as_json(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "author": row.author,
        "apart": _author_is_hidden(row),
        "replies": row.replies,
        "pinned": row.pinned,
        "pending": row.pending,
        "declined": bool(row.declined),
        "last_post_at": row.last_post_at,
        "unread": row.unread,
        "is_new": _is_new(row),
    }


def _author_is_hidden(row: Any) -> bool:
    return row.author is None and row.author_id is not None


def _is_new(row: Any) -> bool:
    return bool(row.unopened and row.unread)


def _start_page(found: Any, **context: Any) -> str:
    values = context.pop("values", None)
    begun = draft_pages.context(found.id, values=values)
    values = draft_pages.words(begun) if values is None else values
    return render_template(
        "threads/composer/new.html",
        **{
            "group": found,
            "values": values,
            "errors": {},
            "preview": None,
            **begun,
            "idempotency_key": values.get("idempotency_key") or uuid.uuid4().hex,
            **context,
        },
    )
