"""Whether people are answered. Only answers by participants are in the record."""

from forum.activity.measures.record import Record
from forum.activity.measures.registry import measure
from forum.activity.measures.survival import KAPLAN_MEIER, kaplan_meier, median

# For each thread that was started: by whom, and minutes until another participant's first reply.
FIRST_REPLIES = """
SELECT started.participant, started.thread_id, started."at",
       epoch(min(reply."at") - started."at") / 60 AS minutes
FROM writing AS started
LEFT JOIN writing AS reply ON reply.thread_id = started.thread_id AND reply.kind = 'reply_posted'
    AND reply.participant <> started.participant AND reply."at" >= started."at"
WHERE started.kind = 'thread_started'
GROUP BY started.participant, started.thread_id, started."at"
"""

# How long each thread waited for its first reply, or has waited when the record ends.
WAITS = f"""
SELECT coalesce(minutes, epoch((SELECT max("at") FROM acts) - "at") / 60) AS time,
       minutes IS NOT NULL AS ended
FROM ({FIRST_REPLIES})
"""  # noqa: S608

# For each person whether their first post was answered.
NEWCOMERS = """
WITH firsts AS (
    SELECT participant, arg_min(thread_id, ("at", post_id)) AS thread_id, min("at") AS "at",
           arg_min(kind, ("at", post_id)) AS kind
    FROM writing GROUP BY participant
)
SELECT firsts.participant, count(reply.post_id) > 0 AS answered
FROM firsts
LEFT JOIN writing AS reply ON reply.thread_id = firsts.thread_id AND reply.kind = 'reply_posted'
    AND reply.participant <> firsts.participant AND reply."at" >= firsts."at"
    AND (firsts.kind = 'thread_started' OR reply.previous_author = firsts.participant)
GROUP BY firsts.participant
"""


def _threads(condition: str) -> str:
    """Return the question for how many such threads each person has started."""
    return (
        f"SELECT participant, count(*) AS amount FROM ({FIRST_REPLIES}) WHERE {condition} "  # noqa: S608
        "GROUP BY participant"
    )


def _newcomers(condition: str) -> str:
    return f"SELECT participant, 1 AS amount FROM ({NEWCOMERS}) WHERE {condition}"  # noqa: S608


ANSWERED, UNANSWERED = _threads("minutes IS NOT NULL"), _threads("minutes IS NULL")


@measure(
    "responsiveness", "share", "Joyce and Kraut 2006, for all threads",
    behind=(ANSWERED, UNANSWERED),
)  # fmt: skip
def reply_rate(record: Record) -> float | None:
    """Share of threads started that another participant has replied to."""
    return record.number(f"SELECT avg((minutes IS NOT NULL)::INTEGER) FROM ({FIRST_REPLIES})")  # noqa: S608


@measure("responsiveness", "minutes", "median over answered threads", behind=(ANSWERED,))
def minutes_to_first_reply(record: Record) -> float | None:
    """Median minutes to another participant's first reply, of those threads that have one.

    Too short where many are never answered: see `minutes_until_half_answered`.
    """
    return record.number(f"SELECT median(minutes) FROM ({FIRST_REPLIES})")  # noqa: S608


@measure("responsiveness", "minutes", f"median of the curve of {KAPLAN_MEIER}", behind=(ANSWERED,))
def minutes_until_half_answered(record: Record) -> float | None:
    """Minutes until half of all threads had another participant's first reply.

    By the Kaplan-Meier curve: a thread without a reply is one that was waited for until the end
    of the time looked at. None while fewer than half are answered.
    """
    return median(kaplan_meier(record.base, WAITS))


@measure(
    "responsiveness", "share", "Joyce and Kraut 2006",
    behind=(_newcomers("answered"), _newcomers("NOT answered")),
)  # fmt: skip
def newcomers_answered(record: Record) -> float | None:
    """Share of people whose first post another participant answered.

    A thread counts as answered by any reply in it, a reply only by one that is addressed to it.
    """
    return record.number(f"SELECT avg(answered::INTEGER) FROM ({NEWCOMERS})")  # noqa: S608
