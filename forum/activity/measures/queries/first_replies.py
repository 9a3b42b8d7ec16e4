"""Threads with their first reply, and newcomers with the answer to their first post."""

JOYCE_AND_KRAUT = "Joyce and Kraut 2006"
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
WAITING_TIMES = f"""
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


def _threads_by_person(condition: str) -> str:
    return (
        f"SELECT participant, count(*) AS amount FROM ({FIRST_REPLIES}) WHERE {condition} "  # noqa: S608
        "GROUP BY participant"
    )


def _newcomers(condition: str) -> str:
    return f"SELECT participant, 1 AS amount FROM ({NEWCOMERS}) WHERE {condition}"  # noqa: S608


ANSWERED_THREADS = _threads_by_person("minutes IS NOT NULL")
UNANSWERED_THREADS = _threads_by_person("minutes IS NULL")
ANSWERED_NEWCOMERS, UNANSWERED_NEWCOMERS = _newcomers("answered"), _newcomers("NOT answered")
