"""`python -m benchmarks.recoding`: what microdata keep, beside Mondrian, and with more alike."""

from collections.abc import Sequence

from forum.research.releases.classes import L
from forum.research.releases.friends import alike
from forum.research.releases.search import Found, search
from tests.communities import KINDS, people
from tests.mondrian import judged, mondrian, told_by

SIZES, SEED = (100, 400, 2000), 11
MORE_ALIKE = (0, 31, 60)


def main() -> None:
    """Print a table of each."""
    print("| community | people | alike | of finest bands | Mondrian | of broad bands | Mondrian "
          "| rank of posts | Mondrian | slope on posts off by | Mondrian |")  # fmt: skip
    for name in KINDS:
        for number in SIZES:
            _compare(name, number)
    print("\n| community | alike | classes | right guesses | of finest bands | of broad bands |")
    for name, kind in KINDS.items():
        community = people(kind, SIZES[-1], seed=SEED)
        for least in MORE_ALIKE:
            found = search(community, least=least)
            ours = judged(community, found.low, found.high)
            classes = int(found.number.max()) + 1
            _row(name, found.least, classes, f"{classes / SIZES[-1]:.1%}", *_kept(ours))


def _compare(name: str, number: int) -> None:
    community = people(KINDS[name], number, seed=SEED)
    found: Found = search(community)
    ours = judged(community, found.low, found.high)
    theirs = judged(community, *told_by(community, mondrian(community, alike(number), L)))
    both = zip(_all(ours), _all(theirs), strict=True)
    _row(name, number, found.least, *(each for pair in both for each in pair))


def _kept(judgement: dict[str, object]) -> Sequence[str]:
    names = ("information_kept", "information_kept_of_broad_bands")
    return [f"{judgement[name]:.2f}" for name in names]


def _all(judgement: dict[str, object]) -> Sequence[str]:
    order = judgement["rank_correlation_of_true_and_told_dose"]
    slopes = judgement["error_of_a_logistic_slope"]
    assert isinstance(order, dict)
    assert isinstance(slopes, dict)
    return [*_kept(judgement), f"{order['posts']:.2f}", f"{slopes['posts']:+.2f}"]


def _row(*cells: object) -> None:
    print("|", " | ".join(str(each) for each in cells), "|", flush=True)


if __name__ == "__main__":
    main()
