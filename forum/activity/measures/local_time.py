"""What clocks show, in SQL: `clock(moment, zone)`, in the study's zone where `zone` is none.

By Python's time zones, which are those that say when a study opens and closes: the database has
its own, which can be of another year.
"""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from forum.core import time_zones

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MACRO = (
    "CREATE OR REPLACE TEMP MACRO clock(moment, zone) AS "
    "moment AT TIME ZONE 'UTC' + to_seconds(CASE {own} ELSE {study} END)"
)
SPAN = """
SELECT DISTINCT zone, floor(epoch(least(first, min(joined_at) OVER ())))::BIGINT,
       ceil(epoch(greatest(last, max(greatest(joined_at, left_at, over_at)) OVER ())))::BIGINT
FROM read_parquet(getvariable('participants')),
     (SELECT min("at") AS first, max("at") AS last FROM read_parquet(getvariable('events')))
"""


def create(base: "DuckDBPyConnection", study_zone: str) -> None:
    """Make the macro for all moments of an open snapshot; a zone that there is not is none."""
    found = base.execute(SPAN).fetchall()
    begin, end = found[0][1:] if found else (0, 0)
    known = {*time_zones.zones(), study_zone}
    own = sorted({zone for zone, *_ in found} & known)
    cases = " ".join(f"WHEN zone = '{zone}' THEN {_offset(zone, begin, end)}" for zone in own)
    study = _offset(study_zone, begin, end)
    base.execute(MACRO.format(own=cases or "WHEN false THEN 0", study=study))


def _offset(zone: str, begin: int, end: int) -> str:
    """Return SQL for the seconds by which clocks differ from UTC at a moment of this span."""
    changes = time_zones.offsets(ZoneInfo(zone), begin, end)
    *earlier, (_, last) = changes
    if not earlier:
        return str(last)
    cases = " ".join(f"WHEN epoch(moment) < {until} THEN {offset}" for until, offset in earlier)
    return f"CASE {cases} ELSE {last} END"
