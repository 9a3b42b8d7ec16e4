"""With how many others people write in the same threads."""

from forum.activity.measures.measure import study_measure
from forum.activity.measures.study_record import Record

# For each person with how many others they have written in a thread.
COMPANY = """
SELECT one.participant, count(DISTINCT other.participant) AS amount
FROM writing AS one JOIN writing AS other USING (thread_id)
WHERE one.participant <> other.participant GROUP BY one.participant
"""


@study_measure(
    "network",
    "people",
    "Wasserman and Faust 1994, affiliation networks",
    contributions=(COMPANY,),
)
def co_participants(record: Record) -> float | None:
    """Mean, over all people, of the number of others who wrote in the same threads."""
    return record.number(
        f"SELECT (SELECT coalesce(sum(amount), 0) FROM ({COMPANY})) "  # noqa: S608
        "/ nullif((SELECT count(*) FROM people), 0)"
    )
