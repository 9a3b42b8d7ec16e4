"""What remains in the log of somebody who is erased: that acts were done, to or by nobody.

The words about somebody go with them. What they did to others stays explained, without their name,
which the columns' foreign keys take out.
"""

from sqlalchemy import update

from forum.core.db import transaction
from forum.moderation.models import LogRow


def erase(account_id: int) -> None:
    """Take the words about somebody, and said to them, out of the log."""
    with transaction() as session:
        session.execute(
            update(LogRow)
            .where(LogRow.person_id == account_id)
            .values(reason="", message="", before={}, after={})
            .execution_options(synchronize_session=False)
        )
