"""The HTTP door of what moderators do about a member on a group's pages: roles and removals."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core.errors import Conflict
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.groups import queries
from forum.moderation.actions import service
from forum.moderation.actions.views import done

bp = Blueprint("moderated_members", __name__)
MEMBER = "/groups/<slug>/members/<person:account_id>"


@bp.post(f"{MEMBER}/role")
@limiter.limit(rate_limits.SMALL_ACTS)
def set_role(slug: str, account_id: int) -> Response:
    """Give a member a role."""
    role = request.form.get("role", "")
    return _act("role", slug, account_id, role, {"role": role})


@bp.post(f"{MEMBER}/remove")
@limiter.limit(rate_limits.SMALL_ACTS)
def remove(slug: str, account_id: int) -> Response:
    """Remove somebody from the group."""
    return _act("remove", slug, account_id, "", {"status": "removed"})


@bp.post(f"{MEMBER}/let-back")
@limiter.limit(rate_limits.SMALL_ACTS)
def let_back(slug: str, account_id: int) -> Response:
    """Let a removed member join again."""
    return _act("let_back", slug, account_id, "", {"status": "let back"})


def _act(name: str, slug: str, account_id: int, value: str, answer: dict[str, Any]) -> Response:
    group, form = queries.group_for(viewer(), slug), request.form
    told = {"id": public_ids.of(account_id), **answer}
    place = f"/groups/{slug}/members"
    try:
        outcome = service.take_action(
            viewer(),
            name,
            account_id,
            group_id=group.id,
            value=value,
            reason=form.get("reason", ""),
            message=form.get("message", ""),
        )
    except Conflict as refusal:
        if refusal.code != "already_done":  # who presses twice, or after somebody else, has it so
            raise
        return responses.done(place, told, said=_("That was done already."))
    return done(name, outcome, place, told)
