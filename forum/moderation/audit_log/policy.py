"""Who sees which rows of the audit log and of the access log."""

from sqlalchemy import ColumnElement, and_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups
from forum.moderation.actions.log_entries import NOT_FOR_PERSON
from forum.moderation.models import AccessLogEntry, AuditLogEntry


def sees_log(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on AuditLogEntry, left-joined with Group: actions in the groups one moderates.

    Notes are for moderators, and so is what was not done in the end, unless one proposed it. What
    others did to oneself is not here: it would name them.
    """
    small = or_(
        and_(*(AuditLogEntry.action != action for action in NOT_FOR_PERSON)),
        AuditLogEntry.by_id == viewer_id,
    )
    there = or_(groups.is_moderator(viewer_id), and_(groups.moderates(viewer_id), small))
    return _sees(viewer_id, AuditLogEntry, there)


def sees_access_log(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on AccessLogEntry, left-joined with Group: as `sees_log`."""
    return _sees(viewer_id, AccessLogEntry, groups.moderates(viewer_id))


def _sees(
    viewer_id: ViewerId, row: type[AuditLogEntry | AccessLogEntry], there: ColumnElement[bool]
) -> ColumnElement[bool]:
    return and_(
        or_(accounts.administers(viewer_id), and_(row.group_id.is_not(None), there)),
        or_(row.person_id.is_distinct_from(viewer_id), row.by_id == viewer_id),
    )
