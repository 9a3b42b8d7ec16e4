"""The HTTP door of single posts: their place, edits, reactions, bookmarks; and drafts."""

from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.core import text
from forum.core.cooperative_yielding import give_way
from forum.core.errors import Forbidden, Invalid
from forum.core.text import stock_reasons
from forum.core.translation import _
from forum.core.web import rate_limits, request_sizes, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import edit_conflicts, form_warnings
from forum.core.web.rate_limits import limiter
from forum.groups import queries as group_queries
from forum.groups import quotation_visibility
from forum.groups.membership import hidden_content_access
from forum.threads import queries, service
from forum.threads.lists import thread_lists
from forum.threads.posts import author_notes, pending_edits, reply_permission, undo_sending
from forum.threads.queries import PostView
from forum.threads.reader import draft_pages, reader_state
from forum.threads.views import render_preview, respond_with_post, url_of_post

bp = Blueprint("posts", __name__)


class EarlierContent(NamedTuple):
    """What a post was before; only the moderators see that."""

    id: int
    author_id: int | None
    unseen: str = hidden_content_access.REVISION


@bp.get("/posts/<int:post_id>")
def permalink(post_id: int) -> Response:
    """Lead to a post's place in its thread."""
    post = queries.post_for(viewer(), post_id)
    return redirect(url_of_post(post.thread_id, post.number, post.id))


@bp.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.POSTING, methods=["POST"])
def edit(post_id: int) -> Any:
    """Change one's own post."""
    if request.method == "GET":
        post = _own_post(post_id)
        reply_permission.require_editable(post)
        return _edit_page(post, _latest_content(post))
    if "preview" in request.form:
        preview = render_preview(request.form.get("body", ""))
        return _edit_page(_own_post(post_id), request.form, preview=preview)
    if form_warnings.asks_first(request.form):
        return _edit_page(_own_post(post_id), request.form)
    try:
        pending = service.edit_post(
            viewer(),
            post_id,
            body=request.form.get("body", ""),
            content_note=request.form.get("content_note", ""),
            shown=request.form.get(edit_conflicts.FIELD),
        )
    except Invalid as refusal:
        post = _own_post(post_id)
        if responses.wants_json():
            raise
        return _edit_page(post, request.form, errors=refusal.fields), refusal.status
    form_warnings.sent(request.form)
    said = _("Changes saved. A moderator approves them first.") if pending else _("Changes saved.")
    note = author_notes.after_writing(viewer(), post_id, request.form.get("body", ""))
    return respond_with_post(post_id, 202 if pending else 200, said=said, note=note)


def _latest_content(post: PostView) -> dict[str, str]:
    """Return what an author last made of their post, whether it is shown yet or not."""
    last = pending_edits.latest_content(post)
    return {"body": last.body, "content_note": last.content_note}


@bp.route("/posts/<int:post_id>/delete", methods=["GET", "POST"])
def delete(post_id: int) -> Any:
    """Take one's own post back, after a question."""
    if request.method == "GET":
        html = Markup(text.render(_own_post(post_id).body))  # noqa: S704
        return render_template("threads/posts/delete.html", post={"id": post_id, "html": html})
    service.delete_post(viewer(), post_id)
    return respond_with_post(post_id, said=_("Post deleted."))


@bp.post("/posts/<int:post_id>/undo")
@limiter.limit(rate_limits.SMALL_ACTS)
def undo(post_id: int) -> Any:
    """Take back what one sent a moment ago; its words are in the editor again."""
    post = undo_sending.undo_sending(viewer(), post_id)
    editor = f"/threads/{post.thread_id}#reply"
    if post.opens_thread:
        editor = f"/groups/{post.group_slug}/threads/new"
    words = {"body": post.body, "content_note": post.content_note}
    return responses.done(editor, words, said=_("Taken back. Your words are in the editor."))


@bp.post("/posts/<int:post_id>/reactions")
@limiter.limit(rate_limits.SMALL_ACTS)
def react(post_id: int) -> Any:
    """Give a reaction (`on`=1), take it back (`on`=0), or whichever is not so yet."""
    me, kind = viewer(), request.form.get("kind", "")
    given = kind in (queries.post_row(me, post_id).mine or "").split()
    on = _wanted(given)
    service.react(me, post_id, kind, on=on)
    undo = Undo(f"/posts/{post_id}/reactions", {"kind": kind, "on": "0" if on else "1"})
    return respond_with_post(
        post_id, said=_("Reaction added.") if on else _("Reaction removed."), undo=undo
    )


