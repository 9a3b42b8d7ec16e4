"""The HTTP door to the people of a group: members, roles, requests, names to mention."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import public_ids
from forum.accounts.current import viewer
from forum.core import limits, web
from forum.core.paging import pages
from forum.groups import people, queries, service

bp = Blueprint("group_people", __name__)
ACCOUNT = "<person:account_id>"


@bp.get("/groups/<slug>/members")
def members(slug: str) -> str:
    """List the members, for members."""
    group = queries.group_for(viewer(), slug)
    total = people.count_members(viewer(), group)
    last = pages(total, people.MEMBERS_A_PAGE)
    page = web.page_number(last)
    return render_template(
        "groups/members.html",
        group=group,
        members=people.members(viewer(), group, page),
        page=page,
        last=last,
        removed=people.removed(group) if page == 1 else [],
    )


@bp.get("/groups/<slug>/requests")
def requests(slug: str) -> str:
    """List who asks to join, for those who look after the group."""
    group = queries.group_for(viewer(), slug)
    return render_template(
        "groups/requests.html",
        group=group,
        requests=people.requests(viewer(), group),
        most=people.REQUESTS_MOST,
    )


@bp.post(f"/groups/<slug>/requests/{ACCOUNT}/accept")
@limits.limiter.limit(limits.SMALL_ACTS)
def accept(slug: str, account_id: int) -> AnyResponse:
    """Let somebody in."""
    group = queries.group_for(viewer(), slug)
    service.accept_request(viewer(), group.id, account_id)
    return web.done(
        f"/groups/{slug}/requests", {"id": public_ids.of(account_id), "status": "accepted"}
    )


@bp.post(f"/groups/<slug>/requests/{ACCOUNT}/decline")
@limits.limiter.limit(limits.SMALL_ACTS)
def decline(slug: str, account_id: int) -> AnyResponse:
    """Turn somebody down."""
    group = queries.group_for(viewer(), slug)
    service.decline_request(viewer(), group.id, account_id)
    return web.done(
        f"/groups/{slug}/requests", {"id": public_ids.of(account_id), "status": "declined"}
    )


@bp.get("/groups/<slug>/handles")
def handles(slug: str) -> Any:
    """Answer the handles of members that begin with ?q=, to complete a mention."""
    group = queries.group_for(viewer(), slug)
    beginning = request.args.get("q", "").lstrip("@")
    return jsonify(handles=people.handles(viewer(), group, beginning))
