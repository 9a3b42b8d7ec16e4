"""Who may see what safety keeps, and who may write to whom."""

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import aliased

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups
from forum.groups.models import Group, Membership
from forum.safety.models import CareMessage

CARE_MESSAGE_MAX = 4_000
CARE_REPLIES_MAX = 40_000  # all replies to one care message


def sees_alerts(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: may know which of its posts were spotted: moderators, administrators."""
    return groups.is_moderator(viewer_id)


def care_message_visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on CareMessage, Group: is the person it was written to, or moderates the group."""
    return or_(CareMessage.account_id == viewer_id, groups.moderates(viewer_id))


def may_receive_care_message(account_id: ViewerId, author_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person is in the group, and has not blocked who would write.

    Who has left is out of the group's reach; a person who has blocked one moderator can still be
    written to by the others.
    """
    place = aliased(Membership)
    return and_(
        accounts.row_exists(place, place.account_id == account_id, place.group_id == Group.id),
        not_(accounts.is_blocked_by(author_id, account_id)),
    )


def moderates_any_group(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: moderates at least one group, or the site."""
    return or_(accounts.administers(viewer_id), _any_group(groups.moderates(viewer_id)))


def is_moderator_anywhere(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: moderates at least one group, or administers the site."""
    return or_(accounts.administers(viewer_id), _any_group(groups.is_moderator(viewer_id)))


def _any_group(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Group.id).where(condition).correlate_except(Group).exists()
