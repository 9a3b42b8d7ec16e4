"""Tier C: one row for each event, for a named recipient under an agreement.

These are pseudonymous personal data, and said to be so wherever they are named. Ids are keyed
with a key that is made here and kept nowhere, and whatever fellow members could recognise an
event by is coarsened: times to the hour at the finest, and lengths with them.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from forum.activity.measures.record import Record, Window, opened
from forum.research.releases import attack, profiles
from forum.research.releases.table import Field, Release, Table

BATCH = 100_000
TARGETS = 500
KEYED = {
    "participant": "Who did it: the same person has the same number within this release.",
    "group_id": "The group it happened in.",
    "thread_id": "The thread it belongs to.",
    "post_id": "The post written, or reacted to.",
    "meeting_id": "The meeting attended.",
    "replied_to": "Whose post was answered, if they share what is recorded of them.",
}
FIELDS = (
    Field("at", "datetime", "When, cut to the hours that the agreement names, in UTC."),
    Field("kind", "string", "What happened."),
    *(Field(name, "string", definition) for name, definition in KEYED.items()),
    Field("words", "integer", "Words written, cut to tens."),
    Field("hours_since", "integer", "Whole hours since the post that is answered."),
    Field("to_newcomer", "boolean", "Whether it is the first reply to somebody new."),
    Field("reaction", "string", "Which reaction was given or received."),
    Field("minutes_low", "integer", "Minutes read or stayed, lower bound, cut to minutes."),
    Field("minutes_high", "integer", "Minutes read or stayed, upper bound, cut to minutes."),
    Field("posts_seen", "integer", "Posts that were on screen for a second or longer."),
    Field("minutes_present", "integer", "Minutes present in a meeting, cut to quarter hours."),
    Field("turns", "integer", "Turns taken in a meeting."),
)
ROWS = """
SELECT time_bucket(INTERVAL '$hours hours', "at") AS "at", kind, $keyed,
       (words // 10 * 10)::BIGINT AS words, floor(minutes_since / 60)::BIGINT AS hours_since,
       to_newcomer, reaction, floor(seconds_low / 60)::BIGINT AS minutes_low,
       floor(seconds_high / 60)::BIGINT AS minutes_high, posts_seen::BIGINT AS posts_seen,
       (floor(minutes_present / 15) * 15)::BIGINT AS minutes_present, turns::BIGINT AS turns
FROM acts SEMI JOIN profiles USING (participant)
LEFT JOIN (SELECT participant AS replied_to, true AS shares FROM profiles) answered
       USING (replied_to)
ORDER BY ALL
"""
ATTACK = """
WITH points AS (
    SELECT participant, kind, time_bucket(INTERVAL '$hours hours', "at") AS hour, group_id
    FROM acts SEMI JOIN profiles USING (participant)
    WHERE kind IN ('thread_started', 'reply_posted', 'meeting_attended')
), targets AS (
    SELECT participant AS target, kind, hour, group_id FROM points
    WHERE participant IN (SELECT participant FROM profiles ORDER BY hash(participant, $seed)
                          LIMIT $targets)
    QUALIFY row_number() OVER (PARTITION BY participant
                               ORDER BY hash(hour, kind, group_id, $seed)) <= 4
), found AS (
    SELECT target, participant, count(DISTINCT (kind, hour, group_id)) AS agreeing
    FROM targets JOIN points USING (kind, hour, group_id) GROUP BY ALL
)
SELECT count(*) FROM found
JOIN (SELECT target, count(DISTINCT (kind, hour, group_id)) AS known FROM targets GROUP BY target)
     USING (target)
WHERE agreeing = known GROUP BY target ORDER BY target
"""


def build(folder: Path, window: Window, seed: int, hours: int, key: str | None = None) -> Release:
    """Describe a snapshot's events; the rows are read when they are written.

    `hours` is what times are cut to. The key is made here unless a test gives one.
    """
    key = key or secrets.token_hex(32)
    with opened(folder, window) as record:
        people = profiles.of(record, seed)
        chances = _chances(record, people.people, seed, hours)
    about = "Pseudonymous personal data: one row for each event, under agreement only."

    def batches() -> Iterator[pa.RecordBatch]:
        with opened(folder, window) as record:
            profiles.of(record, seed)
            yield from record.base.sql(_question(key, hours)).to_arrow_reader(BATCH)

    return Release(
        tier="events",
        tables=[Table("events-pseudonymous-personal-data", about, FIELDS, batches)],
        attacks=[attack.outcome("four known points", chances, seed, people=people.people)],
        findings={"pseudonymous_personal_data": True, "hours": hours},
        participants=frozenset(int(each) for each in people.participants),
        consent_versions=people.consent_versions,
    )


def _question(key: str, hours: int) -> str:
    keyed = []
    for name in KEYED:
        kind = "participant" if name == "replied_to" else name
        told = f"substr(sha256('{key}/{kind}/' || {name}), 1, 16)"
        keyed.append(
            f"CASE WHEN shares THEN {told} END AS {name}"
            if name == "replied_to"
            else f"{told} AS {name}"
        )
    return ROWS.replace("$hours", str(int(hours))).replace("$keyed", ", ".join(keyed))


def _chances(record: Record, people: int, seed: int, hours: int) -> attack.Chances:
    """Return the chance of finding each of some people by four acts whose time is known."""
    if not people:
        return np.zeros(1)
    question = ATTACK.replace("$hours", str(int(hours))).replace("$seed", str(int(seed)))
    found = record.base.execute(question.replace("$targets", str(TARGETS))).fetchall()
    chances = [1 / candidates for (candidates,) in found]
    # Who has done nothing that others could see is found by guessing alone.
    silent = min(TARGETS, people) - len(chances)
    return np.array(chances + [1 / people] * silent)
