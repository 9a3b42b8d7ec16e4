"""Who answers whom, and who meets in the same threads."""

from forum.activity.measures.record import Record
from forum.activity.measures.registry import measure

TIES = (
    "SELECT DISTINCT participant AS one, previous_author AS other FROM writing "
    "WHERE kind = 'reply_posted' AND previous_author <> participant "
    "AND previous_author IN (SELECT participant FROM people)"
)


# Each tie of a person, and whether there is one back.
RETURNED = f"""
WITH ties AS ({TIES})
SELECT ties.one AS participant, back.one IS NOT NULL AS returned
FROM ties LEFT JOIN ties AS back ON back.one = ties.other AND back.other = ties.one
"""  # noqa: S608
# For each person with how many others they have written in a thread.
COMPANY = """
SELECT one.participant, count(DISTINCT other.participant) AS amount
FROM writing AS one JOIN writing AS other USING (thread_id)
WHERE one.participant <> other.participant GROUP BY one.participant
"""


def _ties(condition: str) -> str:
    return (
        f"SELECT participant, count(*) AS amount FROM ({RETURNED}) WHERE {condition} "  # noqa: S608
        "GROUP BY participant"
    )


@measure(
    "network", "share", "Wasserman and Faust 1994, arc reciprocity",
    behind=(_ties("returned"), _ties("NOT returned")),
)  # fmt: skip
def reply_reciprocity(record: Record) -> float | None:
    """Share of ties that are returned; a tie is that somebody has replied to somebody at all."""
    return record.number(f"SELECT avg(returned::INTEGER) FROM ({RETURNED})")  # noqa: S608


@measure("network", "people", "Wasserman and Faust 1994, affiliation networks", behind=(COMPANY,))
def co_participants(record: Record) -> float | None:
    """Mean number of others with whom a person has written in at least one thread."""
    return record.number(
        f"SELECT (SELECT coalesce(sum(amount), 0) FROM ({COMPANY})) "  # noqa: S608
        "/ nullif((SELECT count(*) FROM people), 0)"
    )
