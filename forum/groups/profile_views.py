"""The HTTP door to one person: their profile, and muting or blocking them.

It is here rather than in accounts because who sees a profile depends on groups.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import doors, service
from forum.accounts.current import viewer
from forum.accounts.policy import Viewer
from forum.core import limits, web
from forum.core.limits import limiter
from forum.groups import profiles

bp = Blueprint("members", __name__)


@bp.get("/members/<int:account_id>")
def member(account_id: int) -> Any:
    """Show somebody to themselves, to fellow members, and to administrators."""
    found = profiles.profile_for(viewer(), account_id)
    if web.wants_json():
        return jsonify(asdict(found))
    return render_template("groups/member.html", person=found)


@bp.post("/members/<int:account_id>/mute")
@limiter.limit(limits.SMALL_ACTS)
def mute(account_id: int) -> AnyResponse:
    """Stop seeing what somebody says."""
    return _separate(profiles.mute, account_id)


@bp.post("/members/<int:account_id>/unmute")
@limiter.limit(limits.SMALL_ACTS)
def unmute(account_id: int) -> AnyResponse:
    """See somebody again."""
    return _separate(service.unmute, account_id)


@bp.post("/members/<int:account_id>/block")
@limiter.limit(limits.SMALL_ACTS)
def block(account_id: int) -> AnyResponse:
    """Part oneself from somebody, both ways."""
    return _separate(profiles.block, account_id)


@bp.post("/members/<int:account_id>/unblock")
@limiter.limit(limits.SMALL_ACTS)
def unblock(account_id: int) -> AnyResponse:
    """Take one's block back."""
    return _separate(service.unblock, account_id)


def _separate(act: Callable[[Viewer, int], None], account_id: int) -> AnyResponse:
    act(viewer(), account_id)
    return web.done(doors.onward("/account/people"))
