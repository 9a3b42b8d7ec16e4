"""One profile for each participant who agreed to share: what the microdata are banded from.

Read with the measures' own definitions, so a variable means the same on the researcher's page and
in a release. The clause that permits a release is asked for here, once for all tiers.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from forum.activity import measures
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Record, Window
from forum.research.releases.participant_profiles.generalisation import (
    HIDDEN,
    VISIBLE,
    CountVariable,
    Variable,
    Whole,
)

SHARE, EVENTS = "share", "events"  # the clauses that permit rows of people, and of events
# What is at least so much, as acts that a fellow member has seen show.
KNOWN_FROM_ACTS = ("posts", "threads", "words", "meetings", "meeting_minutes", "active_days")
# On pages of threads. Reactions are taken to be seen when they are given.
VISIBLE_ACTS = "kind IN ('thread_started', 'reply_posted', 'reaction_given')"
SILENCE = "INTERVAL 30 MINUTES"  # ends a visit
VISITS_A_DAY, MINUTES_A_DAY = 48, 1440  # at most
TYPED_A_MINUTE = 100  # words; hardly anybody writes faster

_TOLD = ", ".join(
    f"floor({name})::BIGINT AS {name}"
    for name, one in measures.person_measures().items()
    if one.bands
)
PROFILES = f"""
CREATE TEMP TABLE profiles AS
SELECT participant, {_TOLD}, greatest(files.groups, 1)::BIGINT AS groups,
       year(local) * 12 + month(local) - 1 AS joined, (files.left_at IS NOT NULL)::BIGINT
       AS left_study, consent_version, coalesce(seen_visits, 0) AS seen_visits,
       coalesce(replied_words, 0)::BIGINT AS replied_words
FROM totals JOIN read_parquet(getvariable('participants')) files USING (participant)
LEFT JOIN (SELECT participant, count(*) FILTER (comes_back) AS seen_visits,
                  sum(words) FILTER (kind = 'reply_posted') AS replied_words
           FROM (SELECT participant, kind, words,
                        coalesce("at" - lag("at") OVER (PARTITION BY participant ORDER BY "at")
                                 > {SILENCE}, true) AS comes_back
                 FROM acts WHERE {VISIBLE_ACTS}) GROUP BY participant) shown USING (participant)
CROSS JOIN LATERAL (SELECT files.joined_at AT TIME ZONE '$zone' AS local) moment
WHERE files.record AND files.$clause
ORDER BY participant
"""  # noqa: S608

# Four acts of each person that others could see, drawn with the seed. Bands are a month at the
# finest, so nothing is lost by knowing the month of each act.
POINTS = """
SELECT participant, count(*) FILTER (posted), count(*) FILTER (kind = 'thread_started'),
       coalesce(sum(words) FILTER (posted), 0)::BIGINT, count(*) FILTER (kind = 'meeting_attended'),
       floor(coalesce(sum(minutes_present), 0))::BIGINT, count(DISTINCT day), min(month)
FROM (SELECT participant, kind, day, kind <> 'meeting_attended' AS posted, words, minutes_present,
             year("at" AT TIME ZONE '$zone') * 12 + month("at" AT TIME ZONE '$zone') - 1 AS month
      FROM acts SEMI JOIN profiles USING (participant)
      WHERE kind IN ('thread_started', 'reply_posted', 'meeting_attended')
      QUALIFY row_number() OVER (PARTITION BY participant ORDER BY hash(participant, "at", kind,
                                 post_id, meeting_id, $seed)) <= 4) known
