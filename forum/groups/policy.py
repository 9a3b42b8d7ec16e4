"""Who may see a group, read in it, and look after it.

Each rule is a SQL condition on `Group` for a viewer id, which may be one person's or a column:
the same rule then answers "may she" and "who may".
"""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups.models import FACILITATOR, HIDDEN, MODERATOR, Group, Membership

LOOKS_AFTER = (FACILITATOR, MODERATOR)


def belongs(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person is a member, in any role, and not suspended."""
    return and_(_has_place(viewer_id), accounts.taking_part(viewer_id))


def looks_after(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person facilitates or moderates it, or administers the site."""
    return or_(
        and_(_has_place(viewer_id, LOOKS_AFTER), accounts.taking_part(viewer_id)),
        accounts.administers(viewer_id),
    )


def visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person may know that it exists and what it is."""
    return or_(Group.visibility != HIDDEN, belongs(viewer_id), accounts.administers(viewer_id))


def readable_by(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person may read what is said in it."""
    return or_(
        Group.readable_by_all.is_(True), belongs(viewer_id), accounts.administers(viewer_id)
    )


def _has_place(viewer_id: ViewerId, roles: tuple[str, ...] = ()) -> ColumnElement[bool]:
    place = aliased(Membership)
    found = exists().where(place.account_id == viewer_id, place.group_id == Group.id)
    return found.where(place.role.in_(roles)) if roles else found
