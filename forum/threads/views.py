"""The HTTP door of threads: reading them, and writing in them."""

import uuid
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.current import viewer
from forum.accounts.policy import member_id
from forum.core import limits, text, web
from forum.core.errors import Forbidden, Invalid
from forum.core.limits import limiter
from forum.groups import queries as group_queries
from forum.threads import fragments, listing, marks, policy, queries, service
from forum.threads.queries import ThreadView

bp = Blueprint("threads", __name__)
PER_PAGE = policy.POSTS_A_PAGE


@bp.get("/groups/<slug>")
def group(slug: str) -> Any:
    """Show a group with its threads, or what it is to those who may not read in it."""
    me = viewer()
    marks.write_read_of(me.id)
    found = group_queries.group_for(me, slug)
    pages = max(1, -(-found.thread_count // listing.THREADS_A_PAGE))
    page = web.page_number(pages)
    threads = listing.threads_of(me, found.id, page) if found.readable else []
    if web.wants_json():
        return jsonify(
            slug=found.slug,
            name=found.name,
            readable=found.readable,
            page=page,
            pages=pages,
            threads=[_listed(row) for row in threads],
        )
    return render_template(
        "threads/group.html",
        group=found,
        page=page,
        pages=pages,
        threads=[_listed(row) for row in threads],
        may_start=found.belongs,
    )


@bp.get("/groups/<slug>/welcome")
def welcome(slug: str) -> str:
    """Welcome a new member, and show where to say hello."""
    me = viewer()
    found = group_queries.group_for(me, slug)
    if not found.belongs:
        raise Forbidden(f"This page is for members of {found.name}.", code="members_only")
    return render_template(
        "threads/welcome.html",
        group=found,
        welcome=found.welcome_html,
        hello=listing.hello_thread(me, found.id),
    )


@bp.route("/groups/<slug>/threads/new", methods=["GET", "POST"])
@limiter.limit(limits.POSTING, methods=["POST"])
def start(slug: str) -> Any:
    """Write the first post of a new thread."""
    me = viewer()
    member_id(me)
    found = group_queries.group_for(me, slug)
    if not found.belongs:
        raise Forbidden(f"Join {found.name} to start a conversation in it.", code="members_only")
    if request.method == "GET":
        return _start_page(found, values=marks.draft(me, found.id) or {})
    if "preview" in request.form:
        return _start_page(found, values=request.form, preview=_preview())
    try:
        place = service.start_thread(
            me,
            found.id,
            title=request.form.get("title", ""),
            body=request.form.get("body", ""),
            content_note=request.form.get("content_note", ""),
            idempotency_key=request.form.get("idempotency_key"),
        )
    except Invalid as refusal:
        if web.wants_json():
            raise
        return _start_page(found, values=request.form, errors=refusal.fields), refusal.status
    return web.done(
        f"/threads/{place.thread_id}",
        {"id": place.thread_id, "number": place.number, "post_id": place.id},
        201,
    )


@bp.get("/threads/<int:thread_id>")
def thread(thread_id: int) -> Any:
    """Show a page of a thread, or where its first unread post is."""
    if web.wants_json():
        return jsonify(_thread_as_json(thread_id))
    quoted = request.args.get("quote", "")
    quote = _quote(int(quoted)) if quoted.isascii() and quoted.isdigit() else ""
    return _thread_page(thread_id, quote=quote)


@bp.post("/threads/<int:thread_id>/replies")
@limiter.limit(limits.POSTING)
def reply(thread_id: int) -> Any:
    """Post a reply: 201 with JSON, 303 to its place without."""
    if "preview" in request.form:
        return _thread_page(thread_id, values=request.form, preview=_preview())
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
        return _thread_page(thread_id, values=request.form, errors=refusal.fields), refusal.status
    return posted(place.id, place.thread_id, place.number, 201)


def posted(post_id: int, thread_id: int, number: int, status: int = 200) -> Any:
    """Answer a write to a post: its fragment to programs, its place to people."""
    if not web.wants_json():
        return web.done(place_url(thread_id, number, post_id))
    found = queries.place_of(post_id)
    html = fragments.of([found])[post_id]
    return web.done(
        "", {"id": post_id, "number": number, "version": found.version, "html": html}, status
    )


def place_url(thread_id: int, number: int, post_id: int) -> str:
    """Return the address of a post in its thread."""
    page = -(-number // PER_PAGE)
    return f"/threads/{thread_id}{f'?page={page}' if page > 1 else ''}#post-{post_id}"


@bp.post("/preview")
@limiter.limit(limits.SMALL_ACTS)
def preview() -> Response:
    """Show what Markdown would look like."""
    member_id(viewer())
    return web.done("/", {"html": _preview()})


@bp.get("/bookmarks")
def bookmarks() -> str:
    """Show the posts that one wants to find again."""
    me = viewer()
    member_id(me)
    rows = [
        {**row._mapping, "excerpt": Markup(row.html).striptags()[:200]}  # noqa: S704
        for row in listing.bookmarks(me, 200)
    ]
    return render_template("threads/bookmarks.html", bookmarks=rows)


def _listed(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "author": row.author,
        "replies": row.replies,
        "last_post_at": row.last_post_at,
        "unread": row.unread,
        "is_new": bool(row.unopened and row.unread),
    }


def _start_page(found: Any, **context: Any) -> str:
    values = context.pop("values")
    return render_template(
        "threads/new.html",
        **{
            "group": found,
            "values": values,
            "errors": {},
            "preview": None,
            "idempotency_key": values.get("idempotency_key") or uuid.uuid4().hex,
            **context,
        },
    )


def _preview() -> Markup:
    body = text.checked(
        request.form.get("body", ""), "body", most=policy.BODY_MAX, name="Your message"
    )
    return Markup(text.render(body))  # noqa: S704 - that is what core/text is for


def _quote(post_id: int) -> str:
    post = queries.post_for(viewer(), post_id)
    said = "\n".join(f"> {line}" for line in post.body.splitlines() if not line.startswith(">"))
    return f"> @{post.author or 'a former member'} wrote:\n>\n{said}\n\n"


def _thread_as_json(thread_id: int) -> dict[str, Any]:
    me = viewer()
    found = queries.thread_for(me, thread_id)
    page, pages, rows = _page_of(found)
    html = fragments.of(rows)
    return {
        "id": found.id,
        "title": found.title,
        "version": found.version,
        "page": page,
        "pages": pages,
        "posts": [
            {"id": row.id, "number": row.number, "version": row.version, "html": html[row.id]}
            for row in rows
        ],
    }


def _page_of(found: ThreadView) -> tuple[int, int, Any]:
    pages = max(1, -(-found.last_number // PER_PAGE))
    page = web.page_number(pages)
    first = (page - 1) * PER_PAGE + 1
    return page, pages, queries.posts_between(viewer(), found.id, first, first + PER_PAGE - 1)


def _thread_page(
    thread_id: int,
    *,
    values: Any = None,
    errors: dict[str, str] | None = None,
    preview: Markup | None = None,
    quote: str = "",
) -> str:
    me = viewer()
    marks.write_read_of(me.id)
    found = queries.thread_for(me, thread_id)
    page, pages, rows = _page_of(found)
    html, mine = fragments.of(rows), queries.own_marks(me, [row.id for row in rows])
    posts = [
        {
            "id": row.id,
            "number": row.number,
            "html": html[row.id],
            "mine": " ".join(sorted(mine.get(row.id, set()) - {"bookmark"})),
            "own": me.id is not None and row.author_id == me.id,
            "bookmarked": "bookmark" in mine.get(row.id, ()),
        }
        for row in rows
    ]
    if values is None:
        values = {"body": (found.draft_body or "") + quote, "content_note": found.draft_note or ""}
    if me.id is not None and rows:
        marks.note_read(me.id, thread_id, rows[-1].number)
    return render_template(
        "threads/thread.html",
        thread=found,
        posts=posts,
        page=page,
        pages=pages,
        first_unread=_first_unread(me.id, found, rows),
        watching=bool(found.watching),
        may_reply=found.belongs,
        role=_role(found),
        viewer_id=me.id,
        values=values,
        errors=errors or {},
        preview=preview,
        present=None,
        idempotency_key=values.get("idempotency_key") or uuid.uuid4().hex,
    )


def _role(found: ThreadView) -> str:
    return "moderator" if found.looks_after else "member" if found.belongs else ""


def _first_unread(account_id: int | None, found: ThreadView, rows: Any) -> int | None:
    if account_id is None or not found.read_number:
        return None
    news = (
        row.number for row in rows if row.number > found.read_number and row.author_id != account_id
    )
    return next(news, None)
