"""What a release does where joining it with others would find people, whatever those others are."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from forum.core.errors import Invalid
from forum.research.releases.disclosure.attacks.reidentification import Risks, TooRisky
from forum.research.releases.disclosure.disclosure_limits import GOAL, K
from forum.research.releases.disclosure.k_anonymity.generalisation_search import FEW_CLASSES
from forum.research.releases.disclosure.k_anonymity.local_recoding import EXPOSED, Recoded, recode
from forum.research.releases.ledger.released_profiles import ANYTHING, ReleasedProfiles
from forum.research.releases.participant_profiles.profiles import Profiles
from tests.support.research.communities import KINDS, people

KNOWN = {"everything visible": ("posts", "threads")}


def nobody(now: ReleasedProfiles) -> Risks:
    """Return that joining finds nobody."""
    return np.zeros(len(now))


def one_in_twenty(now: ReleasedProfiles) -> Risks:
    """Return that joining finds more than may be found."""
    return np.full(len(now), 1 / 20)


@dataclass
class Earlier:
    """Another release; it says whom joining with it finds, and whether it reveals who is gone."""

    found: Callable[[ReleasedProfiles], Risks] = nobody
    tried: Callable[[ReleasedProfiles], Risks] = nobody
    reveals: bool = False
    steers: bool = False

    def risks(self, now: ReleasedProfiles) -> Risks:
        """Return everybody's chance of being found."""
        return self.found(now)

    def attacks(self, now: ReleasedProfiles) -> dict[str, Risks]:
        """Return the one attack."""
        return {"joining with another release": self.tried(now)}

    def reveals_missing_people(self, now: ReleasedProfiles) -> bool:
        """Say what a test wants."""
        return self.reveals and tells_what_is_hidden(now)


def tells_what_is_hidden(now: ReleasedProfiles) -> bool:
    """Whether a row says something of a hidden variable."""
    return any(each != ANYTHING for row in now.values() for each in row.hidden)


@pytest.fixture(scope="module")
def community() -> Profiles:
    return people(KINDS["few lurkers"], 400, seed=3)


def recoded(community: Profiles, earlier: Earlier) -> Recoded:
    return recode(community, KNOWN, [earlier], (), seed=1)


def test_beside_a_release_that_finds_nobody_hidden_values_are_told(community: Profiles) -> None:
    made = recoded(community, Earlier())
    assert made.withheld == ()
    assert tells_what_is_hidden(made.rows)


@pytest.mark.parametrize(
    "earlier",
    [
        Earlier(reveals=True),
        Earlier(tried=lambda now: one_in_twenty(now) * tells_what_is_hidden(now)),
    ],
    ids=["reveals who is gone", "finds too many"],
)
def test_where_hidden_values_would_reveal_people_they_are_not_told(
    community: Profiles, earlier: Earlier
) -> None:
    made = recoded(community, earlier)
    assert set(made.withheld) == {each.name for each in community.hidden}
    assert not tells_what_is_hidden(made.rows)
    told = made.findings()["hidden_values_not_told"]
    assert set(made.withheld) <= set(told if isinstance(told, list) else ())


def test_where_joining_exposes_everybody_nothing_is_released(community: Profiles) -> None:
    plain = replace(community, hidden=())
    with pytest.raises(Invalid) as refused:
        recoded(plain, Earlier(found=lambda now: np.ones(len(now))))
    assert (refused.value.code, str(refused.value)) == ("cannot_be_hidden", str(EXPOSED))


def test_classes_become_fewer_until_joining_finds_few_enough(community: Profiles) -> None:
    def classes(now: ReleasedProfiles) -> int:
        return len({row.visible for row in now.values()})

    plain = replace(community, hidden=())
    before = classes(recoded(plain, Earlier()).rows)
    many = Earlier(tried=lambda now: one_in_twenty(now) * (classes(now) > before * 2 / 3))
    after = recoded(plain, many)
    assert FEW_CLASSES <= classes(after.rows) <= before * 2 / 3
    assert after.greatest_upper_bound <= GOAL


def test_where_even_the_fewest_classes_do_not_help_it_is_refused() -> None:
    assert 1 / K > 1 / 20 > GOAL
    few = replace(people(KINDS["few lurkers"], 220, seed=3), hidden=())
    with pytest.raises(TooRisky, match="even with the broadest bands"):
        recoded(few, Earlier(tried=one_in_twenty))
