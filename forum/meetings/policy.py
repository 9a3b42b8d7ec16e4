"""Who may see a meeting."""

from sqlalchemy import ColumnElement, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups


def visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Meeting joined with Group: a member of the group, or an administrator.

    Also where everybody may read a group's threads: who meets when is for members.
    """
    return or_(groups.belongs(viewer_id), accounts.administers(viewer_id))


def may_facilitate(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: facilitates or moderates the group, or administers the site."""
    return groups.moderates(viewer_id)


def is_in_calendar_of(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Meeting joined with Group: it belongs into the person's own calendar.

    An administrator may look, but has only their own groups in their calendar.
    """
    return groups.belongs(viewer_id)
