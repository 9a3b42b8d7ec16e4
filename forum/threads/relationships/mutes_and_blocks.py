"""Muting and blocking somebody with whom one has something to do."""

from sqlalchemy import not_, or_, select
from sqlalchemy.orm import Session

from forum.accounts import service
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, person_id
from forum.core.db import transaction
from forum.core.errors import NotFound
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.threads import policy
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread


def mute(viewer: Viewer, other_id: int) -> None:
    """Stop seeing what somebody says whom the viewer has met. Raises NotFound, Forbidden."""
    with transaction() as session:
        _require_known(session, viewer, other_id)
        service.mute(viewer, other_id)


def block(viewer: Viewer, other_id: int) -> None:
    """Part the viewer from somebody whom they have met. Raises NotFound, Forbidden."""
    with transaction() as session:
        _require_known(session, viewer, other_id)
        service.block(viewer, other_id)


def _require_known(session: Session, viewer: Viewer, other_id: int) -> None:
    """Raise NotFound where the two share no group and the viewer can read nothing of theirs.

    Whom one keeps away from is listed by handle, and whether it works would tell who is where.
    """
    me, account = person_id(viewer), Account.__table__.c.id
    met = or_(account == me, groups.may_know(viewer.sql_id(), account))
    known = select(account).where(account == other_id, met)
    read = (
        select(Post.id)
        .join(Thread, IN_THREAD)
        .join(Group, IN_GROUP)
        .where(Post.author_id == other_id, not_(policy.is_deleted()))
        .where(policy.visible_to(viewer.sql_id()))
        .limit(1)
    )
    if not session.scalar(known) and not session.scalar(read):
        raise NotFound
