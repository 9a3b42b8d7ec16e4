"""The HTTP door to the people of a group: members, roles, requests, names to mention."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import view_helpers
from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.paging import pages
from forum.groups import queries, service
from forum.groups.membership import member_queries

bp = Blueprint("group_people", __name__)
ACCOUNT = "<person:account_id>"


@bp.get("/groups/<slug>/members")
def members(slug: str) -> str:
    """List the members, for members."""
    group = queries.group_for(viewer(), slug)
    total = member_queries.count_members(viewer(), group)
    last = pages(total, member_queries.MEMBERS_A_PAGE)
    page = responses.page_number(last)
    return render_template(
        "groups/membership/members.html",
        group=group,
        members=member_queries.members(viewer(), group, page),
        page=page,
        last=last,
        removed=member_queries.removed(group) if page == 1 else [],
    )


@bp.get("/groups/<slug>/requests")
def requests(slug: str) -> str:
    """List requests to join, for the group's moderators."""
    group = queries.group_for(viewer(), slug)
    return render_template(
        "groups/membership/requests.html",
        group=group,
        requests=member_queries.join_requests(viewer(), group),
        most=member_queries.MAX_REQUESTS,
    )


@bp.post(f"/groups/<slug>/requests/{ACCOUNT}/accept")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def accept(slug: str, account_id: int) -> AnyResponse:
    """Let somebody in."""
    group = queries.group_for(viewer(), slug)
    service.accept_request(viewer(), group.id, account_id)
    answer = {"id": public_ids.of(account_id), "status": "accepted"}
    return _answered(slug, answer, _("Accepted. They're a member now."))


@bp.post(f"/groups/<slug>/requests/{ACCOUNT}/decline")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def decline(slug: str, account_id: int) -> AnyResponse:
    """Turn somebody down."""
    group = queries.group_for(viewer(), slug)
    service.decline_request(viewer(), group.id, account_id)
    asked = request.path.split("/")[-2]  # somebody erased meanwhile has no id
    return _answered(slug, {"id": asked, "status": "declined"}, _("Join request declined."))


@bp.get("/groups/<slug>/handles")
def handles(slug: str) -> Any:
    """Answer the handles of members that begin with ?q=, to complete a mention."""
    group = queries.group_for(viewer(), slug)
    beginning = request.args.get("q", "").lstrip("@")
    return jsonify(handles=member_queries.handles(viewer(), group, beginning))


def _answered(slug: str, answer: dict[str, Any], said: str) -> AnyResponse:
    return responses.done(view_helpers.next_address(f"/groups/{slug}/requests"), answer, said=said)