@bp.post("/posts/<int:post_id>/bookmark")
@limiter.limit(rate_limits.SMALL_ACTS)
def bookmark(post_id: int) -> Any:
    """Keep a post to find it again, or no longer."""
    me = viewer()
    post = queries.post_for(me, post_id)
    on = _wanted(queries.post_row(me, post_id).bookmarked)
    reader_state.set_bookmark(me, post_id, on=on)
    in_list = request.form.get("back", "") == "/bookmarks"
    place = "/bookmarks" if in_list else url_of_post(post.thread_id, post.number, post_id)
    back = {"back": "/bookmarks"} if in_list else {}
    return responses.done(
        place,
        {"ok": True, "on": on},
        said=_("Bookmarked.") if on else _("Bookmark removed."),
        undo=Undo(f"/posts/{post_id}/bookmark", {"on": "0" if on else "1", **back}),
    )


@bp.get("/posts/<int:post_id>/history")
def history(post_id: int) -> str:
    """Show how a post was before, to the moderators."""
    me = viewer()
    post = queries.post_for(me, post_id)
    if not post.moderates:
        raise Forbidden(_("Only this group's moderators can see a post's history."))
    page = responses.page_number()
    rows = thread_lists.revisions(post_id, page)
    if any(row.body for row in rows):
        hidden_content_access.record(
            me, post.group_id, "post", [EarlierContent(post.id, post.author_id)]
        )
    shown = rows[: thread_lists.REVISIONS_A_PAGE]
    html = quotation_visibility.for_reader(
        me.id, post.group_id, {at: _rendered(row.body) for at, row in enumerate(shown)}
    )
    revisions = [
        {
            **row._mapping,
            "html": html[at],
            "by_itself": row.handle is None and row.reason == stock_reasons.BY_REPORTS,
            "reason": stock_reasons.in_words(row.reason),
        }
        for at, row in enumerate(shown)
    ]
    moderates = group_queries.group_by_id(me, post.group_id).is_moderator
    return render_template(
        "threads/posts/history.html",
        post=post,
        revisions=revisions,
        page=page,
        more=len(rows) > thread_lists.REVISIONS_A_PAGE,
        may_delete_for_good=bool(rows) and post.state.is_deleted and moderates,
    )


def _rendered(body: str) -> Markup:
    give_way()
    return Markup(text.render(body))  # noqa: S704 - that is what core/text is for


@bp.post("/threads/<int:thread_id>/follow")
@limiter.limit(rate_limits.SMALL_ACTS)
def follow(thread_id: int) -> Response:
    """Follow a thread, or no longer."""
    on = request.form.get("on", "1") != "0"
    reader_state.follow(viewer(), thread_id, on=on)
    place = f"/threads/{thread_id}"
    undo = Undo(f"{place}/follow", {"on": "0" if on else "1"})
    said = _("You're following this thread.") if on else _("You no longer follow this thread.")
    return responses.done(place, {"ok": True, "on": on}, said=said, undo=undo)


@bp.post("/threads/<int:thread_id>/draft")
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.SMALL_ACTS)
def draft_reply(thread_id: int) -> Response:
    """Keep an unsent reply."""
    thread = queries.current_thread_for(viewer(), thread_id)
    return draft_pages.save(thread.group_id, thread.id, f"/threads/{thread.id}")


def _own_post(post_id: int) -> PostView:
    me = viewer()
    member_id(me)
    post = queries.post_for(me, post_id)
    if post.author_id != me.id:
        raise Forbidden(
            _(
                "Only the author can do this here. Moderators choose “Moderate this "
                "post” in its menu."
            ),
            code="not_yours",
        )
    return post


def _wanted(is_on: bool) -> bool:
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
        "threads/composer/edit.html",
        post=post,
        values=values,
        errors=errors or {},
        preview=preview,
        edit=pending_edits.edit_of(post.id),
        shown=pending_edits.content_version(post),
    )
