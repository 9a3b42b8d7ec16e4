"""How many ties between people go both ways."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.study_record import Record

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


def _ties(condition: str) -> str:
    return (
        f"SELECT participant, count(*) AS amount FROM ({RETURNED}) WHERE {condition} "  # noqa: S608
        "GROUP BY participant"
    )


@study_measure(
    "network",
    "share",
    "Wasserman and Faust 1994, arc reciprocity",
    contributions=(_ties("returned"), _ties("NOT returned")),
)
def reply_reciprocity(record: Record) -> float | None:
    """Share of ties that are returned.

    A tie means that one person has written right after another in a thread at least once. The post
    may be meant for someone else.
    """
    return record.number(f"SELECT avg(returned::INTEGER) FROM ({RETURNED})")  # noqa: S608
