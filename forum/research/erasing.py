"""What is left of a participant who erases what is recorded of them, or their whole account."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.core.db import transaction
from forum.research.models import Participant, Study
from forum.research.releases.models import ReleasedRow
from forum.research.researcher_models import ResearchLogRow


def forget(session: Session, keys: Collection[int]) -> None:
    """Erase participants; belongs inside `transaction()`.

    Consents and recorded rows go with them, and answers name them no longer. What releases said of
    them is emptied; that they were in it stays, as a number that is nobody's, for the ledger to say
    which releases to recall.
    """
    gone = update(ReleasedRow).where(ReleasedRow.participant.in_(keys))
    session.execute(gone.values(said=[]).execution_options(synchronize_session=False))
    session.execute(delete(Participant).where(Participant.key.in_(keys)))


def erase(account_id: int) -> None:
    """Erase somebody's part in all studies, and the words about them in the log.

    What they did as a researcher stays in the log, by nobody; their account's row takes out the
    name.
    """
    with transaction() as session:
        # A release that is being entered comes first, so that what it says is emptied, too.
        studies = select(Participant.study_id).where(Participant.account_id == account_id)
        session.execute(
            select(Study.id).where(Study.id.in_(studies)).order_by(Study.id).with_for_update()
        )
        mine = select(Participant.key).where(Participant.account_id == account_id)
        forget(session, session.scalars(mine).all())
        session.execute(
            update(ResearchLogRow)
            .where(ResearchLogRow.about_id == account_id)
            .values(why="")
            .execution_options(synchronize_session=False)
        )
