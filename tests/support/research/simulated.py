"""A simulated study's snapshot: a few write nearly everything, most read, some leave.

Made by DuckDB from a seed: a thousand members take a moment, and ten million events a minute. The
same arguments give the same rows.
"""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
GROUPS, THREADS_A_MEMBER = 4, 2

# One die for everything: a number from 0 to 1 for a member, an act of theirs, and a purpose.
DICE = """
CREATE MACRO die(i, n, purpose) AS
    (hash((hash(i * 1000003 + n) >> 1) + (hash(purpose || '/' || $seed) >> 1)) >> 11)::DOUBLE
    / 9007199254740992.0
"""

MEMBERS = """
CREATE TABLE members AS
SELECT i,
       (hash((hash(i) >> 1) + (hash('key/' || $seed) >> 1)) >> 1)::BIGINT AS participant,
       $begin + to_seconds((die(i, 0, 'join') ** 1.5 * $weeks * 0.7 * 604800)::BIGINT) AS joined,
       least($weeks * 604800.0,
             86400 - 604800 * 16 * ln(1 - die(i, 0, 'life') * 0.999)) AS alive,
       die(i, 0, 'leave') < 0.15 AS leaves,
       1 + (die(i, 0, 'groups') ** 3 * 3)::INTEGER AS groups,
       1 + floor(die(i, 0, 'home') * $groups)::BIGINT AS home,
       1 + floor(6 * (1 - die(i, 0, 'visits')) ** -0.5) AS visits,
       CASE WHEN die(i, 0, 'lurks') < 0.55 THEN 0
            ELSE floor(2 * (1 - die(i, 0, 'posts') * 0.9995) ** -0.85) END AS posts
FROM range($members) t(i)
"""

# Acts: for each purpose, member and number one row, at a moment between joining and leaving.
ACTS = """
CREATE MACRO moment(joined, alive, i, n, purpose) AS
    joined + to_seconds((least(alive, epoch($finish - joined))
        * die(i, n, purpose) ** 1.4)::BIGINT);
CREATE TABLE visits AS
    SELECT i, participant, home, groups, n,
           moment(joined, alive, i, n, 'visit') AS happened,
           60 + floor(2400 * die(i, n, 'length') ** 3) AS seconds
    FROM members, range((visits * $scale)::BIGINT + 1) t(n);
CREATE TABLE posts AS
    SELECT i, participant, home, n, moment(joined, alive, i, n, 'post') AS happened,
           row_number() OVER (ORDER BY i, n) AS post_id,
           die(i, n, 'starts') < if(n = 0, 0.6, 0.15) AS starts
    FROM members, range((posts * $scale)::BIGINT) t(n);
CREATE TABLE threads AS
    SELECT post_id, post_id AS thread_id, i, participant, home, happened FROM posts WHERE starts;
"""

