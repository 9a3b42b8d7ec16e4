"""The operator's own pager: each step of a call is posted to an address of theirs, as JSON.

It holds no words and no names: which step, where to look, how long somebody has waited. What does
not arrive is tried again, later each time, until somebody is there or a day is over.
"""

import json
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import structlog
from gevent import Timeout
from sqlalchemy import ColumnElement, or_, select, update

from forum.core import clock
from forum.core.background import periodic
from forum.core.background.backoff import wait_after
from forum.core.db import current_session, release_session, transaction
from forum.moderation.crisis_calls import queries
from forum.moderation.crisis_calls.models import (
    ADMINISTRATORS,
    AGAIN,
    MODERATORS,
    ON_CALL,
    REPEATED,
    CrisisCall,
)
from forum.moderation.queue_items.models import QueueItem

STEPS = {
    ON_CALL: "on_call",
    AGAIN: "again",
    MODERATORS: "moderators",
    ADMINISTRATORS: "administrators",
    REPEATED: "repeated",
}
SOCKET_PATIENCE_S, PATIENCE_S = 5.0, 10.0
RETRY_AFTER, RETRY_AT_MOST = timedelta(seconds=15), timedelta(minutes=15)
ATTEMPTS_MOST = 100  # about a day
log = structlog.get_logger()


@dataclass(frozen=True)
class _Pager:
    url: str = ""
    site: str = ""


_pager = _Pager()


def init(url: str, site: str) -> None:
    """Post to this address from now on, "" for none; the forum's own address begins with `site`."""
    global _pager
    _pager = _Pager(url, site)


def due_from(at: datetime) -> datetime | None:
    """Return when a step that is made now is to be posted; None without a pager."""
    return at if _pager.url else None


def send_due() -> None:
    """Post the steps that are due, each in turn, outside any transaction."""
    if not _pager.url:
        return
    due = select(CrisisCall.id).where(_is_due(clock.now()))
    for call_id in current_session().scalars(due.order_by(CrisisCall.id)).all():
        _send(call_id)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Condition: a step is to be posted now, also where a clock that was ahead put it off."""
    due_at = CrisisCall.page_due_at
    return or_(due_at <= now, due_at > now + RETRY_AT_MOST)


def _send(call_id: int) -> None:
    payload = _claim(call_id)
    if payload is None:
        return
    release_session()
    problem = _post(json.dumps(payload).encode())
    if problem:
        log.warning("pager_not_reached", reason=problem)
        return
    with transaction() as session:
        done = update(CrisisCall).where(CrisisCall.id == call_id).values(page_due_at=None)
        session.execute(done.execution_options(synchronize_session=False))


def _claim(call_id: int) -> dict[str, object] | None:
    """Put a step off until it would be tried again, and return what to post if it still matters."""
    now = clock.now()
    with transaction() as session:
        row = session.scalar(
            select(CrisisCall).where(CrisisCall.id == call_id, _is_due(now)).with_for_update()
        )
        if row is None:
            return None
        item = session.get_one(QueueItem, row.item_id, populate_existing=True)
        over = row.page_attempts >= ATTEMPTS_MOST
        if over or queries.is_attended(session, item, row.started_at):
            row.page_due_at = None
            return None
        row.page_due_at = now + wait_after(row.page_attempts, RETRY_AFTER, RETRY_AT_MOST)
        row.page_attempts += 1
        waited = max(now - item.opened_at, timedelta())
        return {
            "event": "crisis_call",
            "id": row.id,
            "step": STEPS[row.step],
            "address": f"{_pager.site}/moderation/queue/{item.id}/here",
            "waiting_seconds": int(waited.total_seconds()),
        }


def _post(body: bytes) -> str:
    """Post this; return "" when it was taken, else why not. Redirections are not followed."""
    parts = urlsplit(_pager.url)
    host, port = parts.hostname or "", parts.port
    connection = (
        HTTPSConnection(host, port, timeout=SOCKET_PATIENCE_S, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(host, port, timeout=SOCKET_PATIENCE_S)
    )
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    headers = {"Content-Type": "application/json", "User-Agent": "CommonThread"}
    # One that answers a byte at a time would otherwise be waited for without end.
    patience = Timeout(PATIENCE_S) if periodic.serving() else None
    try:
        if patience:
            patience.start()
        connection.request("POST", target, body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as problem:
        return type(problem).__name__
    except Timeout:
        return "Timeout"
    finally:
        if patience:
            patience.close()
        connection.close()
    return "" if 200 <= status < 300 else f"status {status}"
