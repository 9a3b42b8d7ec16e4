"""The record against what the forum itself knows: every missing event, every unexplained row.

Known are posts, reactions, memberships, attendance and private messages, as far as somebody's
consent covers them.
The database compares; only what differs comes here, row by row, so the record may be of any length.
What happened within seconds of a consent's beginning or end may be recorded or not: the first in
the database decided that, and each moment was taken before.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from forum.core.db import AnyRow, current_session, snapshot
from forum.research.completeness import missing_events, unexplained_events
from forum.research.completeness.missing_events import Statement
from forum.research.models import Consent, Study
from forum.threads.models import Post, Reaction

AT_ONCE = 1_000
EITHER_WAY = timedelta(seconds=5)


class Finding(NamedTuple):
    """A missing event or an unexplained row: which, in which study, when, and what it is."""

    what: str
    study: str
    at: datetime
    words: str


def findings() -> Iterator[Finding]:
    """Yield whatever differs, as things are at one moment."""
    with snapshot():
        boundaries = lru_cache(maxsize=AT_ONCE)(_boundaries)
        for what, statement, words in _comparisons():
            found = current_session().execute(statement, execution_options={"yield_per": AT_ONCE})
            for row in found:
                if not _is_near_boundary(row, boundaries(row.participant, row.study_id)):
                    yield Finding(what, row.slug, row.at, words.format(**row._mapping))


def _comparisons() -> Iterator[tuple[str, Statement, str]]:
    yield "missing", missing_events.posts(), "post {post_id} is not recorded"
    for kind, whose in (("given", Reaction.account_id), ("received", Post.author_id)):
        reactions = missing_events.reactions(f"reaction_{kind}", whose)
        yield (
            "missing",
            reactions,
            f"reaction {{reaction}} {kind} on post {{post_id}} is not recorded",
        )
    yield "missing", missing_events.joinings(), "joining group {group_id} is not recorded"
    yield "missing", missing_events.departures(), "leaving group {group_id} is not recorded"
    yield "missing", missing_events.attendance(), "attending meeting {meeting_id} is not recorded"
    yield "missing", missing_events.private_messages(), "a private message is not recorded"
    yield "unexplained", unexplained_events.duplicates(), "row {id}, {kind}, is recorded twice"
    yield (
        "unexplained",
        unexplained_events.without_post(),
        "row {id}, {kind}, belongs to no such post of theirs",
    )
    yield (
        "unexplained",
        unexplained_events.without_attendance(),
        "row {id}, {kind}, belongs to no such attendance",
    )
    yield (
        "unexplained",
        unexplained_events.without_consent(),
        "row {id}, {kind}, is covered by no consent",
    )


def _is_near_boundary(row: AnyRow, boundaries: tuple[datetime, ...]) -> bool:
    moments = [row.at, row._mapping.get("over_at", row.at)]
    return any(abs(moment - each) <= EITHER_WAY for moment in moments for each in boundaries)


def _boundaries(participant: int, study_id: int) -> tuple[datetime, ...]:
    """Return the moments at which somebody's consents, or their study, began or ended."""
    consents = select(Consent.given_at, Consent.ended_at).where(Consent.participant == participant)
    study = select(Study.opened_at, Study.closed_at).where(Study.id == study_id)
    spans = [*current_session().execute(consents), *current_session().execute(study)]
    return tuple(moment for span in spans for moment in span if moment)
