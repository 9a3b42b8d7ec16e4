"""What remains in the log of somebody who is erased: that an act was done, and no words of it."""

from sqlalchemy import or_, update

from forum.core.db import transaction
from forum.moderation.models import LogRow


def erase(account_id: int) -> None:
    """Take somebody's name, and the words said to or by them, out of the log."""
    with transaction() as session:
        session.execute(
            update(LogRow)
            .where(or_(LogRow.person_id == account_id, LogRow.by_id == account_id))
            .values(reason="", message="", before={}, after={})
            .execution_options(synchronize_session=False)
        )
