"""One person as others meet them: reading their profile."""

from dataclasses import dataclass

from sqlalchemy import and_, not_, or_, select

from forum.accounts import policy as accounts
from forum.accounts import queries
from forum.accounts.models import BLOCK, MUTE, Account, AccountRelationship
from forum.accounts.policy import Viewer
from forum.core.db import current_session
from forum.core.errors import NotFound
from forum.groups import policy


@dataclass(frozen=True)
class Profile:
    """What a viewer sees of somebody; of those whom they mute or block, no more than the handle."""

    id: int
    handle: str
    about: str
    own: bool
    muted: bool
    blocked: bool


def profile_for(viewer: Viewer, other_id: int) -> Profile:
    """Return what the viewer sees of somebody. Raises NotFound when that is nothing."""
    me, other = viewer.sql_id(), Account.__table__.c.id
    own = other == me
    muted, blocked = (
        accounts.row_exists(
            AccountRelationship,
            AccountRelationship.viewer_id == me,
            AccountRelationship.other_id == other,
            AccountRelationship.kind == kind,
        )
        for kind in (MUTE, BLOCK)
    )
    apart = or_(accounts.mutes_or_blocks(me, other), accounts.is_blocked_by(me, other))
    shown = or_(
        own, and_(not_(apart), or_(policy.share_a_group(me, other), accounts.administers(me)))
    )
    row = (
        current_session()
        .execute(
            select(
                Account.id,
                Account.handle,
                Account.about,
                own.label("own"),
                muted.label("muted"),
                blocked.label("blocked"),
            ).where(other == other_id, or_(shown, muted, blocked))
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    facts = row._asdict()
    if row.muted or row.blocked:
        facts["about"] = ""
    return Profile(**facts)


def profile_named(viewer: Viewer, handle: str) -> Profile:
    """Return what the viewer sees of the person with a handle. Raises NotFound as for nobody."""
    return profile_for(viewer, queries.account_id_mentioned(handle) or 0)
