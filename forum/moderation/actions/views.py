"""The HTTP door of acts: one page for all of them, and the short ways from a post's menu."""

from typing import Any

from flask import Blueprint, Flask, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core import ids
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.web import edit_conflicts, rate_limits, request_sizes, responses
from forum.core.web.rate_limits import limiter
from forum.moderation import policy
from forum.moderation.actions import action_options, content_actions, service, thread_actions
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.audit_log import access_log
from forum.moderation.canned_reasons import service as reasons
from forum.moderation.second_approval import pending_actions
from forum.threads.views import respond_with_post

bp = Blueprint("acts", __name__)


def init(app: Flask) -> None:
    """Let templates name acts."""
    app.jinja_env.globals.update(
        acts_done=policy.DONE | access_log.DONE,
        look_kinds=access_log.DONE,
        proposals_not_done=policy.NOT_DONE,
        acts=content_actions.ACTS,
        subjects=content_actions.SUBJECTS,
        proposed=lambda act, value: action_options.proposed(viewer(), act, value),
    )


@bp.post("/posts/<int:post_id>/hide")
@limiter.limit(rate_limits.SMALL_ACTS)
def hide(post_id: int) -> Any:
    """Hide a post."""
    return _on_post("hide", post_id)


@bp.post("/posts/<int:post_id>/restore")
@limiter.limit(rate_limits.SMALL_ACTS)
def restore(post_id: int) -> Any:
    """Show a hidden post again."""
    return _on_post("restore", post_id)


@bp.route("/moderation/acts/new", methods=["GET", "POST"])
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def new() -> Any:
    """Choose what to do to what is said or to a person, then how, and do it."""
    on, slug, name = _asked("on"), _asked("group"), _asked("act")
    subject_id = (
        public_ids.id_of(_asked("id")) if on == content_actions.PERSON else _number(_asked("id"))
    )
    person_id = public_ids.id_of(_asked("person")) if on == content_actions.ROOM else None
    offer = action_options.offer(viewer(), on, subject_id, slug, person_id)
    if request.method == "GET":
        return _page(offer, name)
    form = request.form
    try:
        if name in content_actions.ACTS and content_actions.ACTS[name].on != on:
            raise Invalid(fields={"act": f"This is not done to a {on}."})
        outcome = service.act(
            viewer(), name, subject_id, group_id=offer.group_id, person_id=person_id,
            reason=reasons.said(form.get("canned", ""), form.get("reason", "")),
            message=form.get("message", ""), value=_value(name),
            shown=form.get(edit_conflicts.FIELD, ""),
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        if responses.wants_json():
            raise
        errors = refusal.fields or {"": refusal.message}
        return _page(offer, name, errors), refusal.status
    return done(outcome, offer.back)


def _value(name: str) -> str:
    """Return what the form holds for an act, as the act takes it."""
    form = request.form
    if name == thread_actions.SPLIT:
        return thread_actions.chosen(form.get("title", ""), form.getlist("posts"))
    if name == thread_actions.MERGE:
        return form.get("address", "").strip() or form.get("value", "")
    return form.get("body" if name == "edit" else "value", "")


@bp.post("/moderation/acts/<int:log_id>/undo")
@limiter.limit(rate_limits.SMALL_ACTS)
def undo(log_id: int) -> Response:
    """Restore what was before an act."""
    made = appeals_undo.undo(viewer(), log_id, request.form.get("reason", ""))
    return responses.done("/moderation/log", {"id": made})


@bp.post("/moderation/proposals/<int:proposal_id>")
@limiter.limit(rate_limits.SMALL_ACTS)
def answer_proposal(proposal_id: int) -> Response:
    """Confirm what somebody proposed, or decline it."""
    confirm = _chosen("confirm")
    made = pending_actions.answer(viewer(), proposal_id, confirm=confirm)
    return responses.done("/moderation/log", {"id": made, "confirmed": confirm})


@bp.post("/moderation/objections/<int:log_id>")
@limiter.limit(rate_limits.SMALL_ACTS)
def answer_objection(log_id: int) -> Response:
    """Uphold an act, or overturn it."""
    overturn = _chosen("overturn")
    appeals_undo.answer_objection(
        viewer(), log_id, overturn=overturn, answer=request.form.get("answer", "")
    )
    return responses.done("/moderation/log", {"id": log_id, "overturned": overturn})


def done(outcome: service.Outcome, back: str) -> Response:
    """Answer an act: back to where it was done, or to what waits for a second person."""
    if outcome.proposal_id is not None:
        place = f"/moderation/log#proposal-{outcome.proposal_id}"
        return responses.done(place, {"proposal_id": outcome.proposal_id}, 202)
    return responses.done(back, {"id": outcome.log_id}, 201)


def _chosen(name: str) -> bool | None:
    """Return which of two buttons was pressed, None for neither."""
    return {"0": False, "1": True}.get(request.form.get(name, ""))


def _on_post(name: str, post_id: int) -> Any:
    form = request.form
    outcome = service.act(
        viewer(), name, post_id, reason=form.get("reason", ""), message=form.get("message", "")
    )
    if outcome.proposal_id is not None:
        return done(outcome, f"/posts/{post_id}")
    return respond_with_post(post_id)


def _page(offer: action_options.Offer, name: str, errors: dict[str, str] | None = None) -> str:
    """Show what can be done, or the form of the act that was chosen."""
    if name not in offer.acts:
        return render_template("moderation/choose_action.html", offer=offer, errors=errors or {})
    page = responses.page_number()
    asked = action_options.asked(viewer(), offer, name, page)
    return render_template(
        "moderation/action.html", offer=offer, name=name, act=offer.acts[name],
        asked=asked, shown=edit_conflicts.version_of(asked.words), page=page, values=request.form,
        errors=errors or {}, reasons=[(words, words) for words in reasons.offered()],
        slow_most=policy.SLOW_MOST, days_most=policy.DAYS_MOST,
    )  # fmt: skip


def _asked(name: str) -> str:
    return request.values.get(name, "").replace("\0", "")


def _number(told: str) -> int:
    asked = ids.number(told)
    if asked is None:
        raise NotFound
    return asked
