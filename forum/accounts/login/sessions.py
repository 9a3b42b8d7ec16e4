"""Login sessions: verbs of `service`, which passes them on, and the steps that all share."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from forum.accounts.events import LoggedIn, SessionsEnded
from forum.accounts.login import security_log
from forum.accounts.models import LoginSession
from forum.accounts.policy import Viewer, person_id
from forum.core import clock, ids
from forum.core.db import current_session, transaction
from forum.core.errors import NotFound
from forum.core.events import announce

DEVICE_MAX = 60
NOTE_WITHIN_S = 0.2
KEPT_AFTER_END, KEPT_UNSEEN = timedelta(days=30), timedelta(days=90)


def open_session(account_id: int, *, device: str = "") -> str:
    """Log somebody in without a password, and return the new session's token."""
    with transaction() as session:
        return start(session, account_id, device)


def log_out(viewer: Viewer) -> None:
    """End the session that is used just now; harmless for visitors."""
    if viewer.id is not None and viewer.session_id is not None:
        with transaction() as session:
            end(session, viewer.id, LoginSession.id == viewer.session_id)


def end_session(viewer: Viewer, session_id: int) -> None:
    """End one of one's sessions. Raises NotFound when it is not open, or somebody else's."""
    with transaction() as session:
        if not end(session, person_id(viewer), LoginSession.id == session_id):
            raise NotFound


def end_other_sessions(viewer: Viewer) -> None:
    """End all of one's sessions but the one that is used just now."""
    with transaction() as session:
        end(session, person_id(viewer), LoginSession.id != (viewer.session_id or 0))


def end_all_sessions(viewer: Viewer) -> None:
    """End all of one's sessions, this one too."""
    with transaction() as session:
        end(session, person_id(viewer))


def end_sessions_of_all() -> None:
    """Log everybody out, since sessions that had been ended are open again in a restored forum."""
    with transaction() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.ended_at.is_(None))
            .values(ended_at=clock.now())
            .execution_options(synchronize_session=False)
        )


def note_seen(session_id: int) -> None:
    """Note that a session is in use; `queries.session_of` says when that is due again.

    No page waits for that while others write: it is as well noted by the next one.
    """
    with suppress(OperationalError), transaction(patience_s=NOTE_WITHIN_S) as session:
        session.execute(
            update(LoginSession).where(LoginSession.id == session_id).values(seen_at=clock.now())
        )


def device_of(viewer: Viewer) -> str:
    """Return the label of the browser in which somebody is logged in just now."""
    mine = select(LoginSession.device).where(LoginSession.id == viewer.session_id)
    return current_session().scalar(mine) or ""


def forget_old() -> None:
    """Delete sessions that ended 30 days ago or were not used for 90, and old security events."""
    now = clock.now()
    with transaction() as session:
        session.execute(
            delete(LoginSession).where(
                or_(
                    LoginSession.ended_at < now - KEPT_AFTER_END,
                    LoginSession.seen_at < now - KEPT_UNSEEN,
                )
            )
        )
        security_log.forget_old(session)


def start(session: Session, account_id: int, device: str, at: datetime | None = None) -> str:
    """Open a session and return its token, which is kept nowhere else."""
    at, token = at or clock.now(), ids.token()
    opened = LoginSession(
        account_id=account_id,
        token_digest=ids.digest(token),
        device=device[:DEVICE_MAX],
        created_at=at,
        seen_at=at,
    )
    session.add(opened)
    session.flush()
    announce(LoggedIn(account_id, opened.id, at))
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
