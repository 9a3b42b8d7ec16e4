"""After a backup was restored: whoever had withdrawn or erased what they gave does so again."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Select, select

from forum.accounts import queries as accounts
from forum.core.db import current_session
from forum.research import service
from forum.research.models import Consent, Participant, Study


def erase_again(is_erased: Callable[[int], bool]) -> int:
    """Erase the participants of whom this is true, by their key; return how many there were."""
    rows = current_session().execute(_participants()).all()
    again = [row for row in rows if is_erased(row.key)]
    for row in again:
        _withdraw(row.account_id, row.slug, erase=True)
    return len(again)


def withdraw_again(withdrawn_at: Callable[[int], datetime | None]) -> int:
    """End the consents that were withdrawn at a moment, asked by the participant's key.

    A consent that was given after it stays. Return how many ended.
    """
    rows = current_session().execute(
        _participants()
        .add_columns(Consent.given_at)
        .join(Consent, Consent.participant == Participant.key)
        .where(Consent.ended_at.is_(None))
    )
    again = [row for row in rows.all() if (at := withdrawn_at(row.key)) and row.given_at <= at]
    for row in again:
        _withdraw(row.account_id, row.slug, erase=False)
    return len(again)


def _participants() -> Select[int, int | None, str]:
    return (
        select(Participant.key, Participant.account_id, Study.slug)
        .join(Study, Study.id == Participant.study_id)
        .where(Participant.account_id.is_not(None))
        .order_by(Participant.key)
    )


def _withdraw(account_id: int | None, slug: str, *, erase: bool) -> None:
    viewer = accounts.viewer(account_id) if account_id else None
    if viewer:
        service.withdraw(viewer, slug, erase=erase)
