"""The HTTP door of reports: making one, and what came of one's own."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, jsonify, render_template, request

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer, person_id
from forum.core import ids
from forum.core.errors import Invalid, Refusal
from forum.core.translation import _
from forum.core.web import private_ids, rate_limits, responses
from forum.moderation.queue_items.models import CARE_MESSAGE, MEMBER, POST, PRIVATE_MESSAGE, PROFILE
from forum.moderation.reports import queries as report_queries
from forum.moderation.reports import reportables
from forum.moderation.reports import service as reports
from forum.moderation.reports.policy import HARM_SELF, REASONS

bp = Blueprint("reports", __name__)


def _number(given: str) -> int:
    return ids.number(given) or 0


_ID_OF = {
    MEMBER: public_ids.id_of,
    PROFILE: public_ids.id_of,
    CARE_MESSAGE: private_ids.id_of,
    PRIVATE_MESSAGE: private_ids.id_of,
}


@bp.route("/posts/<int:post_id>/report", methods=["GET", "POST"])
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def report_post(post_id: int) -> Any:
    """Report a post."""
    return _report(POST, post_id, f"/posts/{post_id}/report")


@bp.route("/reports/new", methods=["GET", "POST"])
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def report_other() -> Any:
    """Report a member or a profile; ?kind= and ?id= say which."""
    kind, given = request.values.get("kind", ""), request.values.get("id", "")
    target_id = _ID_OF.get(kind, _number)(given)
    return _report(kind, target_id, f"/reports/new?kind={kind}&id={quote(given)}")


@bp.get("/moderation/reports/mine")
def mine() -> Any:
    """Show what one has reported, and what came of it."""
    rows = report_queries.own_reports(person_id(viewer()))
    if responses.wants_json():
        return jsonify(
            reports=[
                {
                    "id": row.number,
                    "reason": row.reason,
                    "outcome": row.outcome,
                    "answer": row.answer,
                }
                for row in rows
            ]
        )
    return render_template(
        "moderation/reports/own_reports.html", reports=rows, made="made" in request.args
    )


def _is_there(me: Viewer, kind: str, target_id: int) -> bool:
    """Whether who has reported something still sees it, which this report may have hidden."""
    try:
        reportables.reported_for(me, kind, target_id)
    except Refusal:
        return False
    return True


def _report(kind: str, target_id: int, address: str) -> Any:
    me = viewer()
    reported = reportables.reported_for(me, kind, target_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        form = request.form
        reason = form.get("reason", "")
        try:
            reports.report(me, kind, target_id, reason=reason, words=form.get("words", ""))
        except Invalid as refusal:
            if responses.wants_json():
                raise
            errors = refusal.fields
        else:
            if responses.wants_json():
                newest = report_queries.own_reports(person_id(me), most=1)
                return responses.done(
                    "", {"id": newest[0].number}, 201, said=_("Report sent. Thank you.")
                )
            return render_template(
                "moderation/reports/reported.html",
                reported=reported,
                danger=reason == HARM_SELF,
                is_there=_is_there(me, kind, target_id),
            )
    page = render_template(
        "moderation/reports/report.html",
        reported=reported,
        reasons=list(REASONS.items()),
        address=address,
        values=request.form,
        errors=errors,
    )
    return (page, 422) if errors else page
