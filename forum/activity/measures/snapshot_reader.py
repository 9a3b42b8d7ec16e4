"""A study's snapshot, opened for measuring: who is looked at, and what they did, day by day.

Days are those of the participant's own time zone where they have set one, or of the study's.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from forum.activity.measures import event_conditions, local_time
from forum.activity.measures.measure import MEASURES, PersonMeasure
from forum.activity.measures.measuring_database import measuring
from forum.activity.measures.study_record import MONTH, WEEK, Record, Window

# A person who has left all these groups can no longer be seen to use the forum there.
PEOPLE = """
CREATE OR REPLACE TEMP TABLE people AS
WITH places AS (
    SELECT participant, max("at") FILTER (kind = 'group_left') AS left_at,
           max("at") FILTER (kind = 'group_joined') AS joined_at
    FROM read_parquet(getvariable('events'))
    WHERE kind IN ('group_joined', 'group_left') AND ($groups)
    GROUP BY participant, group_id
), departures AS (
    SELECT participant, max(left_at) AS departed_at FROM places GROUP BY participant
    HAVING bool_and(coalesce(left_at > joined_at, left_at IS NOT NULL))
)
SELECT participant, joined_at, left_at,
       greatest(clock(joined_at, zone)::DATE - DATE '$begin', 0) AS joined_day,
       clock(left_at, zone)::DATE - DATE '$begin' AS left_day,
       joining_known AND clock(joined_at, zone)::DATE >= DATE '$begin' AS is_new, zone,
       least(clock(left_at, zone)::DATE - DATE '$begin', clock(over_at, zone)::DATE - DATE '$begin',
             if($all_left, clock(departed_at, zone)::DATE - DATE '$begin', NULL), $days) AS over_day
FROM read_parquet(getvariable('participants')) files LEFT JOIN departures USING (participant)
WHERE record AND clock(joined_at, zone)::DATE < DATE '$end' AND ($members)
  AND (left_at IS NULL OR clock(left_at, zone)::DATE >= DATE '$begin')
"""

ACTS = """
CREATE TEMP VIEW acts AS
SELECT * EXCLUDE (local, joined_day), day // $week AS week, day // $month AS month,
       (day - joined_day) // $week AS week_since, hour(local) AS hour
FROM (SELECT events.*, joined_day, clock("at", zone) AS local, local::DATE - DATE '$begin' AS day
      FROM read_parquet(getvariable('events')) events JOIN people USING (participant))
WHERE day >= joined_day AND day < $days AND ($groups)
"""

# Few of the acts, and asked for often.
WRITING = """
CREATE TEMP TABLE writing AS
SELECT kind, "at", participant, thread_id, post_id, previous_author FROM acts
WHERE kind IN ('thread_started', 'reply_posted')
"""


def participants_in(folder: Path, windows: Iterable[Window]) -> list[frozenset[int]]:
    """Return the keys of the participants that each window looks at."""
    people = []
    with measuring(folder) as base:
        for window in windows:
            local_time.create(base, window.zone)
            base.execute(_filled(PEOPLE, window))
            rows = base.execute("SELECT participant FROM people").fetchall()
            people.append(frozenset(int(row[0]) for row in rows))
    return people


@contextmanager
def opened(folder: Path, window: Window, only: Collection[int] | None = None) -> Iterator[Record]:
    """Open a snapshot's folder; memory stays bounded however long the record is.

    With `only`, nobody but these participants is looked at, as if they alone had been there.
    """
    with measuring(folder) as base:
        local_time.create(base, window.zone)
        base.execute(_filled(PEOPLE, window))
        if only is not None:
            base.execute(
                "DELETE FROM people WHERE participant NOT IN (SELECT unnest(?))", [sorted(only)]
            )
        base.execute(_filled(ACTS, window))
        base.execute(f"CREATE TEMP TABLE totals AS {_totals()}")
        base.execute(WRITING)
        yield Record(base, window)


def _totals() -> str:
    """Return the query for what each person did in all, with zeros for who did nothing."""
    measures = [one for one in MEASURES.values() if isinstance(one, PersonMeasure)]
    computed = ", ".join(f"{one.sql} AS {one.name}" for one in measures)
    zeros = ", ".join(f"coalesce({one.name}, 0) AS {one.name}" for one in measures)
    return (
        f"WITH done AS (SELECT participant, min(day) FILTER ({event_conditions.OWN}) AS first_day, "  # noqa: S608
        f"max(day) FILTER ({event_conditions.OWN}) AS last_day, {computed} "
        "FROM acts GROUP BY participant) "
        f"SELECT participant, {zeros}, first_day, coalesce(last_day, joined_day) AS last_day "
        "FROM people LEFT JOIN done USING (participant)"
    )


def _filled(query: str, window: Window) -> str:
    groups = ", ".join(str(int(group)) for group in sorted(window.groups))
    joined = (
        "SELECT participant FROM read_parquet(getvariable('events')) "  # noqa: S608
        f"WHERE kind = 'group_joined' AND group_id IN ({groups})"
    )
    parts = {
        "$begin": window.begin.isoformat(),
        "$end": (window.begin + timedelta(days=window.days)).isoformat(),
        "$days": str(int(window.days)),
        "$week": str(WEEK),
        "$month": str(MONTH),
        "$all_left": "true" if groups else "files.groups = 0",
        "$groups": f"group_id IS NULL OR group_id IN ({groups})" if groups else "true",
        "$members": f"participant IN ({joined})" if groups else "true",
    }
    for name, value in parts.items():
        query = query.replace(name, value)
    return query
