"""What remains in the log of somebody who is erased: that acts were done, to or by nobody.

The words about somebody go with them. What they did to others stays explained, without their name,
which the columns' foreign keys take out. Where words of others name them, the log lets go of those
words as a whole, since its rows cannot be changed, and the rest is told of "a former member".
"""

from collections.abc import Iterator

from sqlalchemy import String, cast, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.core import text
from forum.core.db import transaction
from forum.moderation.models import LogRow, Objection, Proposal
from forum.threads.mentions import FORMER

_WORDS = (Proposal.value, Proposal.reason, Proposal.message, Objection.words, Objection.answer)
_EMPTY = {"reason": "", "message": "", "before": {}, "after": {}}


def erase(account_id: int) -> None:
    """Take the words about somebody, and said to them, and their name out of the log."""
    with transaction() as session:
        theirs = or_(Proposal.by_id == account_id, Proposal.person_id == account_id)
        # They go with the account; whoever confirms one locks it before the account.
        session.execute(select(Proposal.id).where(theirs).order_by(Proposal.id).with_for_update())
        name = session.scalars(select(Account.handle).where(Account.id == account_id)).one()
        naming = list(_naming(session, name.casefold()))
        session.execute(
            update(LogRow)
            .where(or_(LogRow.person_id == account_id, LogRow.id.in_(naming)))
            .values(_EMPTY)
            .execution_options(synchronize_session=False)
        )
        for column in _WORDS:
            for row in session.scalars(select(column.class_).where(column.contains("@"))):
                words = text.renamed(getattr(row, column.key), name.casefold(), FORMER)
                setattr(row, column.key, words)


def _naming(session: Session, name: str) -> Iterator[int]:
    """Give the rows of the log that name somebody (folded) with @."""
    kept = [getattr(LogRow, column) for column in _EMPTY]
    rows = session.execute(
        select(LogRow.id, *kept).where(or_(*(cast(one, String).contains("@") for one in kept)))
    )
    for row_id, reason, message, before, after in rows:
        words = (reason, message, *before.values(), *after.values())
        if any(name in text.mentioned(one) for one in words if isinstance(one, str)):
            yield row_id
