"""One person as others meet them: reading their profile, and keeping away from them."""

from dataclasses import dataclass

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.orm import Session

from forum.accounts import policy as accounts
from forum.accounts import service
from forum.accounts.models import BLOCK, MUTE, Account, Separation
from forum.accounts.policy import Viewer, person_id
from forum.core.db import reading, transaction
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
        accounts.only(
            Separation,
            Separation.viewer_id == me,
            Separation.other_id == other,
            Separation.kind == kind,
        )
        for kind in (MUTE, BLOCK)
    )
    apart = or_(accounts.avoids(me, other), accounts.is_avoided_by(me, other))
    shown = or_(own, and_(not_(apart), or_(policy.fellows(me, other), accounts.administers(me))))
    row = (
        reading()
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


def mute(viewer: Viewer, other_id: int) -> None:
    """Stop seeing what somebody says whom the viewer has met. Raises NotFound, Forbidden."""
    with transaction() as session:
        _require_met(session, viewer, other_id)
        service.mute(viewer, other_id)


def block(viewer: Viewer, other_id: int) -> None:
    """Part the viewer from somebody whom they have met. Raises NotFound, Forbidden."""
    with transaction() as session:
        _require_met(session, viewer, other_id)
        service.block(viewer, other_id)


def _require_met(session: Session, viewer: Viewer, other_id: int) -> None:
    # Whom one keeps away from is listed by handle: by counting up, one would learn every handle.
    me, other = person_id(viewer), Account.__table__.c.id
    met = or_(other == me, policy.has_met(viewer.sql_id(), other))
    if session.scalar(select(other).where(other == other_id, met)) is None:
        raise NotFound
