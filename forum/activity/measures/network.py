"""Who answers whom, and who meets in the same threads."""

from forum.activity.measures.record import Record
from forum.activity.measures.registry import measure

TIES = (
    "SELECT DISTINCT participant AS one, previous_author AS other FROM writing "
    "WHERE kind = 'reply_posted' AND previous_author <> participant "
    "AND previous_author IN (SELECT participant FROM people)"
)


@measure("network", "share", "Wasserman and Faust 1994, arc reciprocity")
def reply_reciprocity(record: Record) -> float | None:
    """Share of ties that are returned; a tie is that somebody has replied to somebody at all."""
    return record.number(
        f"WITH ties AS ({TIES}) SELECT avg((back.one IS NOT NULL)::INTEGER) FROM ties "  # noqa: S608
        "LEFT JOIN ties AS back ON back.one = ties.other AND back.other = ties.one"
    )


@measure("network", "people", "Wasserman and Faust 1994, affiliation networks")
def co_participants(record: Record) -> float | None:
    """Mean number of others with whom a person has written in at least one thread."""
    return record.number(
        "WITH writers AS (SELECT DISTINCT participant, thread_id FROM writing), "
        "met AS (SELECT DISTINCT one.participant AS one, other.participant AS other "
        "FROM writers AS one JOIN writers AS other USING (thread_id) "
        "WHERE one.participant <> other.participant) "
        "SELECT (SELECT count(*) FROM met) / nullif((SELECT count(*) FROM people), 0)"
    )
