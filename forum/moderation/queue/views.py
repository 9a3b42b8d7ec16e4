"""The HTTP door of the queue: its page, one item, and what is done with it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import view_helpers
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer
from forum.core import ids
from forum.core.cooperative_yielding import give_way
from forum.core.errors import Invalid
from forum.core.translation import _, ngettext
from forum.core.web import rate_limits, responses
from forum.core.web.confirmations import Undo
from forum.moderation.on_call import moderator_wellbeing, rota
from forum.moderation.on_call import recipients as on_call_recipients
from forum.moderation.queue import item_detail, item_history, item_titles
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue import stats as queue_stats
from forum.moderation.queue.item_view import ItemView
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.reports import policy as report_policy
from forum.moderation.reports import queries as report_queries

bp = Blueprint("queue", __name__)
ITEM = "/moderation/queue/<int:item_id>"
HOUR_M, DAY_M = 60, 1440


def init(app: Flask) -> None:
    """Let templates say how long something has waited, and name what is in the queue."""
    app.jinja_env.filters["span"] = span
    app.jinja_env.globals.update(
        queue_urgencies=queue_policy.URGENCIES,
        queue_title=item_titles.title_of,
        report_reasons=report_policy.REASONS,
        report_subjects=queue_policy.TARGETS,
        queue_resolutions=queue_policy.OUTCOMES,
        queue_outcomes=queue_policy.OUTCOMES | queue_policy.AUTOMATIC_OUTCOMES,
    )


def span(length: timedelta | None) -> str:
    """Return a length of time for people: its largest unit, rounded down."""
    if length is None:
        return ""
    minutes = int(abs(length) / timedelta(minutes=1))
    if minutes >= 2 * DAY_M:
        return ngettext("%(count)s day", "%(count)s days", minutes // DAY_M)
    if minutes >= HOUR_M:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // HOUR_M)
    if minutes:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes)
    return _("under a minute")


@bp.get("/moderation")
def index() -> Any:
    """Show what needs attention, the most urgent first; with ?resolved what was resolved last."""
    me = viewer()
    rota.require_moderator(me)
    if "resolved" in request.args:
        return _resolved(me)
    version = queue_queries.last_version(
        me
    )  # before the rows: what changes in between is sent again
    last = queue_queries.last_page(me)
    page = responses.page_number(last)
    give_way()  # each of these may count thousands of items
    rows = queue_queries.open_items(me, page)
    if responses.wants_json():
        return jsonify(items=[_public(item) for item in rows], page=page, pages=last)
    give_way()
    stats = queue_stats.stats(me)
    give_way()
    days = queue_stats.daily_history(me)
    give_way()
    return render_template(
        "moderation/queue/queue.html",
        rows=rows,
        page=page,
        last=last,
        version=version,
        stats=stats,
        days=days,
        exposure=moderator_wellbeing.recent_exposure(me),
        shifts=[shift for shift in rota.shifts_for(me) if shift.now],
    )


def _resolved(me: Viewer) -> Any:
    """Show what was resolved last; `behind` is the last item that was shown before."""
    most = queue_queries.ROWS_A_PAGE
    behind = ids.row_id(request.args.get("behind", "")) or 0
    rows = queue_queries.resolved_items(me, behind, most + 1)
    more, rows = len(rows) > most, rows[:most]
    if responses.wants_json():
        next_behind = rows[-1].id if more else None
        return jsonify(items=[_public(item) for item in rows], behind=next_behind)
    return render_template(
        "moderation/queue/resolved.html", rows=rows, more=more, first_page=not behind
    )


@bp.get(ITEM)
def entry(item_id: int) -> str:
    """Show one item with the thing in its context."""
    return _entry_page(item_id)


@bp.post(f"{ITEM}/claim")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def claim(item_id: int) -> AnyResponse:
    """Take an item on."""
    queue.claim(viewer(), item_id)
    return _done(item_id, _("You have this item now."))


@bp.post(f"{ITEM}/call")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def call(item_id: int) -> AnyResponse:
    """Notify those on call once more of a crisis."""
    queue.call(viewer(), item_id)
    return _done(item_id, _("Everyone on call has been alerted."))


@bp.post(f"{ITEM}/hand-over")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def hand_over(item_id: int) -> Any:
    """Give an item back, or to somebody, with a note."""
    form = request.form
    try:
        queue.hand_over(viewer(), item_id, note=form.get("note", ""), to=form.get("to", ""))
    except Invalid as refusal:
        return _again(item_id, refusal)
    return _done(item_id, _("Handed over."), {"status": "handed_over"})


@bp.post(f"{ITEM}/resolve")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def resolve(item_id: int) -> Any:
    """Close an item."""
    form = request.form
    try:
        queue.resolve(
            viewer(),
            item_id,
            outcome=form.get("outcome", ""),
            note=form.get("resolution", ""),
            answer=form.get("answer", ""),
        )
    except Invalid as refusal:
        return _again(item_id, refusal)
    back = view_helpers.next_address("")  # of anyone who resolved it from the list
    undo = Undo(f"/moderation/queue/{item_id}/reopen", {"next": back} if back else {})
    return _done(item_id, _("Resolved."), undo=undo, back=back)


@bp.post(f"{ITEM}/reopen")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def reopen(item_id: int) -> AnyResponse:
    """Undo a resolution."""
    queue.reopen(viewer(), item_id)
    back = view_helpers.next_address("")
    return _done(item_id, _("Reopened. You have this item now."), back=back)


def _done(
    item_id: int,
    said: str,
    more: dict[str, Any] | None = None,
    *,
    undo: Undo | None = None,
    back: str = "",
) -> AnyResponse:
    answer = _public(queue_queries.item_for(viewer(), item_id)) | (more or {})
    return responses.done(back or f"/moderation/queue/{item_id}", answer, said=said, undo=undo)


def _again(item_id: int, refusal: Invalid) -> tuple[str, int]:
    if responses.wants_json():
        raise refusal
    return _entry_page(item_id, errors=refusal.fields), refusal.status


def _entry_page(item_id: int, errors: dict[str, str] | None = None) -> str:
    me = viewer()
    found = queue_queries.item_for(me, item_id)
    if found.distressing:
        moderator_wellbeing.record_exposure(me, item_id)
    colleagues = queue_queries.who_can_take(me, item_id) if found.is_open else []
    return render_template(
        "moderation/queue/queue_item.html",
        item=found,
        detail=item_detail.detail_of(me, found),
        reports=report_queries.reports_of(item_id),
        history=item_history.history_of(me, found),
        others=queue_queries.count_others_about_person(me, found)[0],
        related=queue_queries.related_items(me, found),
        colleagues=colleagues,
        on_call=[handle for handle, now in colleagues if now],
        called_alone=found.is_crisis and on_call_recipients.accounts_on_call(item_id) == [me.id],
        here=f"/moderation/queue/{item_id}",
        outcomes=list(queue_policy.OUTCOMES.items()),
        values=request.form,
        errors=errors or {},
    )


def _public(item: ItemView) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "target_kind": item.target_kind,
        "target_id": item.target_id,
        "group": item.group_slug,
        "urgency": item.urgency,
        "reports": item.reports,
        "reasons": list(item.reasons),
        "version": item.version,
        "opened_at": item.opened_at.isoformat(),
        "claimed_by": item.claimed_by,
        "here": [{"handle": one.handle, "since": one.at.isoformat()} for one in item.there],
        "outcome": item.outcome,
        "status": "open" if item.is_open else "resolved",
    }
