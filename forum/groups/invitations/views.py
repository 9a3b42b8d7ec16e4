"""The HTTP door of invitations: made, shown once, withdrawn, followed."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.login import devices
from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import paging, rate_limits, responses
from forum.groups import queries, service
from forum.groups.fields import DAYS_MAX, USES_MAX, number
from forum.groups.membership import member_queries

bp = Blueprint("group_invitations", __name__)


@bp.get("/groups/<slug>/invitations")
def invitations(slug: str) -> str:
    """List a group's invitations, for its moderators."""
    return _page(slug)


@bp.post("/groups/<slug>/invitations")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def invite(slug: str) -> Any:
    """Make an invitation, and show its link this one time."""
    group = queries.group_for(viewer(), slug)
    try:
        uses = number(request.form.get("uses", "1"), "uses", USES_MAX)
        days = number(request.form.get("days", "14"), "days", DAYS_MAX)
        token = service.invite(viewer(), group.id, uses=uses, days=days)
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(slug, errors=refusal.fields), 422
    link = f"{_origin()}/invitations/{token}"
    if responses.wants_json():
        return {"token": token, "url": link, "uses": uses, "days": days}, 201
    return _page(slug, link=link)


@bp.post("/groups/<slug>/invitations/<int:invitation_id>/withdraw")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def withdraw(slug: str, invitation_id: int) -> AnyResponse:
    """Make an invitation useless."""
    group = queries.group_for(viewer(), slug)
    service.withdraw_invitation(viewer(), group.id, invitation_id)
    answer = {"id": invitation_id, "status": "withdrawn"}
    said = _("Invitation withdrawn. Its link no longer works.")
    return responses.done(f"/groups/{slug}/invitations", answer, said=said)


@bp.get("/invitations/<token>")
def invited(token: str) -> str:
    """Show the group that an invitation opens, and its guidelines."""
    group = queries.invited_to(viewer(), token)
    return render_template("groups/invitations/invited.html", group=group, token=token)


@bp.post("/invitations/<token>")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def follow(token: str) -> AnyResponse:
    """Join by an invitation."""
    group_id = service.join_by_invitation(viewer(), token, has_been_used_here=devices.used_here())
    group = queries.group_by_id(viewer(), group_id)
    answer = {"id": group_id, "status": "joined"}
    place = f"/groups/{group.slug}/welcome"
    return responses.done(place, answer, said=_("You've joined %(group)s.", group=group.name))


def _page(slug: str, *, link: str = "", errors: dict[str, str] | None = None) -> str:
    me = viewer()
    group = queries.group_for(me, slug)
    last = paging.pages(member_queries.count_invitations(me, group))
    page = responses.page_number(last)
    return render_template(
        "groups/invitations/invitations.html",
        group=group,
        invitations=member_queries.invitations(me, group, page),
        page=page,
        last=last,
        link=link,
        values=request.form,
        errors=errors or {},
    )


def _origin() -> str:
    origins = current_app.extensions["forum.settings.environment"].origins
    return str(origins[0]) if origins else request.host_url.rstrip("/")
