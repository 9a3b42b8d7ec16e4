"""What microdata keep of communities of kinds and seeds that no choice was made on.

Run `python -m benchmarks.research.hold_out`. The kinds and seeds were written down before the first
run, and nothing was changed after it: that is what its figures are for.
"""

from collections.abc import Sequence
from dataclasses import replace

from forum.research.releases.disclosure.attacks.reidentification import AttackResult
from forum.research.releases.disclosure.k_anonymity.local_recoding import Recoded, recode
from forum.research.releases.ledger.released_profiles import DOSE
from forum.research.releases.participant_profiles.generalisation import (
    HIDDEN,
    VISIBLE,
    CountVariable,
)
from forum.research.releases.tiers.microdata import KNOWN
from tests.support.research.communities import Kind, people
from tests.support.research.mondrian import judged

SEED = 7
HEAD = (
    "| community | people | l | broad bands | finest bands | broad bands, visible columns "
    "| suppressed columns | right guesses, at most |"
)
COMMUNITIES = (
    ("a few write a lot", Kind(lurks=0.6, visits=0.2, writes=0.15, spread=1.8), 1950, 20261),
    ("busy and alike", Kind(lurks=0.2, visits=0.7, writes=3.0, spread=0.4), 2050, 31337),
)


def main() -> None:
    """Print what each release keeps, then the rates of its attacks."""
    print(HEAD)
    attacks = list[tuple[str, int, Sequence[AttackResult]]]()
    for name, kind, number, seed in COMMUNITIES:
        for different, unseen in ((1, ()), (3, HIDDEN)):
            made = _released(kind, number, seed, unseen)
            found = made.findings()
            broad, finest = (
                found[key] for key in ("information_kept_of_broad_bands", "information_kept")
            )
            print(
                f"| {name} | {number:,} | {different} | {broad:.2f} | {finest:.2f} "
                f"| {_visible(made):.2f} | {', '.join(_withheld(made)) or 'none'} "
                f"| {made.greatest_upper_bound:.2%} |",
                flush=True,
            )
            attacks.append((name, different, made.attacks))
    print("\n| community | l | attack | found | at most | fewest | fewer than 11, at most |")
    for name, different, results in attacks:
        for each in results:
            print(
                f"| {name} | {different} | {each.attack} | {each.rate:.2%} | {each.upper:.2%} "
                f"| {each.fewest} | {each.narrowed_upper:.3%} |"
            )


def _released(kind: Kind, number: int, seed: int, unseen: Sequence[CountVariable]) -> Recoded:
    community = replace(
        people(kind, number, seed),
        visible=tuple(each for each in VISIBLE if each.name in DOSE),
        hidden=tuple(each for each in unseen if each.name in DOSE),
    )
    known = {
        title: columns
        for title, names in KNOWN.items()
        if (columns := tuple(name for name in names if name in DOSE))
    }
    return recode(community, known, (), (), SEED)


def _visible(made: Recoded) -> float:
    found = judged(made.people, made.found.low, made.found.high)
    return float(found["information_kept_of_broad_bands"])


def _withheld(made: Recoded) -> Sequence[str]:
    return made.findings().get("hidden_values_not_told", ())  # type: ignore[return-value]


if __name__ == "__main__":
    main()
