"""The HTTP door to muting and blocking somebody.

It is here rather than in accounts because it opens to who shares a group with them or has read
something of theirs.
"""

from collections.abc import Callable

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import service, view_helpers
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.confirmations import Undo
from forum.core.web.rate_limits import limiter
from forum.threads.relationships import mutes_and_blocks

bp = Blueprint("mutes_and_blocks", __name__)


@bp.post("/members/<person:account_id>/mute")
@limiter.limit(rate_limits.SMALL_ACTS)
def mute(account_id: int) -> AnyResponse:
    """Stop seeing what somebody says."""
    return _separate(mutes_and_blocks.mute, account_id, _("Muted."), "unmute")


@bp.post("/members/<person:account_id>/unmute")
@limiter.limit(rate_limits.SMALL_ACTS)
def unmute(account_id: int) -> AnyResponse:
    """See somebody again."""
    return _separate(service.unmute, account_id, _("No longer muted."), "mute")


@bp.post("/members/<person:account_id>/block")
@limiter.limit(rate_limits.SMALL_ACTS)
def block(account_id: int) -> AnyResponse:
    """Part oneself from somebody, both ways."""
    return _separate(mutes_and_blocks.block, account_id, _("Blocked."), "unblock")


@bp.post("/members/<person:account_id>/unblock")
@limiter.limit(rate_limits.SMALL_ACTS)
def unblock(account_id: int) -> AnyResponse:
    """Take one's block back."""
    return _separate(service.unblock, account_id, _("No longer blocked."), "block")


def _separate(
    act: Callable[[Viewer, int], None], account_id: int, said: str, opposite: str
) -> AnyResponse:
    act(viewer(), account_id)
    place = view_helpers.next_address("/account/people")
    # As it was asked for: to name them again would show whether the account is still there.
    person = request.path.rpartition("/")[0]
    undo = Undo(f"{person}/{opposite}", {"next": place})
    return responses.done(place, said=said, undo=undo)
