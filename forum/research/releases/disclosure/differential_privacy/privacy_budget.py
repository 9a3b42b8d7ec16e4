"""How much the noisy releases of a year may tell of one member, together.

Each release with noise spends an epsilon of everybody who is in it. A member's budget is the sum
over all studies that they take part in. In a study that is the sum of its releases for everybody,
also for who joined late or came back: nobody's budget is ever thought larger than it is.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from forum.core.db import current_session, transaction
from forum.core.errors import Invalid
from forum.core.translation import formats, lazy, lazy_format
from forum.research.models import Participant, Study
from forum.research.releases.ledger.models import LedgerEntry, ReleasedRow

MOST_A_YEAR = 4.0
YEAR = timedelta(days=365)
_DUST = 1e-9  # sums of decimal fractions are not exact


def require_budget(study: str, epsilon: float, at: datetime) -> None:
    """Raise Invalid where a release of a study may not spend so much, with what is left.

    How much one release may spend at most is `Asked.check`'s to say.
    """
    with transaction() as session:
        # Two releases at once take turns here, so each knows of the other.
        session.execute(select(Study.id).where(Study.slug == study).with_for_update())
        spent = _here(study, at) + _elsewhere(study, at)
    if spent + epsilon > MOST_A_YEAR + _DUST:
        left = max(0.0, MOST_A_YEAR - spent)
        words = lazy(
            "Each member has an epsilon of %(most)s a year, and releases have spent %(spent)s of "
            "it. This one may spend at most %(left)s. There will be more from %(day)s.",
            most=lazy_format(formats.number, MOST_A_YEAR),
            spent=lazy_format(formats.number, round(spent, 3)),
            left=lazy_format(formats.number, round(left, 3)),
            day=lazy_format(formats.day, (_oldest(at) + YEAR).date()),
        )
        raise Invalid(words, code="epsilon_spent")


def remaining(study: str, at: datetime) -> float:
    """Return how much epsilon releases of a study may still spend in the year before `at`."""
    return max(0.0, MOST_A_YEAR - _here(study, at) - _elsewhere(study, at))


def _here(study: str, at: datetime) -> float:
    """Return what the study's own releases have spent in the year before `at`."""
    found = select(func.sum(LedgerEntry.epsilon)).where(
        LedgerEntry.study == study, LedgerEntry.created_at > at - YEAR
    )
    return float(current_session().scalar(found) or 0)


def _elsewhere(study: str, at: datetime) -> float:
    """Return the most that other studies' releases have spent of one of its participants."""
    other = aliased(Participant)
    theirs = exists().where(
        ReleasedRow.release_id == LedgerEntry.id, ReleasedRow.participant == other.key
    )
    # A person who had their rows erased and takes part again may have been in them.
    known = select(Participant.key).where(Participant.account_id.is_not(None))
    nobodys = (
        current_session()
        .scalars(
            select(ReleasedRow.release_id).where(ReleasedRow.participant.not_in(known)).distinct()
        )
        .all()
    )
    there = aliased(Study)
    sums = (
        select(func.sum(LedgerEntry.epsilon).label("spent"))
        .select_from(Participant)
        .join(Study, Study.id == Participant.study_id)
        .join(other, other.account_id == Participant.account_id)
        .join(there, there.id == other.study_id)
        .join(LedgerEntry, LedgerEntry.study == there.slug)
        .where(
            Study.slug == study,
            there.slug != study,
            LedgerEntry.epsilon.is_not(None),
            or_(theirs, LedgerEntry.id.in_(nobodys)),
            LedgerEntry.created_at > at - YEAR,
        )
        .group_by(Participant.account_id)
        .subquery()
    )
    return float(current_session().scalar(select(func.max(sums.c.spent))) or 0)


def _oldest(at: datetime) -> datetime:
    """Return when the first of the year's noisy releases was made, or `at`."""
    found = select(func.min(LedgerEntry.created_at)).where(
        LedgerEntry.epsilon.is_not(None), LedgerEntry.created_at > at - YEAR
    )
    return current_session().scalar(found) or at