EVENTS = """
CREATE TABLE replies AS
SELECT posts.*, threads.thread_id, threads.happened AS started_at, threads.participant AS starter
FROM (SELECT *, 1 + floor(die(i, n, 'thread') * (SELECT count(*) FROM threads))::BIGINT AS pick
      FROM posts WHERE NOT starts) posts
JOIN (SELECT *, row_number() OVER (ORDER BY post_id) AS pick FROM threads) threads USING (pick)
WHERE posts.happened > threads.happened AND posts.participant <> threads.participant;
CREATE TABLE events AS
WITH act AS (
    SELECT 'signed_in' AS kind, happened, participant FROM visits WHERE n % 4 = 0
    UNION ALL BY NAME
    SELECT 'session' AS kind, happened, participant, seconds AS seconds_low, seconds AS seconds_high
    FROM visits
    UNION ALL BY NAME
    SELECT 'thread_read' AS kind, happened + to_seconds(20) AS happened, participant,
           home AS group_id,
           1 + floor(die(i, n, 'read') * greatest(1, (SELECT count(*) FROM threads)))::BIGINT
               AS thread_id,
           floor(seconds * 0.3) AS seconds_low, floor(seconds * 0.4) AS seconds_high,
           1 + n % 20 AS posts_seen
    FROM visits
    UNION ALL BY NAME
    SELECT 'thread_started' AS kind, happened, participant, home AS group_id, thread_id, post_id,
           20 + floor(die(i, post_id, 'words') * 180)::INTEGER AS words
    FROM threads
    UNION ALL BY NAME
    SELECT 'reply_posted' AS kind, happened, participant, home AS group_id, thread_id, post_id,
           starter AS previous_author, 5 + floor(die(i, n, 'words') * 120)::INTEGER AS words,
           epoch(happened - started_at) / 60.0 AS minutes_since,
           happened = min(happened) OVER (PARTITION BY starter) AS to_newcomer
    FROM replies
    UNION ALL BY NAME
    SELECT 'reaction_given' AS kind, happened + to_seconds(90) AS happened, participant,
           home AS group_id,
           ['hug', 'hear', 'me_too', 'thanks', 'helpful'][1 + n % 5] AS reaction
    FROM visits WHERE die(i, n, 'react') < 0.2
    UNION ALL BY NAME
    SELECT 'reaction_received' AS kind, happened + to_seconds(900) AS happened, participant,
           home AS group_id, post_id, 'hug' AS reaction
    FROM posts WHERE die(i, n, 'liked') < 0.5
    UNION ALL BY NAME
    SELECT 'meeting_attended' AS kind, happened, participant, home AS group_id,
           date_diff('week', $begin, happened) * 10 + home AS meeting_id,
           5 + floor(die(i, n, 'stays') * 55) AS minutes_present,
           floor(die(i, n, 'turns') * 6)::INTEGER AS turns
    FROM visits WHERE die(i, n, 'meets') < 0.08
    UNION ALL BY NAME
    SELECT 'report_made' AS kind, happened, participant, home AS group_id
    FROM visits WHERE die(i, n, 'reports') < 0.002
    UNION ALL BY NAME
    SELECT 'group_joined' AS kind, joined AS happened, participant,
           1 + (home + g - 1) % $groups AS group_id
    FROM members, range(groups) t(g)
    UNION ALL BY NAME
    SELECT 'consent_given' AS kind, joined AS happened, participant FROM members
    UNION ALL BY NAME
    SELECT 'group_left' AS kind, left_at AS happened, participant, home AS group_id FROM leaving
)
SELECT kind, happened AS "at", participant, group_id, thread_id, post_id, meeting_id,
       previous_author, words, minutes_since, to_newcomer, reaction,
       seconds_low::DOUBLE AS seconds_low,
       seconds_high::DOUBLE AS seconds_high, posts_seen::INTEGER AS posts_seen,
       minutes_present::DOUBLE AS minutes_present, turns
FROM act WHERE happened < $finish ORDER BY happened, participant, kind, post_id
"""

PARTICIPANTS = """
CREATE TABLE participants AS
SELECT participant, joined AS consented_at, 1::INTEGER AS consent_version, true AS record,
       true AS past, die(i, 0, 'share') < 0.9 AS share,
       die(i, 0, 'share') < 0.9 AS events, true AS linkage,
       die(i, 0, 'contact') < 0.4 AS contact,
       joined AS joined_at, left_at, NULL::TIMESTAMPTZ AS over_at, groups, true AS joining_known,
       NULL::VARCHAR AS zone
FROM members LEFT JOIN leaving USING (i, participant, home) ORDER BY participant
"""

LEAVING = """
CREATE TABLE leaving AS
SELECT i, participant, home, joined + to_seconds(alive::BIGINT) AS left_at
FROM members WHERE leaves AND joined + to_seconds(alive::BIGINT) < $finish
"""


def snapshot(
    folder: Path, members: int, *, seed: int = 1, weeks: int = 26, scale: float = 1
) -> Path:
    """Write `events.parquet` and `participants.parquet` into a folder, and return it.

    `scale` multiplies what everybody does; with 1 a member has about 60 events.
    """
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {"seed": seed, "weeks": weeks, "scale": scale, "members": members, "groups": GROUPS}
    with duckdb.connect() as base:
        base.execute("SET TimeZone = 'UTC'")
        base.execute(f"SET temp_directory = '{folder}'")
        for part in (DICE, MEMBERS, LEAVING, ACTS, EVENTS, PARTICIPANTS):
            base.execute(_filled(part, numbers))
        for table in ("events", "participants"):
            base.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")
    return folder


def _filled(part: str, numbers: dict[str, float]) -> str:
    """Return the SQL with its numbers; macros and tables take no parameters."""
    begin = f"TIMESTAMPTZ '{BEGIN:%Y-%m-%d %H:%M:%S}+00'"
    part = part.replace("$finish", f"({begin} + to_days($weeks * 7))").replace("$begin", begin)
    for name, number in numbers.items():
        part = part.replace(f"${name}", str(number))
    return part
