"""The HTTP door of the queue: its page, one entry, and what is done with it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.login.current_user import viewer
from forum.core.background.yielding import give_way
from forum.core.errors import Invalid
from forum.core.web import rate_limits, responses
from forum.moderation.on_call import moderator_wellbeing, rota
from forum.moderation.queue import (
    item_detail,
)
from forum.moderation.queue import (
    policy as queue_policy,
)
from forum.moderation.queue import (
    queries as queue_queries,
)
from forum.moderation.queue import (
    service as queue,
)
from forum.moderation.queue import (
    stats as queue_numbers,
)
from forum.moderation.queue.queries import Entry

bp = Blueprint("queue", __name__)
ENTRY = "/moderation/queue/<int:entry_id>"


def init(app: Flask) -> None:
    """Let templates say how long something has waited, and name what is in the queue."""
    app.jinja_env.filters["span"] = span
    app.jinja_env.globals.update(
        queue_kinds=queue_policy.KINDS,
        queue_urgencies=queue_policy.URGENCIES,
        report_reasons=queue_policy.REASONS,
        report_subjects=queue_policy.SUBJECTS,
        queue_outcomes=queue_policy.OUTCOMES | queue_policy.SETTLED,
    )


def span(length: timedelta | None) -> str:
    """Return a length of time for people: its largest unit, rounded down."""
    if length is None:
        return ""
    minutes = int(abs(length) / timedelta(minutes=1))
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size * (2 if unit == "day" else 1):
            count = minutes // size
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return "under a minute"


@bp.get("/moderation")
def index() -> Any:
    """Show what wants a human, the most urgent first; with ?resolved what was resolved last."""
    me = viewer()
    rota.require_tending(me)
    version = queue_queries.version(me)  # before the rows: what changes in between is told again
    earlier = "resolved" in request.args
    last = queue_queries.last_page(me, resolved=earlier)
    page = responses.page_number(last)
    give_way()  # each of these may count thousands of entries
    rows = (queue_queries.resolved if earlier else queue_queries.waiting)(me, page)
    if responses.wants_json():
        return jsonify(entries=[_public(entry) for entry in rows], page=page, pages=last)
    give_way()
    numbers = queue_numbers.numbers(me)
    give_way()
    days = queue_numbers.history(me)
    give_way()
    return render_template(
        "moderation/queue.html",
        rows=rows,
        earlier=earlier,
        page=page,
        last=last,
        version=version,
        numbers=numbers,
        days=days,
        carried=moderator_wellbeing.carried(me),
        duties=[duty for duty in rota.duties(me) if duty.now],
    )


@bp.get(ENTRY)
def entry(entry_id: int) -> str:
    """Show one entry with the thing in its context."""
    return _entry_page(entry_id)


@bp.post(f"{ENTRY}/claim")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def claim(entry_id: int) -> AnyResponse:
    """Take an entry on."""
    queue.claim(viewer(), entry_id)
    return _done(entry_id)


@bp.post(f"{ENTRY}/hand-over")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def hand_over(entry_id: int) -> Any:
    """Give an entry back, or to somebody, with a note."""
    form = request.form
    try:
        queue.hand_over(viewer(), entry_id, note=form.get("note", ""), to=form.get("to", ""))
    except Invalid as refusal:
        return _again(entry_id, refusal)
    return responses.done("/moderation", {"id": entry_id, "status": "handed_over"})


@bp.post(f"{ENTRY}/resolve")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def resolve(entry_id: int) -> Any:
    """Close an entry."""
    form = request.form
    try:
        queue.resolve(
            viewer(),
            entry_id,
            outcome=form.get("outcome", ""),
            note=form.get("resolution", ""),
            answer=form.get("answer", ""),
        )
    except Invalid as refusal:
        return _again(entry_id, refusal)
    return _done(entry_id)


@bp.post(f"{ENTRY}/reopen")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def reopen(entry_id: int) -> AnyResponse:
    """Undo a resolution."""
    queue.reopen(viewer(), entry_id)
    return _done(entry_id)


def _done(entry_id: int) -> AnyResponse:
    return responses.done(
        f"/moderation/queue/{entry_id}", _public(queue_queries.entry_for(viewer(), entry_id))
    )


def _again(entry_id: int, refusal: Invalid) -> tuple[str, int]:
    if responses.wants_json():
        raise refusal
    return _entry_page(entry_id, errors=refusal.fields), refusal.status


def _entry_page(entry_id: int, errors: dict[str, str] | None = None) -> str:
    me = viewer()
    found = queue_queries.entry_for(me, entry_id)
    if found.distressing:
        moderator_wellbeing.note(me, entry_id)
    return render_template(
        "moderation/queue_item.html",
        entry=found,
        thing=item_detail.thing_of(me, found),
        reports=queue_queries.reports_of(entry_id),
        steps=queue_queries.steps_of(entry_id),
        earlier=queue_queries.count_earlier(me, found),
        outcomes=list(queue_policy.OUTCOMES.items()),
        values=request.form,
        errors=errors or {},
    )


def _public(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "group": entry.group_slug,
        "urgency": entry.urgency,
        "reports": entry.reports,
        "reasons": list(entry.reasons),
        "version": entry.version,
        "opened_at": entry.opened_at.isoformat(),
        "claimed_by": entry.claimed_by,
        "outcome": entry.outcome,
        "status": "open" if entry.open else "resolved",
    }