GROUP BY participant
"""


@dataclass(frozen=True)
class Profiles:
    """Columns of equal length, a place in them for each participant.

    `points` says of four known acts how many were posts, threads and meetings, on how many days
    they were, and the month of the earliest, under the same names as the visible variables.
    `withheld` are the variables of which a release is to say nothing.
    `floors` and `caps` are the least and the most that hidden variables can be, as what is visible
    shows.
    """

    participants: Whole
    values: dict[str, Whole]
    points: dict[str, Whole]
    consent_versions: tuple[int, ...]
    floors: dict[str, Whole] = field(default_factory=dict)
    caps: dict[str, Whole] = field(default_factory=dict)
    visible: tuple[Variable, ...] = VISIBLE
    hidden: tuple[CountVariable, ...] = HIDDEN
    withheld: frozenset[str] = frozenset()

    def at(self, places: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> "Profiles":
        """Return the profiles of some alone: of these places, or wherever it says so."""

        def of_those(columns: dict[str, Whole]) -> dict[str, Whole]:
            return {name: column[places] for name, column in columns.items()}

        return replace(
            self,
            participants=self.participants[places],
            values=of_those(self.values),
            points=of_those(self.points),
            floors=of_those(self.floors),
            caps=of_those(self.caps),
        )

    @property
    def people(self) -> int:
        """Return how many there are."""
        return len(self.participants)


def read_profiles(folder: Path, window: Window, seed: int) -> Profiles:
    """Return the profiles of all in a snapshot who agreed to share what is recorded."""
    with opened(folder, window) as record:
        return profiles_of(record, seed)


def profiles_of(record: Record, seed: int, clause: str = SHARE) -> Profiles:
    """Return the same from an open snapshot, and leave the table `profiles` in it.

    It holds the people who agreed to this clause of their consent.
    """
    zone = record.window.zone
    record.base.execute(PROFILES.replace("$zone", zone).replace("$clause", clause))
    table = record.base.execute("SELECT * FROM profiles ORDER BY participant").fetchnumpy()
    keys = np.asarray(table["participant"], dtype=np.int64)
    names = [variable.name for variable in (*VISIBLE, *HIDDEN)]
    values = {name: np.asarray(table[name], dtype=np.int64) for name in names}
    known = np.zeros((len(keys), len(KNOWN_FROM_ACTS) + 1), dtype=np.int64)
    known[:, -1] = values["joined"]
    query = POINTS.replace("$zone", zone).replace("$seed", str(seed))
    rows = np.array(record.base.execute(query).fetchall(), dtype=np.int64).reshape(
        -1, len(KNOWN_FROM_ACTS) + 2
    )
    known[np.searchsorted(keys, rows[:, 0])] = rows[:, 1:]
    versions = sorted({int(version) for version in table["consent_version"]})
    points = dict(zip((*KNOWN_FROM_ACTS, "joined"), known.T, strict=True))
    seen = (np.asarray(table[name], np.int64) for name in ("seen_visits", "replied_words"))
    floors, caps = bounds_of(values["active_days"], *seen)
    return Profiles(keys, values, points, tuple(versions), floors, caps)


def bounds_of(
    days: Whole, seen_visits: Whole, replied_words: Whole
) -> tuple[dict[str, Whole], dict[str, Whole]]:
    """Return the least and the most that hidden variables can be, by what can be seen.

    A person active on a day has come, and has had a page on screen for a minute, as far as the
    forum can tell. Acts half an hour apart are of two visits, and typing a reply takes time. On all
    other days a person has neither come nor read, also after they left.
    """
    typed = replied_words // TYPED_A_MINUTE
    floors = {
        "sessions": np.maximum(days, seen_visits),
        "reading_minutes_high": np.maximum(days, typed),
        "reading_minutes_low": typed,
    }
    caps = dict.fromkeys(("reading_minutes_low", "reading_minutes_high"), days * MINUTES_A_DAY)
    return floors, caps | {"sessions": days * VISITS_A_DAY}


def leave_out(record: Record, people: Profiles, keys: Collection[int]) -> Profiles:
    """Leave some out, of the table `profiles` too."""
    record.base.execute("DELETE FROM profiles WHERE list_contains(?, participant)", [list(keys)])
    return people.at(~np.isin(people.participants, np.array(list(keys), dtype=np.int64)))
