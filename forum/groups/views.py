"""The HTTP door of groups: finding one, reading what it is, joining and leaving."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.login import devices
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import person_id
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.groups import policy, profile_links, queries, service
from forum.groups.membership import member_queries
from forum.groups.queries import GroupView

bp = Blueprint("groups", __name__)


@bp.get("/groups")
def directory() -> Any:
    """List the groups that the viewer may know of, of one topic or of all."""
    found = queries.directory(viewer())
    topics = sorted({group.topic for group in found if group.topic}, key=str.casefold)
    topic = request.args.get("topic", "")
    chosen = [group for group in found if not topic or group.topic == topic]
    if responses.wants_json():
        return jsonify(groups=[_public(group) for group in chosen])
    return render_template(
        "groups/directory.html",
        groups=chosen,
        topics=topics,
        topic=topic,
        may_found=viewer().is_administrator,
    )


@bp.get("/groups/<slug>/about")
def about(slug: str) -> Any:
    """Show what a group is, its guidelines, and, to members, who leads it."""
    group = queries.group_for(viewer(), slug)
    if responses.wants_json():
        return jsonify(_public(group) | {"guidelines": group.guidelines})
    leaders = member_queries.moderators(viewer(), group)
    linked = profile_links.reachable(viewer(), (leader.account_id for leader in leaders))
    return render_template("groups/about.html", group=group, leaders=leaders, linked=linked)


@bp.get("/groups/<slug>/join")
def before_joining(slug: str) -> Any:
    """Show the guidelines, and the way in."""
    return _joining(queries.group_for(viewer(), slug), {})


@bp.post("/groups/<slug>/join")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def join(slug: str) -> AnyResponse | tuple[str, int]:
    """Join, or ask to."""
    group = queries.group_for(viewer(), slug)
    try:
        joined = service.ask_to_join(
            viewer(),
            group.id,
            request.form.get("words", ""),
            has_been_used_here=devices.used_here(),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _joining(group, refusal.fields), 422
    place = f"/groups/{slug}/welcome" if joined else f"/groups/{slug}/join"
    said = _("You've joined %(group)s.", group=group.name) if joined else _("Request to join sent.")
    answer = {"id": group.id, "status": "joined" if joined else "asked"}
    return responses.done(place, answer, said=said)


@bp.get("/groups/<slug>/leave")
def before_leaving(slug: str) -> Any:
    """Ask once more, and say so when nobody would be left to lead."""
    group = queries.group_for(viewer(), slug)
    me = viewer()
    person_id(me)
    leads = group.role in policy.MODERATING_ROLES
    last = leads and queries.count_active(group.id, policy.MODERATING_ROLES) == 1
    # Somebody suspended does not belong for now, and may still go.
    may_leave = group.belongs or me.suspended
    return render_template(
        "groups/membership/leave.html", group=group, last=last, may_leave=may_leave
    )


@bp.post("/groups/<slug>/leave")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def leave(slug: str) -> AnyResponse:
    """Leave, or take back one's request."""
    group = queries.group_for(viewer(), slug)
    leaderless = service.leave(viewer(), group.id)
    said = (
        _("Request to join withdrawn.")
        if group.has_asked
        else _("You've left %(group)s.", group=group.name)
    )
    answer = {"id": group.id, "status": "left", "leaderless": leaderless}
    return responses.done("/groups", answer, said=said)


def _joining(group: GroupView, errors: dict[str, str]) -> str:
    written = member_queries.own_request_message(viewer(), group) if group.has_asked else ""
    values = {"words": request.form.get("words", written)}
    return render_template("groups/membership/join.html", group=group, values=values, errors=errors)


def _public(group: GroupView) -> dict[str, Any]:
    return {
        "slug": group.slug,
        "name": group.name,
        "topic": group.topic,
        "description": group.description,
        "size": group.size,
        "leader_kind": group.leader_kind,
        "visibility": group.visibility,
        "readable_by_all": group.readable_by_all,
    }
