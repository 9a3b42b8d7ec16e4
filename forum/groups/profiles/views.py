"""The HTTP door to one person: their profile.

It is here rather than in accounts because who sees a profile depends on groups.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import person_id
from forum.core.web import responses
from forum.groups.profiles import queries as profiles

bp = Blueprint("members", __name__)


@bp.get("/members/<person:account_id>")
def member(account_id: int) -> Any:
    """Show somebody to themselves, to fellow members, and to administrators."""
    me = viewer()
    person_id(me)  # a visitor learns how to log in, for any profile
    found = profiles.profile_for(me, account_id)
    if responses.wants_json():
        return jsonify(asdict(found) | {"id": public_ids.of(account_id)})
    return render_template("groups/profiles/member.html", person=found)


@bp.get("/members/@<handle>")
def by_handle(handle: str) -> AnyResponse:
    """Lead from a name in a text to the person, where the viewer may see who that is."""
    me = viewer()
    person_id(me)
    found = profiles.profile_named(me, handle)
    return redirect(f"/members/{public_ids.of(found.id)}")
