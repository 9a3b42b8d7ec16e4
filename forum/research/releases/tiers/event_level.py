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

from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Record, Window
from forum.research.releases.disclosure.attacks import reidentification
from forum.research.releases.package.schema import Field, Release, Table
from forum.research.releases.participant_profiles import profiles

BATCH = 100_000
TARGETS = 500
KEYED = {
    "participant": "Who did it: the same person has the same number within this release.",
    "group_id": "The group it happened in.",
    "thread_id": "The thread it belongs to.",
    "post_id": "The post written, or reacted to.",
    "meeting_id": "The meeting attended.",
    "previous_author": "Who wrote the last post by anyone else in the thread, if they are in here.",
}
FOUR_KNOWN = "four known points of people who wrote or met"
ROUNDED = (
    "Rounded up or down to a multiple of {step} by chance, so that sums and means are right on "
    "average; each value is off by at most {most}."
)
FIELDS = (
    Field("at", "datetime", "When, cut to the hours that the agreement names, in UTC."),
    Field("kind", "string", "What happened."),
    *(Field(name, "string", definition) for name, definition in KEYED.items()),
    Field("words", "integer", f"Words written. {ROUNDED.format(step=10, most=9)}", 2),
    Field("hours_since", "integer", "Whole hours since the post before, if its author is told."),
    Field(
        "to_newcomer",
        "boolean",
        "Whether it is the first reply after somebody's first post, if they are told.",
    ),
    Field("reaction", "string", "Which reaction was given or received."),
    Field("minutes_low", "integer", "Minutes read or stayed, at least, rounded down."),
    Field("minutes_high", "integer", "Minutes read or stayed, at most, rounded up.", 2),
    Field("posts_seen", "integer", "Posts that were on screen for a second or longer."),
    Field(
        "minutes_present",
        "integer",
        f"Minutes present in a meeting. {ROUNDED.format(step=15, most=14)}",
        2,
    ),
    Field("turns", "integer", "Turns taken in a meeting."),
)
# A share of values goes up and the rest down, by chance, so sums are right on average.
_CHANCE = 'hash(participant, "at", kind, coalesce(post_id, meeting_id), $seed) % 1000 / 1000'


def _rounded(name: str, step: int) -> str:
    return f"floor({name} / {step} + {_CHANCE})::BIGINT * {step}"


ROWS = f"""
SELECT time_bucket(INTERVAL '$hours hours', "at") AS "at", kind, $keyed,
       {_rounded("words", 10)} AS words,
       if(told, floor(minutes_since / 60), NULL)::BIGINT AS hours_since,
       if(told, to_newcomer, NULL) AS to_newcomer, reaction,
       floor(seconds_low / 60)::BIGINT AS minutes_low,
       ceil(seconds_high / 60)::BIGINT AS minutes_high, posts_seen::BIGINT AS posts_seen,
       {_rounded("minutes_present", 15)} AS minutes_present,
       turns::BIGINT AS turns
FROM acts SEMI JOIN profiles USING (participant)
LEFT JOIN (SELECT participant AS previous_author, true AS told FROM profiles) answered
       USING (previous_author)
ORDER BY ALL
"""  # noqa: S608
ATTACK = """
WITH points AS (
    SELECT participant, kind, time_bucket(INTERVAL '$hours hours', "at") AS hour, group_id
    FROM acts SEMI JOIN profiles USING (participant)
    WHERE kind IN ('thread_started', 'reply_posted', 'meeting_attended')
), targets AS (
    SELECT participant AS target, kind, hour, group_id FROM points
    WHERE participant IN (SELECT participant FROM points GROUP BY participant
                          ORDER BY hash(participant, $seed) LIMIT $targets)
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
        people = profiles.profiles_of(record, seed, profiles.EVENTS)
        risks = _risks(record, seed, hours)
    about = "Pseudonymous personal data: one row for each event, under agreement only."

    def batches() -> Iterator[pa.RecordBatch]:
        with opened(folder, window) as record:
            profiles.profiles_of(record, seed, profiles.EVENTS)
            yield from record.base.sql(_query(key, hours, seed)).to_arrow_reader(BATCH)

    return Release(
        tier="events",
        tables=[Table("events-pseudonymous-personal-data", about, FIELDS, batches)],
        attacks=[reidentification.try_attack(FOUR_KNOWN, risks, seed, people=people.people)],
        findings={"pseudonymous_personal_data": True, "hours": hours},
        participants=frozenset(int(each) for each in people.participants),
        consent_versions=people.consent_versions,
    )


def _query(key: str, hours: int, seed: int) -> str:
    keyed = []
    for name in KEYED:
        kind = "participant" if name == "previous_author" else name
        released = f"substr(sha256('{key}/{kind}/' || {name}), 1, 16)"
        keyed.append(
            f"CASE WHEN told THEN {released} END AS {name}"
            if name == "previous_author"
            else f"{released} AS {name}"
        )
    filled = ROWS.replace("$hours", str(int(hours))).replace("$seed", str(int(seed)))
    return filled.replace("$keyed", ", ".join(keyed))


def _risks(record: Record, seed: int, hours: int) -> reidentification.Risks:
    """Return the chance of finding each of some people by four acts whose time is known.

    They are drawn from people who have done something that others could see; nothing is known of
    the rest.
    """
    query = ATTACK.replace("$hours", str(int(hours))).replace("$seed", str(int(seed)))
    found = record.base.execute(query.replace("$targets", str(TARGETS))).fetchall()
    return np.array([1 / candidates for (candidates,) in found] or [0.0])
