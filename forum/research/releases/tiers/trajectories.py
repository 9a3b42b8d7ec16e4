"""What each participant did in each four weeks since joining: what the panel is banded from.

Periods are counted from each one's own joining, so all are equally long and the first is the first
for everybody; by the calendar, the first would be a part of one, and later periods would mix
newcomers with old hands. Only periods that are over are released, and only while somebody could be
seen: from joining until they left the study or its groups, or it ended.

All of somebody's periods together are one profile. So people who are alike are alike in all of
them, and an attacker who knows a whole history is left with as many candidates as one who knows a
month.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from forum.activity import measures
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import MONTH, WEEK, Record, Window
from forum.core.errors import Invalid
from forum.core.translation import lazy
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.disclosure.k_anonymity.generalisation_search import TOO_FEW
from forum.research.releases.disclosure.utility import entropy
from forum.research.releases.ledger import released_profiles
from forum.research.releases.participant_profiles import profiles
from forum.research.releases.participant_profiles.generalisation import (
    CountVariable,
    MonthVariable,
    Variable,
    Whole,
    YesNoVariable,
)
from forum.research.releases.participant_profiles.profiles import Profiles

TOO_NEW = lazy(
    "Fewer than %(k)s of the people who share have been in the study for four whole weeks. Ask for "
    "microdata or aggregates, or wait.",
    k=K,
)
PERSON: tuple[Variable, ...] = (
    CountVariable("observed", (tuple(range(40)), (0, 3, 6, 13, 26))),
    MonthVariable("joined", share=0.5),
    YesNoVariable("left_study", share=0.5),
)
# How finely a person's four weeks are released. Nothing that only the forum knows is here: three
# hidden values in each of many periods would leave no room for anything else.
PERIOD_BANDS = {
    name: one.period_bands for name, one in measures.person_measures().items() if one.period_bands
}

FOLLOWED = f"""
CREATE TEMP TABLE followed AS
SELECT participant, consent_version, joined, left_study, observed
FROM (SELECT profiles.*, (least(over_day, $over) - joined_day) // {MONTH} AS observed
      FROM profiles JOIN people USING (participant))
WHERE observed > 0 ORDER BY participant
"""  # noqa: S608
_PERIOD = f"week_since // {MONTH // WEEK}"
_DONE = f"""
SELECT participant, {_PERIOD} AS period, {{doses}}
FROM acts JOIN followed USING (participant) WHERE {_PERIOD} < observed GROUP BY ALL
"""  # noqa: S608
_SUMS = (f"{measures.person_measures()[name].sql} AS {name}" for name in PERIOD_BANDS)
DONE = _DONE.format(doses=", ".join(_SUMS))
# Four acts of each person that others could see, drawn with the seed, with the period of each.
POINTS = f"""
SELECT participant, period, count(*) FILTER (posted) AS posts,
       count(*) FILTER (NOT posted) AS meetings, count(DISTINCT day) AS active_days,
       min(month) AS joined
FROM (SELECT participant, day, {_PERIOD} AS period, kind <> 'meeting_attended' AS posted,
             year("at" AT TIME ZONE '$zone') * 12 + month("at" AT TIME ZONE '$zone') - 1 AS month
      FROM acts JOIN followed USING (participant)
      WHERE kind IN ('thread_started', 'reply_posted', 'meeting_attended') AND {_PERIOD} < observed
      QUALIFY row_number() OVER (PARTITION BY participant ORDER BY hash(participant, "at", kind,
                                 post_id, meeting_id, $seed)) <= 4) known
GROUP BY ALL
"""  # noqa: S608


@dataclass(frozen=True)
class Trajectories:
    """A profile for each participant, with variables such as `posts_1` for each of the `periods`.

    A period in which somebody could not be seen counts as 0; `observed` says how many they were
    seen in. `too_new` is how many share, but have not been there for one whole period.
    """

    people: Profiles
    periods: int
    too_new: int


def read_trajectories(folder: Path, window: Window, seed: int) -> Trajectories:
    """Return the trajectories of all in a snapshot who share, and have been there for four weeks.

    Raises Invalid where these are too few.
    """
    with opened(folder, window) as record:
        return trajectories_of(record, seed)


def trajectories_of(record: Record, seed: int) -> Trajectories:
    """Return the same from an open snapshot. Raises Invalid."""
    everybody = profiles.profiles_of(record, seed).people
    record.base.execute(FOLLOWED.replace("$over", str(int(record.window.days_over))))
    table = _columns(record, "SELECT * FROM followed ORDER BY participant")
    keys = table["participant"]
    if len(keys) < K:
        words = TOO_NEW if everybody >= K else TOO_FEW
        raise Invalid(words, code="too_few_participants")
    periods = int(table["observed"].max())
    values = {each.name: table[each.name] for each in PERSON}
    values |= _by_period(_columns(record, DONE), keys, periods)
    query = POINTS.replace("$zone", record.window.zone).replace("$seed", str(seed))
    seen = _columns(record, query)
    points = _by_period(seen, keys, periods) | {"joined": table["joined"].copy()}
    earliest = np.full_like(keys, np.iinfo(np.int64).max)
    np.minimum.at(earliest, np.searchsorted(keys, seen["participant"]), seen["joined"])
    points["joined"] = np.where(earliest < np.iinfo(np.int64).max, earliest, points["joined"])
    versions = sorted({int(version) for version in table["consent_version"]})
    doses = [each for dose in PERIOD_BANDS for each in _variables(dose, periods, values)]
    people = Profiles(keys, values, points, tuple(versions), visible=(*PERSON, *doses), hidden=())
    return Trajectories(people, periods, everybody - len(keys))


def _variables(dose: str, periods: int, values: Mapping[str, Whole]) -> list[CountVariable]:
    """Return a variable for each period of a dose; who differs little in one counts little."""
    bands = PERIOD_BANDS[dose]
    found = [
        CountVariable(released_profiles.period_variable(dose, period), (bands.fine, bands.broad))
        for period in range(1, periods + 1)
    ]
    released = [entropy(np.bincount(each.codes(values[each.name], 0))) for each in found]
    shares = [bands.share * each / (sum(released) or 1.0) for each in released]
    pairs = zip(found, shares, strict=True)
    return [replace(each, share=share, weight=share) for each, share in pairs]


def _columns(record: Record, query: str) -> dict[str, Whole]:
    found = record.base.execute(query).fetchnumpy()
    return {name: np.asarray(column, dtype=np.int64) for name, column in found.items()}


def _by_period(done: Mapping[str, Whole], keys: Whole, periods: int) -> dict[str, Whole]:
    """Return a column for each dose and period, with 0 for who did nothing in it."""
    place, columns = np.searchsorted(keys, done["participant"]), dict[str, Whole]()
    for dose in PERIOD_BANDS.keys() & done.keys():
        released = np.zeros((periods, len(keys)), dtype=np.int64)
        released[done["period"], place] = done[dose]
        columns |= {
            released_profiles.period_variable(dose, number): each
            for number, each in enumerate(released, start=1)
        }
    return columns
