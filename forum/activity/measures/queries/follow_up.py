"""How long each person stayed in the study, and how long they used the forum.

Each query has the days from joining to the end of follow-up as `time`, and as `ended` whether it
ended with what is looked for, or for another reason.
"""

from forum.activity.measures.study_record import Record, Window

EYSENBACH = "Eysenbach 2005, the law of attrition"
SILENCE_DAYS = 28
DROP_OUT = """
SELECT participant, coalesce(least(left_day, {days}), {days}) - joined_day AS time,
       left_day IS NOT NULL AND left_day < {days} AS ended
FROM people
"""
# Who had gone before the first day looked at is not at risk. What follows `known` is not known yet:
# somebody may be silent for less than it takes, or has left. So that is where follow-up ends;
# people who leave, and who are new in the last 28 days, are followed for as long as is known.
NON_USAGE = f"""
SELECT participant, least(last_day + 1, greatest(known, entry)) - entry AS time,
       last_day < known AS ended
FROM (SELECT participant, if(is_new, joined_day, first_day) AS entry, last_day,
             over_day - {SILENCE_DAYS} AS known
      FROM people JOIN totals USING (participant))
WHERE entry IS NOT NULL
"""  # noqa: S608
STOPPED_BY_PERSON = f"SELECT participant, 1 AS amount FROM ({NON_USAGE}) WHERE ended"  # noqa: S608


def drop_out(record: Record) -> str:
    """Return the query for how long each person stayed in the study."""
    return DROP_OUT.format(days=record.window.days)


def can_show_non_usage(window: Window) -> bool:
    """Whether somebody can be known to have stopped using the forum within this time."""
    return window.days > SILENCE_DAYS
