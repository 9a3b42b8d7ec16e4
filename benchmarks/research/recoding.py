"""What microdata keep, compared with Mondrian, and with fewer columns.

Run `python -m benchmarks.research.recoding`.
"""

from collections.abc import Iterator
from dataclasses import replace

from forum.research.releases.disclosure.attacks.acquaintance_attack import least_class_size
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.disclosure.k_anonymity.generalisation_search import find_classes
from forum.research.releases.participant_profiles.generalisation import VISIBLE, Whole
from forum.research.releases.participant_profiles.profiles import Profiles
from tests.support.research.communities import KINDS, UNSEEN_KINDS, heavy_tailed, people
from tests.support.research.mondrian import is_as_safe, judged, mondrian, told_by

SIZES, MOST, SEED = (100, 400, 1000), 2000, 11
UNBOUND = 0.08  # classes a person, near what the limit of 9 % allows
COLUMNS = ("posts", "threads", "joined", "active_days", "words")
HEAD = "right guesses | broad bands | finest bands | rank of posts | slope on posts off by |"
Limits = tuple[Whole, Whole]


def main() -> None:
    """Print a table of each."""
    print(f"| community | people | classes by | {HEAD}")
    for name, community in _communities(MOST):
        for by, (low, high) in _ways(community):
            _row(name, community.people, by, *_judged(community, low, high))
    print(f"\n| community | people | {HEAD}")
    for number in SIZES:
        for name, community in _communities(number):
            found = find_classes(community)
            _row(name, number, *_judged(community, found.low, found.high))
    print(f"\n| community | columns | classes by | {HEAD}")
    for name, whole in _communities(MOST):
        for number in (2, 3, 4, 5):
            columns = tuple(each for each in VISIBLE if each.name in COLUMNS[:number])
            community = replace(whole, visible=columns, hidden=())
            found = find_classes(community)
            plain = told_by(community, mondrian(community, K, 1))
            for by, told in (("ours", (found.low, found.high)), (f"Mondrian, {K}", plain)):
                _row(name, ", ".join(COLUMNS[:number]), by, *_judged(community, *told))


def _communities(number: int) -> Iterator[tuple[str, Profiles]]:
    for name, kind in (KINDS | UNSEEN_KINDS).items():
        yield name, people(kind, number, seed=SEED)
    if number == MOST:
        yield "heavy-tailed", heavy_tailed(seed=SEED)


def _ways(community: Profiles) -> Iterator[tuple[str, Limits]]:
    """Yield classes as they are made, as they would be without the goal, and by Mondrian."""
    found, freely = find_classes(community), find_classes(community, guess_most=UNBOUND)
    yield "ours", (found.low, found.high)
    yield "ours, without the goal", (freely.low, freely.high)
    safe = is_as_safe(community, int(found.number.max()) + 1)
    yield "Mondrian, as few right", told_by(community, safe)
    yield f"Mondrian, {K} and l = 1", told_by(community, mondrian(community, K, 1))
    yield (
        f"Mondrian, {least_class_size(community.people)} and l = 3",
        told_by(community, mondrian(community, least_class_size(community.people), 3)),
    )


def _judged(community: Profiles, low: Whole, high: Whole) -> list[str]:
    judgement = judged(community, low, high)
    order = judgement["rank_correlation_of_true_and_told_dose"]
    slopes = judgement["error_of_a_logistic_slope"]
    classes = len({(*one, *other) for one, other in zip(low.tolist(), high.tolist(), strict=True)})
    return [
        f"{classes / community.people:.1%}",
        f"{judgement['information_kept_of_broad_bands']:.2f}",
        f"{judgement['information_kept']:.2f}",
        f"{order['posts']:.2f}",
        f"{slopes['posts']:+.2f}",
    ]


def _row(*cells: object) -> None:
    print("|", " | ".join(str(each) for each in cells), "|", flush=True)


if __name__ == "__main__":
    main()
