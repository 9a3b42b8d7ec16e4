"""The HTTP door of actions: one page for all of them, and the short ways from a post's menu."""

from typing import Any

from flask import Blueprint, Flask, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts import view_helpers
from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core import ids
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.text import stock_reasons
from forum.core.translation import _, lazy
from forum.core.web import rate_limits, request_sizes, responses
from forum.core.web.confirmations import Undo
from forum.core.web.forms import edit_conflicts
from forum.core.web.rate_limits import limiter
from forum.moderation.actions import available_actions, log_entries, service
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import PERSON, ROOM, SEE_TARGET, TARGETS
from forum.moderation.canned_reasons import service as canned_reasons
from forum.threads.views import respond_with_post

WAITS = lazy("Not done yet. Another moderator has to approve it in the log.")
bp = Blueprint("actions", __name__)


def init(app: Flask) -> None:
    """Let templates name actions, and offer those about a person."""
    app.jinja_env.filters["reason_in_words"] = log_entries.reason_in_words
    app.jinja_env.globals.update(
        draw_moderation=draw_moderation,
        person_labels=log_entries.LABELS | {one.name: one.told for one in ACTIONS.values()},
        closed_pending_actions=log_entries.CLOSED,
        actions=ACTIONS,
        action_targets=TARGETS,
        see_target=SEE_TARGET,
        action_summary=lambda action, value: action.summary(viewer(), value),
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


@bp.route("/moderation/actions/new", methods=["GET", "POST"])
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def new() -> Any:
    """Choose what to do to what is said or to a person, then how, and do it."""
    on, slug, name = _asked("target_kind"), _asked("group"), _asked("action")
    target_id = public_ids.id_of(_asked("id")) if on == PERSON else _number(_asked("id"))
    person_id = public_ids.id_of(_asked("person")) if on == ROOM else None
    offer = available_actions.offer(viewer(), on, target_id, slug, person_id)
    if request.method == "GET":
        return _page(offer, name)
    form = request.form
    try:
        if name in ACTIONS and ACTIONS[name].on != on:
            raise Invalid(
                fields={"action": _("This action is for something else. Choose another.")}
            )
        outcome = service.take_action(
            viewer(),
            name,
            target_id,
            group_id=offer.group_id,
            person_id=person_id,
            reason=canned_reasons.combine(form.get("canned", ""), form.get("reason", "")),
            message=form.get("message", ""),
            value=ACTIONS[name].value_of(form) if name in ACTIONS else "",
            shown=form.get(edit_conflicts.FIELD, ""),
        )
    except (Invalid, Conflict) as refusal:
        if responses.wants_json():
            raise
        errors = refusal.fields or {"": refusal.message}
        return _page(offer, name, errors), refusal.status
    return done(name, outcome, view_helpers.next_address(offer.back))


def done(
    name: str, outcome: service.Outcome, back: str, answer: dict[str, Any] | None = None
) -> Response:
    """Answer an action: back to where it was done, or to what waits for a second person."""
    if outcome.pending_action_id is not None:
        place = f"/moderation/log#pending-action-{outcome.pending_action_id}"
        place = view_helpers.next_address(place)
        waits = {"pending_action_id": outcome.pending_action_id}
        return responses.done(place, waits, 202, said=WAITS)
    made = answer or {"id": outcome.log_entry_id}
    status = 200 if answer else 201
    return responses.done(back, made, status, **confirmation(name, outcome, back))


def confirmation(name: str, outcome: service.Outcome, back: str) -> dict[str, Any]:
    """Return the confirmation of an action; the person who did it alone can undo it, if it can be
    undone.
    """
    made = f"/moderation/actions/{outcome.log_entry_id}/undo"
    undo = Undo(made, {"next": back} if back else {}) if ACTIONS[name].field else None
    return {"said": f"{ACTIONS[name].done}.", "undo": undo}


def _on_post(name: str, post_id: int) -> Any:
    form = request.form
    outcome = service.take_action(
        viewer(), name, post_id, reason=form.get("reason", ""), message=form.get("message", "")
    )
    if outcome.pending_action_id is not None:
        return done(name, outcome, "")
    back = view_helpers.next_address(f"/posts/{post_id}")
    return respond_with_post(post_id, **confirmation(name, outcome, back))


def _page(offer: available_actions.Offer, name: str, errors: dict[str, str] | None = None) -> str:
    """Show what can be done, or the form of the action that was chosen."""
    onward = view_helpers.next_address("")
    if name not in offer.actions:
        return render_template(
            "moderation/actions/choose_action.html",
            offer=offer,
            onward=onward,
            errors=errors or {},
        )
    page = responses.page_number()
    action = offer.actions[name]
    data = action.form(viewer(), offer.id, page)
    return render_template(
        "moderation/actions/action.html",
        offer=offer,
        onward=onward,
        name=name,
        action=action,
        data=data,
        shown=edit_conflicts.version_of(data.text),
        page=page,
        values=request.form,
        errors=errors or {},
        reasons=[(one, stock_reasons.in_words(one)) for one in canned_reasons.reasons()],
    )


def draw_moderation(account_id: int, handle: str, back: str) -> Markup:
    """Return everything that the viewer may do about somebody; nothing without a permission."""
    me = viewer()
    if me.id in {None, account_id}:
        return Markup()
    offers = available_actions.offers_about(me, account_id)
    if not offers:
        return Markup()
    page = render_template(
        "moderation/actions/_person.html",
        account_id=account_id,
        handle=handle,
        back=back,
        offers=offers,
    )
    return Markup(page)  # noqa: S704 - our own template


def _asked(name: str) -> str:
    return request.values.get(name, "").replace("\0", "")


def _number(told: str) -> int:
    asked = ids.number(told)
    if asked is None:
        raise NotFound
    return asked
