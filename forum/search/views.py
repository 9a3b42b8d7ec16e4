"""The HTTP door of searches. What people look for is in no log, and in no cache."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, jsonify, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer
from forum.accounts.preferences import content_note_preferences as notes
from forum.core.errors import Invalid
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.safety import crisis_words, form_warning_views
from forum.search import sources
from forum.search.finding import (
    others,
    phrases,
    posts,
    scope,
    snippets,
    suggestions,
    threads,
)
from forum.search.query import meaning
from forum.search.query.meaning import Query

bp = Blueprint("search", __name__)


class Result(NamedTuple):
    """A post that is found, as one reader is shown it.

    Where its content note is `closed`, the words come only when it is opened; one that is
    `out_of_sight` has none.
    """

    row: Any
    title: Markup
    words: Markup
    closed: bool
    out_of_sight: bool


@bp.get("/search")
@limiter.limit(rate_limits.SEARCHES)
def search() -> Any:
    """Show what the words of ?q= find, the newest (or with ?order=best the best) first."""
    context = _asked()
    try:
        query = meaning.understand(context["q"])
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return render_template("search/search.html", **context, errors=refusal.fields), 422
    context |= {"query": query} | _results(viewer(), query, context["page"], context["order"])
    if responses.wants_json():
        return jsonify(_as_json(context))
    return render_template("search/search.html", **context)


@bp.errorhandler(414)
@bp.errorhandler(429)
def refuse(error: HTTPException) -> Any:
    """Ask for patience, or for a shorter search. Help that may be needed is offered all the same,
    and what was typed comes back.
    """
    if responses.wants_json():
        return responses.http_error(error)
    told: dict[str, Any] = {"errors": {"q": meaning.too_long()}}
    if error.code == 429:
        told = {"pause": responses.CALM[429][2]}
    return render_template("search/search.html", **_asked(), **told), error.code


def _asked() -> dict[str, Any]:
    """Return what is asked for, and help where the words call for it: before all else."""
    text = request.args.get("q", "").strip()
    order = posts.BEST if request.args.get("order") == posts.BEST else posts.NEWEST
    page = responses.page_number(posts.PAGES_MAX)
    asked = {"q": text, "order": order, "page": page, "address": _address}
    if crisis_words.speaks_of_crisis(text):
        asked["help_first"] = form_warning_views.help_first()
    return {**asked, "q_max": meaning.TYPED_MAX}


def _results(me: Viewer, query: Query, page: int, order: str) -> dict[str, Any]:
    if query.is_empty:
        return {}
    there = scope.readable_groups(me)
    found = posts.find(me, query, there, page, order)
    context: dict[str, Any] = {
        "found": found,
        "read": phrases.READ,
        "results": [_result(row, query) for row in found.posts],
    }
    if page > 1:
        return context
    titled = threads.find(me, query, there)
    context["threads"] = [(row, snippets.mark(row.title, query.forms)) for row in titled]
    if query.has_only_words:
        context |= {
            "groups": others.find_groups(me, query),
            "people": others.find_people(me, query),
            "meetings": others.find_meetings(me, query),
        }
    if not found.posts:
        context["suggestion"] = suggestions.suggest(me, query, there)
    return context


def _result(row: Any, query: Query) -> Result:
    title = snippets.mark(row.title, query.forms)
    note = row.content_note or ""
    wanted = notes.display_rule(row.note_choices or "", must_see=row.moderates)(note)
    out_of_sight = wanted == notes.HIDDEN
    words = Markup() if out_of_sight else _snippet(row, query)
    return Result(row, title, words, bool(note) and wanted != notes.OPEN, out_of_sight)


def _snippet(row: Any, query: Query) -> Markup:
    return snippets.snippet(sources.own_words(row.html), query.forms)


def _address(q: str, order: str = posts.NEWEST) -> str:
    asked = {"q": q} | ({"order": order} if order != posts.NEWEST else {})
    return f"/search?{urlencode(asked)}"


def _as_json(context: dict[str, Any]) -> dict[str, Any]:
    found = context.get("found", posts.NOTHING)
    return {
        "query": context["q"],
        "page": context["page"],
        "order": context["order"],
        "total": found.total,
        "more": found.more,
        "help": str(context.get("help_first", "")),
        "suggestion": context.get("suggestion", ""),
        "posts": [_post_as_json(result) for result in context.get("results", ())],
        "threads": [
            {"id": row.id, "title": row.title, "group": row.group_slug, "author": row.author}
            for row, _title in context.get("threads", ())
        ],
        "groups": [{"slug": row.slug, "name": row.name} for row in context.get("groups", ())],
        "people": context.get("people", []),
        "meetings": [
            {"id": row.id, "title": row.title, "starts_at": row.starts_at.isoformat()}
            for row in context.get("meetings", ())
        ],
    }


def _post_as_json(result: Result) -> dict[str, Any]:
    row = result.row
    return {
        "id": row.id,
        "thread_id": row.thread_id,
        "title": row.title,
        "group": row.group_slug,
        "author": row.author,
        "created_at": row.created_at.isoformat(),
        "content_note": "" if result.out_of_sight else row.content_note,
        "closed": result.closed or result.out_of_sight,
        "html": None if result.closed or result.out_of_sight else str(result.words),
    }
