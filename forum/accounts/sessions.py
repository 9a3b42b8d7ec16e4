"""Steps about login sessions that several verbs of `service` share, inside its transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from forum.accounts.events import SessionsEnded, SignedIn
from forum.accounts.models import LoginSession
from forum.core import clock, ids
from forum.core.events import announce

DEVICE_MAX = 60


def start(session: Session, account_id: int, device: str, at: datetime | None = None) -> str:
    """Open a session and return its token, which is kept nowhere else."""
    at, token = at or clock.now(), ids.token()
    opened = LoginSession(account_id=account_id, token_digest=ids.digest(token),
                          device=device[:DEVICE_MAX], created_at=at, seen_at=at)
    session.add(opened)
    session.flush()
    announce(SignedIn(account_id, opened.id, at))
    return token


def end(session: Session, account_id: int, *which: ColumnElement[bool]) -> int:
    """End those of somebody's open sessions that `which` tells, all if nothing; return how many."""
    ended: Iterable[int] = session.scalars(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None), *which)
        .values(ended_at=clock.now())
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    )
    session_ids = tuple(sorted(ended))
    if session_ids:
        announce(SessionsEnded(account_id, session_ids))
    return len(session_ids)
