"""Who stays: leaving the study and no longer using the forum, told apart."""

from forum.activity.measures.record import Record, Window
from forum.activity.measures.registry import measure
from forum.activity.measures.survival import KAPLAN_MEIER, kaplan_meier, median

SILENCE_DAYS = 28
EYSENBACH = "Eysenbach 2005, the law of attrition"

# For each person the days from joining to the end, and whether it ended or we stopped looking.
DROP_OUT = """
SELECT participant, coalesce(least(left_day, {days}), {days}) - joined_day AS time,
       left_day IS NOT NULL AND left_day < {days} AS ended
FROM people
"""
# Who had gone before the first day looked at is not at risk. What follows `known` is not known yet:
# somebody may be silent for less than it takes, or has left. So that is where follow-up ends;
# people who leave, and who are new in the last 28 days, are looked at for as long as is known.
NON_USAGE = f"""
SELECT participant, least(last_day + 1, greatest(known, entry)) - entry AS time,
       last_day < known AS ended
FROM (SELECT participant, if(is_new, joined_day, first_day) AS entry, last_day,
             over_day - {SILENCE_DAYS} AS known
      FROM people JOIN totals USING (participant))
WHERE entry IS NOT NULL
"""  # noqa: S608
STOPPED = f"SELECT participant, 1 AS amount FROM ({NON_USAGE}) WHERE ended"  # noqa: S608


@measure("attrition", "people", EYSENBACH)
def dropped_out(record: Record) -> float | None:
    """People who left the study within the time looked at."""
    return record.number(f"SELECT count(*) FILTER (ended) FROM ({drop_out(record)})")  # noqa: S608


@measure("attrition", "people", EYSENBACH, version=2)
def stopped_using(record: Record) -> float | None:
    """People who joined or used the forum, then did nothing for 28 days while they could be seen.

    Leaving the study or its groups, and the study's end, are no such silence: what comes after is
    not known. Who had stopped before the first day looked at is not counted. None for 28 days or
    fewer, in which nobody can be known to have stopped.
    """
    if not tells_of_silence(record.window):
        return None
    return record.number(f"SELECT count(*) FILTER (ended) FROM ({NON_USAGE})")  # noqa: S608


@measure("attrition", "days", f"{EYSENBACH}; {KAPLAN_MEIER}", version=2, behind=(STOPPED,))
def usage_half_life(record: Record) -> float | None:
    """Days until half have stopped using the forum, by the Kaplan-Meier curve.

    Counted from joining, or from the first use within the time looked at of those who joined
    before. Follow-up ends 28 days before somebody could no longer be seen. None while more than
    half still use it.
    """
    return median(kaplan_meier(record.base, NON_USAGE))


def tells_of_silence(window: Window) -> bool:
    """Whether somebody can be known to have stopped using the forum within this time."""
    return window.days > SILENCE_DAYS


def drop_out(record: Record) -> str:
    """Return the question for how long each person stayed in the study."""
    return DROP_OUT.format(days=record.window.days)
