"""The HTTP door of single posts: their place, edits, reactions, bookmarks; and drafts."""

from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.current import viewer
from forum.accounts.policy import member_id
from forum.core import limits, sizes, text, versions, web, writing
from forum.core.cooperation import give_way
from forum.core.errors import Forbidden, Invalid
from forum.core.limits import limiter
from forum.groups import queries as group_queries
from forum.groups import seeing
from forum.threads import (
    drafts,
    listing,
    marks,
    pending_edits,
    queries,
    quotations,
    service,
    speaking,
)
from forum.threads.queries import PostView
from forum.threads.views import place_url, posted, preview_of

bp = Blueprint("posts", __name__)


class Earlier(NamedTuple):
    """What a post was before; only those who look after its group see that."""

    id: int
    author_id: int | None
    unseen: str = seeing.EARLIER


@bp.get("/posts/<int:post_id>")
def permalink(post_id: int) -> Response:
    """Lead to a post's place in its thread."""
    post = queries.post_for(viewer(), post_id)
    return redirect(place_url(post.thread_id, post.number, post.id))


@bp.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@sizes.takes(sizes.LONG_WORDS)
@limiter.limit(limits.POSTING, methods=["POST"])
def edit(post_id: int) -> Any:
    """Change one's own post."""
    post = _own(post_id)
    speaking.require_editable(post)
    if request.method == "GET":
        return _edit_page(post, _words_of(post))
    if "preview" in request.form:
        return _edit_page(post, request.form, preview=preview_of(request.form.get("body", "")))
    if writing.asks_first(request.form):
        return _edit_page(post, request.form)
    try:
        pending = service.edit_post(
            viewer(),
            post_id,
            body=request.form.get("body", ""),
            content_note=request.form.get("content_note", ""),
            shown=request.form.get(versions.FIELD),
        )
    except Invalid as refusal:
        if web.wants_json():
            raise
        return _edit_page(post, request.form, errors=refusal.fields), refusal.status
    writing.sent(request.form)
    return posted(post_id, post.thread_id, post.number, 202 if pending else 200)


def _words_of(post: PostView) -> dict[str, str]:
    """Return what an author last made of their post, whether it is shown yet or not."""
    last = pending_edits.last(post)
    return {"body": last.body, "content_note": last.content_note}


@bp.route("/posts/<int:post_id>/delete", methods=["GET", "POST"])
def delete(post_id: int) -> Any:
    """Take one's own post back, after a question."""
    post = _own(post_id)
    if request.method == "GET":
        html = Markup(text.render(post.body))  # noqa: S704
        return render_template("threads/delete.html", post={"id": post.id, "html": html})
    service.delete_post(viewer(), post_id)
    return posted(post_id, post.thread_id, post.number)


@bp.post("/posts/<int:post_id>/reactions")
@limiter.limit(limits.SMALL_ACTS)
def react(post_id: int) -> Any:
    """Give a reaction (`on`=1), take it back (`on`=0), or whichever is not so yet."""
    me, kind = viewer(), request.form.get("kind", "")
    post = queries.post_for(me, post_id)
    given = kind in (_on_page(post).mine or "").split()
    service.react(me, post_id, kind, on=_on(given))
    return posted(post_id, post.thread_id, post.number)


@bp.post("/posts/<int:post_id>/bookmark")
@limiter.limit(limits.SMALL_ACTS)
def bookmark(post_id: int) -> Any:
    """Keep a post to find it again, or no longer."""
    me = viewer()
    post = queries.post_for(me, post_id)
    on = _on(_on_page(post).bookmarked)
    marks.bookmark(me, post_id, on=on)
    back = request.form.get("back", "")
    place = place_url(post.thread_id, post.number, post_id)
    return web.done("/bookmarks" if back == "/bookmarks" else place, {"ok": True, "on": on})


@bp.get("/posts/<int:post_id>/history")
def history(post_id: int) -> str:
    """Show how a post was before, to those who look after its group."""
    me = viewer()
    post = queries.post_for(me, post_id)
    if not post.looks_after:
        raise Forbidden("Only those who look after this group can see a post's history.")
    page = web.page_number()
    rows = listing.revisions(post_id, page)
    if any(row.body for row in rows):
        seeing.note(me, post.group_id, "post", [Earlier(post.id, post.author_id)])
    shown = rows[: listing.REVISIONS_A_PAGE]
    html = quotations.for_reader(
        me.id, post.thread_id, {at: _rendered(row.body) for at, row in enumerate(shown)}
    )
    revisions = [{**row._mapping, "html": html[at]} for at, row in enumerate(shown)]
    moderates = group_queries.group_by_id(me, post.group_id).moderates
    return render_template(
        "threads/history.html", post=post, revisions=revisions, page=page,
        more=len(rows) > listing.REVISIONS_A_PAGE,
        may_delete_for_good=bool(rows) and post.deleted_at is not None and moderates,
    )  # fmt: skip


def _rendered(body: str) -> Markup:
    give_way()
    return Markup(text.render(body))  # noqa: S704 - that is what core/text is for


@bp.post("/threads/<int:thread_id>/watch")
@limiter.limit(limits.SMALL_ACTS)
def watch(thread_id: int) -> Response:
    """Be told of new replies, or no longer."""
    on = request.form.get("on", "1") != "0"
    marks.watch(viewer(), thread_id, on=on)
    return web.done(f"/threads/{thread_id}", {"ok": True, "on": on})


@bp.post("/threads/<int:thread_id>/draft")
@sizes.takes(sizes.LONG_WORDS)
@limiter.limit(limits.SMALL_ACTS)
def draft_reply(thread_id: int) -> Response:
    """Keep an unsent reply."""
    thread = queries.thread_now(viewer(), thread_id)
    return save_draft(thread.group_id, thread.id, f"/threads/{thread_id}#reply")


def save_draft(group_id: int, thread_id: int, location: str) -> Response:
    """Keep what the form holds as a draft."""
    drafts.save_draft(
        viewer(),
        group_id,
        thread_id,
        title=request.form.get("title", ""),
        body=request.form.get("body", ""),
        content_note=request.form.get("content_note", ""),
    )
    return web.done(location, {"ok": True})


def _own(post_id: int) -> PostView:
    me = viewer()
    member_id(me)
    post = queries.post_for(me, post_id)
    if post.author_id != me.id:
        raise Forbidden("Only its author can change a post.", code="not_yours")
    return post


def _on_page(post: PostView) -> Any:
    return queries.posts_between(viewer(), post.thread_id, post.number, post.number)[0]


def _on(is_on: bool) -> bool:
    asked = request.form.get("on", "")
    return not is_on if asked == "" else asked != "0"


def _edit_page(
    post: PostView,
    values: Any,
    *,
    errors: dict[str, str] | None = None,
    preview: Markup | None = None,
) -> str:
    return render_template(
        "threads/edit.html",
        post=post,
        values=values,
        errors=errors or {},
        preview=preview,
        edit=pending_edits.of(post.id),
        shown=pending_edits.version(post),
    )
