"""Conditions on the acts of a record that several measures share."""

# What somebody does themselves; being reacted to, leaving and consenting are no use of the forum.
OWN = (
    "kind IN ('signed_in', 'session', 'thread_read', 'thread_started', 'reply_posted', "
    "'reaction_given', 'meeting_attended', 'report_made', 'group_joined')"
)
POSTED = "kind IN ('thread_started', 'reply_posted')"


def count_of(condition: str) -> str:
    """Return the SQL that counts somebody's acts."""
    return f"count(*) FILTER ({condition})"


def sum_of(column: str, condition: str, divisor: int = 1) -> str:
    """Return the SQL that adds up a column; exact decimals, so no order of rows changes it."""
    total = f"sum({column}::DECIMAL(18, 3)) FILTER ({condition})"
    return f"coalesce({total}, 0)::DOUBLE / {divisor}"
