"""The HTTP door of threads: reading them, and replying."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts import themes
from forum.accounts.current import viewer
from forum.accounts.policy import member_id
from forum.core import ids, limits, sizes, text, web, writing
from forum.core.errors import Invalid, NotFound
from forum.core.limits import limiter
from forum.groups import seeing
from forum.threads import (
    first_unread,
    fragments,
    listing,
    marks,
    paging,
    policy,
    queries,
    quotations,
    service,
    thread_page,
)

bp = Blueprint("threads", __name__)
EXCERPT = 200


@bp.get("/threads/<int:thread_id>")
def thread(thread_id: int) -> Any:
    """Show a page of a thread, or lead to the one of which it is part now.

    An address with a `post` leads to where that post is now, as long as its reader may see it.
    """
    try:
        if web.wants_json():
            return jsonify(thread_page.as_json(thread_id))
        if elsewhere := _elsewhere(thread_id):
            return redirect(elsewhere)
        quoted = ids.number(request.args.get("quote", ""))
        return thread_page.render(thread_id, quote=None if quoted is None else _quote(quoted))
    except NotFound:
        now = queries.merged_into(thread_id)
        if now == thread_id:
            raise
        queries.thread_for(viewer(), now)
        return redirect(f"/threads/{now}?joined")


def _elsewhere(thread_id: int) -> str | None:
    post_id = ids.number(request.args.get("post", ""))
    if post_id is None:
        return None
    with suppress(NotFound):
        me = viewer()
        post = queries.post_for(me, post_id)
        found = queries.thread_for(me, post.thread_id)
        pages = paging.pages_of(me, found)
        here = web.page_number(pages.count)
        if post.thread_id != thread_id or (post.number > 0 and here != pages.holding(post.number)):
            return paging.address(me, found, post.number, post.id)
    return None


@bp.get("/threads/<int:thread_id>/unread")
def unread(thread_id: int) -> Response:
    """Lead to the first post that is new to the reader; where none is, to the thread."""
    me = viewer()
    marks.write_read_of(me.id)
    found = queries.thread_now(me, thread_id)
    first = first_unread.first_new(me, found.id)
    if first is None or first.number == 1:
        return redirect(f"/threads/{found.id}")
    return redirect(paging.address(me, found, first.number, first.id))


@bp.post("/threads/<int:thread_id>/replies")
@sizes.takes(sizes.LONG_WORDS)
@limiter.limit(limits.POSTING)
def reply(thread_id: int) -> Any:
    """Post a reply: 201 with JSON, 303 to its place without."""
    if "preview" in request.form:
        return thread_page.render(
            thread_id, values=request.form, preview=preview_of(request.form.get("body", ""))
        )
    if writing.asks_first(request.form):
        return thread_page.render(thread_id, values=request.form)
    me = viewer()
    try:
        place = service.post_reply(
            me,
            thread_id,
            body=request.form.get("body", ""),
            content_note=request.form.get("content_note", ""),
            idempotency_key=request.form.get("idempotency_key"),
        )
    except Invalid as refusal:
        if web.wants_json():
            raise
        return thread_page.render(
            thread_id, values=request.form, errors=refusal.fields
        ), refusal.status
    if not web.wants_json():  # the page with the editor, and its notes, is left
        writing.sent(request.form)
    return posted(place.id, place.thread_id, place.number, 201)


def posted(post_id: int, thread_id: int, number: int, status: int = 200) -> Any:
    """Answer a write to a post: its fragment to programs, its place to people."""
    if not web.wants_json():
        return web.done(place_url(thread_id, number, post_id))
    found, html = fragments.now(post_id)
    shown = quotations.for_reader(viewer().id, thread_id, {post_id: html})
    told = {"id": post_id, "number": number, "version": found.version, "html": shown[post_id]}
    return web.done("", told, status)


def place_url(thread_id: int, number: int, post_id: int) -> str:
    """Return the address of a post in its thread, for the one who asks."""
    me = viewer()
    return paging.address(me, queries.thread_now(me, thread_id), number, post_id)


@bp.post("/preview")
@sizes.takes(sizes.LONG_WORDS)
@limiter.limit(limits.PREVIEW)
def preview() -> Response:
    """Show what Markdown would look like."""
    member_id(viewer())
    return web.done("/", {"html": preview_of(request.form.get("body", ""))})


@bp.get("/bookmarks")
def bookmarks() -> str:
    """Show the posts that one wants to find again."""
    me = viewer()
    member_id(me)
    last = listing.bookmark_pages(me)
    page = web.page_number(last)
    found = listing.bookmarks(me, page=page)
    for row in found:
        seeing.note(me, row.group_id, "post", [row])
    rows = [
        {
            **row._mapping,
            "excerpt": text.excerpt(
                quotations.for_reader(
                    me.id,
                    row.thread_id,
                    {row.id: Markup(row.html)},  # noqa: S704
                )[row.id],
                EXCERPT,
            ),
            "out_of_sight": themes.out_of_sight(
                row.content_note, row.note_choices, must_see=row.looks_after
            ),
        }
        for row in found
    ]
    return render_template("threads/bookmarks.html", bookmarks=rows, page=page, pages=last)


def preview_of(body: str) -> Markup:
    """Return what Markdown would look like. Raises Invalid."""
    words = text.checked(body, "body", most=policy.BODY_MAX, name="Your message")
    return Markup(text.render(words, mentions=True))  # noqa: S704 - that is what core/text is for


def _quote(post_id: int) -> dict[str, str]:
    """Return a post's words as a quotation, and the content note that they keep."""
    me = viewer()
    post = queries.post_for(me, post_id)
    if post.held_at is not None:
        raise NotFound
    seeing.note(me, post.group_id, "post", [post])
    from forum.core.text.quoting import quotation  # its parser takes long to load, and seldom works

    html = text.render(post.body, mentions=True)
    words = f"{quotation(post.author, html)}\n\n"
    return {"body": words, "content_note": post.content_note or ""}
