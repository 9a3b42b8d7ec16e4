"""Reads about where somebody is logged in, and what happened to their account's protection."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from forum.accounts.models import LoginSession, SecurityEvent
from forum.accounts.policy import Viewer, person_id
from forum.core.db import current_session
from forum.core.web import paging


def sessions_of(viewer: Viewer, page: int = 1) -> Sequence[Any]:
    """Return a page of one's open sessions, the last used first."""
    return paging.page_of(_sessions(viewer), page)


def count_sessions(viewer: Viewer) -> int:
    """Return how many open sessions one has."""
    return paging.count(_sessions(viewer))


def _sessions(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    return (
        select(LoginSession.id, LoginSession.device, LoginSession.created_at, LoginSession.seen_at)
        .where(LoginSession.account_id == person_id(viewer), LoginSession.ended_at.is_(None))
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )


def security_events_of(viewer: Viewer, most: int) -> Sequence[Any]:
    """Return what happened to the protection of one's account, the latest first."""
    return (
        current_session()
        .execute(
            select(
                SecurityEvent.kind,
                SecurityEvent.device,
                SecurityEvent.count,
                SecurityEvent.at,
            )
            .where(SecurityEvent.account_id == person_id(viewer))
            .order_by(SecurityEvent.id.desc())
            .limit(most)
        )
        .all()
    )
