"""Who may announce something, and who sees it."""

from sqlalchemy import ColumnElement, and_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import Viewer, ViewerId, member_id, row_exists
from forum.core.errors import Forbidden
from forum.core.translation import _
from forum.groups.models import Membership
from forum.notifications.announcements.models import Announcement


def require_administrator(viewer: Viewer) -> int:
    """Return an administrator's id. Raises LoginNeeded, Forbidden."""
    me = member_id(viewer)
    if not viewer.is_administrator:
        raise Forbidden(_("Only administrators can see this page."))
    return me


def visible_to(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Announcement: it is for this person, and was not taken back."""
    is_member = row_exists(
        Membership,
        Membership.group_id == Announcement.group_id,
        Membership.account_id == account_id,
    )
    return and_(
        Announcement.taken_back_at.is_(None),
        accounts.is_active(account_id),
        or_(Announcement.group_id.is_(None), is_member, accounts.administers(account_id)),
    )
