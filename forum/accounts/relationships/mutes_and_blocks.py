"""Muting and blocking: verbs of `service`, which passes them on."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.accounts.events import RelationshipChanged
from forum.accounts.models import BLOCK, BLOCKED_BY, MUTE, Account, AccountRelationship
from forum.accounts.policy import Viewer, person_id
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Forbidden, NotFound
from forum.core.events import announce
from forum.core.translation import _


def mute(viewer: Viewer, other_id: int) -> None:
    """Stop seeing what somebody says; they do not learn of it. Raises NotFound, Forbidden."""
    with transaction() as session:
        me = _check_pair(session, viewer, other_id)
        if _add(session, me, other_id, MUTE):
            announce(RelationshipChanged(me, other_id))


def unmute(viewer: Viewer, other_id: int) -> None:
    """See somebody again; harmless when they are not muted."""
    with transaction() as session:
        me = person_id(viewer)
        if _remove(session, me, other_id, MUTE):
            announce(RelationshipChanged(me, other_id))


def block(viewer: Viewer, other_id: int) -> None:
    """Part two people: neither meets the other any more. Raises NotFound, Forbidden."""
    with transaction() as session:
        me = _check_pair(session, viewer, other_id)
        if _add(session, me, other_id, BLOCK):
            _add(session, other_id, me, BLOCKED_BY)
            announce(RelationshipChanged(me, other_id))
            announce(RelationshipChanged(other_id, me))


def unblock(viewer: Viewer, other_id: int) -> None:
    """Take one's block back; the other's, if there is one, stays. Harmless without a block."""
    with transaction() as session:
        me = person_id(viewer)
        if _remove(session, me, other_id, BLOCK):
            _remove(session, other_id, me, BLOCKED_BY)
            announce(RelationshipChanged(me, other_id))
            announce(RelationshipChanged(other_id, me))


def _check_pair(session: Session, viewer: Viewer, other_id: int) -> int:
    me = person_id(viewer)
    if me == other_id:
        raise Forbidden(_("You can't mute or block yourself."), code="oneself")
    # Locked, so two clicks at once make one row; the other's row must only exist.
    session.execute(select(Account.id).where(Account.id == me).with_for_update(key_share=True))
    if session.scalar(select(Account.id).where(Account.id == other_id)) is None:
        raise NotFound
    return me


def _add(session: Session, viewer_id: int, other_id: int, kind: str) -> bool:
    if session.get(AccountRelationship, (viewer_id, other_id, kind)) is not None:
        return False
    session.add(
        AccountRelationship(
            viewer_id=viewer_id, other_id=other_id, kind=kind, created_at=clock.now()
        )
    )
    session.flush()
    return True


def _remove(session: Session, viewer_id: int, other_id: int, kind: str) -> bool:
    gone = delete(AccountRelationship).where(
        AccountRelationship.viewer_id == viewer_id,
        AccountRelationship.other_id == other_id,
        AccountRelationship.kind == kind,
    )
    return session.execute(gone.returning(AccountRelationship.kind)).first() is not None
