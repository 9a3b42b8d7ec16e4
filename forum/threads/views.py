"""The HTTP door of threads: reading them, and replying."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts import view_helpers
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.accounts.preferences import content_note_preferences
from forum.core import ids, text
from forum.core.errors import Invalid, NotFound
from forum.core.translation import _, lazy
from forum.core.web import page_scripts, rate_limits, request_sizes, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import form_warnings
from forum.core.web.rate_limits import limiter
from forum.groups import quotation_visibility
from forum.groups.membership import hidden_content_access
from forum.threads import limits, queries, service, thread_page
from forum.threads.lists import thread_lists
from forum.threads.posts import author_notes, fragments, post_pages
from forum.threads.reader import draft_pages, first_unread, reader_state

bp = Blueprint("threads", __name__)
EXCERPT = 200
PENDING = lazy("Sent. Others can see it once a moderator approves it.")


@bp.get("/threads/<int:thread_id>")
def thread(thread_id: int) -> Any:
    """Show a page of a thread, or lead to the one of which it is part now.

    An address with a `post` leads to where that post is now, as long as its reader may see it.
    """
    try:
        if responses.wants_json():
            return jsonify(thread_page.as_json(thread_id))
        if elsewhere := _redirect_target(thread_id):
            return redirect(elsewhere)
        quoted = ids.number(request.args.get("quote", ""))
        return thread_page.render(thread_id, quote=None if quoted is None else _quote(quoted))
    except NotFound:
        now = queries.merged_into(thread_id)
        if now == thread_id:
            raise
        queries.thread_for(viewer(), now)
        return redirect(f"/threads/{now}?joined")


def _redirect_target(thread_id: int) -> str | None:
    post_id = ids.number(request.args.get("post", ""))
    if post_id is None:
        return None
    with suppress(NotFound):
        me = viewer()
        post = queries.post_for(me, post_id)
        found = queries.thread_for(me, post.thread_id)
        pages = post_pages.pages_of(me, found)
        here = responses.page_number(pages.count)
        if post.thread_id != thread_id or (post.number and here != pages.holding(post.number)):
            return post_pages.post_url(me, found, post.number, post.id)
    return None


@bp.get("/threads/<int:thread_id>/unread")
def unread(thread_id: int) -> Response:
    """Lead to the first post that is new to the reader; where none is, to the thread."""
    me = viewer()
    reader_state.write_positions_of(me.id)
    found = queries.current_thread_for(me, thread_id)
    first = first_unread.first_unread_post(me, found.id)
    if first is None or first.number == 1:
        return redirect(f"/threads/{found.id}")
    return redirect(post_pages.post_url(me, found, first.number, first.id))


@bp.post("/threads/<int:thread_id>/read")
@limiter.limit(rate_limits.SMALL_ACTS)
def read(thread_id: int) -> Response:
    """Count posts as read: those of `posts` (such as 3-7,9-9), or all up to number `last`.

    A reader who counts a page by a button has no scripts that would do it.
    """
    me, posts = viewer(), request.form.get("posts", "")
    if posts:
        reload_version = ids.number(request.form.get("reload_version", ""))
        reader_state.mark_posts_read(me, thread_id, posts, reload_version)
    else:
        reader_state.mark_thread_read(me, thread_id, ids.number(request.form.get("last", "")))
    answer = responses.done(f"/threads/{thread_id}", said=_("Marked as read."))
    if "without_scripts" in request.form:
        page_scripts.forget(answer)
    return answer


@bp.post("/threads/<int:thread_id>/replies")
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.POSTING)
def reply(thread_id: int) -> Any:
    """Post a reply: 201 with JSON, 303 to its place without."""
    if "preview" in request.form:
        return thread_page.render(
            thread_id, values=request.form, preview=render_preview(request.form.get("body", ""))
        )
    if form_warnings.asks_first(request.form):
        return thread_page.render(thread_id, values=request.form)
    me = viewer()
    try:
        place = service.post_reply(
            me,
            thread_id,
            body=request.form.get("body", ""),
            content_note=request.form.get("content_note", ""),
            idempotency_key=request.form.get("idempotency_key"),
            draft=draft_pages.held(),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return thread_page.render(
            thread_id, values=request.form, errors=refusal.fields
        ), refusal.status
    if not responses.wants_json():  # the page with the editor, and its notes, is left
        form_warnings.sent(request.form)
    said = PENDING if place.number is None else _("Reply sent.")
    note = author_notes.after_writing(me, place.id, request.form.get("body", ""))
    undo = Undo(f"/posts/{place.id}/undo")
    return _respond(*fragments.just_written(place, me.handle), 201, said, undo, note)


def respond_with_post(
    post_id: int,
    status: int = 200,
    *,
    said: str,
    undo: Undo | None = None,
    note: Mapping[str, str] | None = None,
) -> Any:
    """Answer a write to a post: its fragment to programs, its place (or `next`) to people.

    `note` is what stands beside it, for its author.
    """
    return _respond(*fragments.current(post_id), status, said, undo, note)


def _respond(
    found: Any,
    html: Markup,
    status: int,
    said: str,
    undo: Undo | None = None,
    note: Mapping[str, str] | None = None,
) -> Any:
    if not responses.wants_json():
        place = view_helpers.next_address() if "next" in request.form else ""
        place = place or url_of_post(found.thread_id, found.number, found.id)
        return responses.done(place, said=said, undo=undo)
    here = queries.group_of(found.thread_id)
    shown = quotation_visibility.for_reader(viewer().id, here, {found.id: html})
    answer = {
        "id": found.id,
        "number": found.number,
        "version": found.version,
        "html": shown[found.id],
        **(note or {}),
    }
    return responses.done("", answer, status, said=said, undo=undo)


def url_of_post(thread_id: int, number: int | None, post_id: int) -> str:
    """Return the address of a post in its thread, for the one who asks."""
    me = viewer()
    return post_pages.post_url(me, queries.current_thread_for(me, thread_id), number, post_id)


@bp.post("/preview")
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.PREVIEW)
def preview() -> Response:
    """Show what Markdown would look like."""
    member_id(viewer())
    return responses.done("/", {"html": render_preview(request.form.get("body", ""))})


@bp.get("/bookmarks")
def bookmarks() -> str:
    """Show the posts that one wants to find again."""
    me = viewer()
    member_id(me)
    last = thread_lists.count_bookmark_pages(me)
    page = responses.page_number(last)
    found = thread_lists.bookmarks(me, page=page)
    for row in found:
        hidden_content_access.record(me, row.group_id, "post", [row])
    rows = [
        {
            **row._mapping,
            "excerpt": text.excerpt(
                quotation_visibility.for_reader(
                    me.id,
                    row.group_id,
                    {row.id: Markup(row.html)},  # noqa: S704
                )[row.id],
                EXCERPT,
            ),
            "out_of_sight": content_note_preferences.is_hidden(
                row.content_note, row.note_choices, must_see=row.moderates
            ),
        }
        for row in found
    ]
    return render_template("threads/bookmarks.html", bookmarks=rows, page=page, pages=last)


def render_preview(body: str) -> Markup:
    """Return what Markdown would look like. Raises Invalid."""
    words = text.checked(body, "body", most=limits.BODY_MAX, name=_("Your message"))
    return Markup(text.render(words, mentions=True))  # noqa: S704 - that is what core/text is for


def _quote(post_id: int) -> dict[str, str]:
    """Return a post's words as a quotation, and the content note that they keep."""
    me = viewer()
    post = queries.post_for(me, post_id)
    if post.state.is_pending:
        raise NotFound
    hidden_content_access.record(me, post.group_id, "post", [post])
    from forum.core.text.quote_as_markdown import (
        quotation,  # its parser takes long to load, and seldom works
    )

    html = text.render(post.body, mentions=True)
    words = f"{quotation(post.author, html)}\n\n"
    return {"body": words, "content_note": post.content_note or ""}
