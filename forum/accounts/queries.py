"""Reads about accounts."""

from datetime import datetime

from sqlalchemy import select

from forum.accounts.models import Account, LoginSession
from forum.accounts.policy import Viewer
from forum.core import ids
from forum.core.db import reading

_VIEWER = select(
    Account.id, Account.handle, Account.role, LoginSession.id.label("session_id"),
    Account.invisible, Account.suspended_until, Account.suspended_because,
).join(LoginSession, LoginSession.account_id == Account.id)  # fmt: skip


def viewer_of_session(token: str) -> Viewer | None:
    """Return the person whose session this is, or None when it has ended."""
    row = reading().execute(
        _VIEWER.where(LoginSession.token_digest == ids.digest(token), LoginSession.ended_at.is_(None))
    ).one_or_none()
    return Viewer(**row._mapping) if row else None


def viewer(account_id: int) -> Viewer | None:
    """Return somebody as a viewer, for doors that have no session: command line and importer."""
    row = reading().execute(
        select(Account.id, Account.handle, Account.role, Account.invisible,
               Account.suspended_until, Account.suspended_because).where(Account.id == account_id)
    ).one_or_none()
    return Viewer(**row._mapping) if row else None


def sessions_ended_since(moment: datetime) -> list[int]:
    """Return the ids of sessions that have ended since then, for whatever reason."""
    return list(reading().scalars(select(LoginSession.id).where(LoginSession.ended_at >= moment)))
