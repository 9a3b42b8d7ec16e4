"""Canned reasons: what is offered as the reason of an action; administrators write the list.

An action keeps the words as they were when it was done.
"""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from forum.accounts.policy import Viewer, member_id
from forum.core import text
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.text import stock_reasons
from forum.core.translation import _
from forum.core.web.forms import edit_conflicts
from forum.moderation.canned_reasons.models import CannedReason
from forum.moderation.limits import REASON_MAX

BUILT_IN = tuple(stock_reasons.CHOICES)
REASONS_MAX, LENGTH_MAX = 30, 200


def reasons() -> list[str]:
    """Return the reasons to choose from, in their order."""
    kept = (
        current_session().scalars(select(CannedReason.text).order_by(CannedReason.position)).all()
    )
    return list(kept) or list(BUILT_IN)


def require_administrator(viewer: Viewer) -> None:
    """Raise LoginNeeded or Forbidden for anyone but administrators."""
    member_id(viewer)
    if not viewer.is_administrator:
        raise Forbidden(_("Only the forum's administrators can change this list."))


def set_reasons(viewer: Viewer, lines: str, *, shown: str | None = None) -> None:
    """Replace the reasons, one a line; none brings back those built in.

    `shown` is the version of the list that was changed. Raises LoginNeeded, Forbidden, Invalid,
    EditConflict, and Conflict when another does so in the same moment.
    """
    require_administrator(viewer)
    given = text.checked(lines, "reasons", most=REASONS_MAX * (LENGTH_MAX + 1), name=_("The list"))
    words = list(dict.fromkeys(" ".join(line.split()) for line in given.split("\n")))
    words = [one for one in words if not text.is_blank(one)]
    if len(words) > REASONS_MAX:
        raise Invalid(
            fields={"reasons": _("The list can have up to %(most)s lines.", most=REASONS_MAX)}
        )
    if any(len(one) > LENGTH_MAX for one in words):
        raise Invalid(
            fields={"reasons": _("A reason can have up to %(most)s characters.", most=LENGTH_MAX)}
        )
    try:
        with transaction() as session:
            kept = "\n".join(reasons())
            now = {_("The list"): kept} if reasons() != words else {}
            edit_conflicts.require_unchanged(shown, edit_conflicts.version_of(kept), now)
            session.execute(delete(CannedReason))
            session.add_all(
                CannedReason(position=position, text=one) for position, one in enumerate(words)
            )
    except IntegrityError as other:
        raise Conflict(
            _("Someone else has just changed this list. Load the page again to see it.")
        ) from other


def combine(canned: str, own: str) -> str:
    """Return the reason that was chosen, written, or both."""
    both = [one.strip() for one in (canned, own) if not text.is_blank(one)]
    return both[0] if len(both) == 1 else ". ".join(both)[: REASON_MAX + 1]
