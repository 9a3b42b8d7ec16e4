"""One's own account: the overview, and what one shows of oneself."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from forum.accounts import queries, service, view_helpers
from forum.accounts.identity import public_ids
from forum.accounts.login import session_queries
from forum.accounts.login.current_user import viewer
from forum.core.translation import lazy
from forum.core.web import paging, rate_limits, responses
from forum.core.web.forms import edit_conflicts, form_warnings
from forum.core.web.rate_limits import limiter

EVENTS_SHOWN = 3
DONE = {
    "profile": lazy("Profile saved."),
    "handle": lazy("Username changed."),
}

bp = Blueprint("account", __name__)


@bp.get("/account")
def overview() -> Any:
    """Show everything that a member can manage."""
    me = viewer()
    mine = queries.own_account(me)
    if responses.wants_json():
        return jsonify(
            id=public_ids.of(me.id),
            handle=mine.handle,
            about=mine.about,
            invisible=mine.invisible,
            email=mine.email,
            recovery_codes_left=mine.codes,
            suspended_until=me.suspended_until if me.suspended else None,
        )
    return render_template(
        "accounts/profile/overview.html",
        mine=mine,
        sessions=session_queries.count_sessions(me),
        events=session_queries.security_events_of(me, EVENTS_SHOWN),
    )


@bp.route("/account/profile", methods=["GET", "POST"])
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def profile() -> Any:
    """Change what one says about oneself, and whether others see when one is here."""
    mine = queries.own_account(viewer())
    if form_warnings.asks_first(request.form, ["about"]):
        return render_template(
            "accounts/profile/profile.html",
            mine=mine,
            values=request.form,
            errors={},
            shown=queries.profile_version(mine),
        )
    return view_helpers.show_or_submit(
        "accounts/profile/profile.html",
        lambda: service.change_profile(
            viewer(),
            about=request.form.get("about", ""),
            invisible="invisible" in request.form,
            shown=request.form.get(edit_conflicts.FIELD),
        ),
        _saved("profile"),
        mine=mine,
        shown=queries.profile_version(mine),
        values={"about": mine.about, "invisible": mine.invisible},
    )


@bp.route("/account/handle", methods=["GET", "POST"])
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
@limiter.limit(
    rate_limits.HANDLE_CHANGES,
    methods=["POST"],
    deduct_when=lambda answer: answer.status_code < 400,
)
def handle() -> Any:
    """Go by another handle."""
    mine = queries.own_account(viewer())
    return view_helpers.show_or_submit(
        "accounts/profile/handle.html",
        lambda: service.change_handle(viewer(), request.form.get("handle", "")),
        _saved("handle"),
        mine=mine,
        values={"handle": mine.handle},
    )


@bp.get("/account/people")
def people() -> Any:
    """Show whom one mutes or blocks, to undo it."""
    me = viewer()
    last = paging.pages(queries.count_mutes_and_blocks(me))
    page = responses.page_number(last)
    found = queries.mutes_and_blocks_of(me, page)
    if responses.wants_json():
        return jsonify(
            people=[
                {"id": public_ids.of(row.id), "handle": row.handle, "kind": row.kind}
                for row in found
            ],
            page=page,
            pages=last,
        )
    return render_template(
        "accounts/profile/mutes_and_blocks.html", people=found, page=page, last=last
    )


def _saved(what: str) -> Any:
    def answer(_nothing: None) -> Response:
        return responses.done("/account", said=DONE[what])

    return answer
