"""What microdata of the dose keep, and what more columns cost.

Run `python -m benchmarks.research.microdata_columns`.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from forum.research.releases.disclosure.attacks.acquaintance_attack import least_class_size
from forum.research.releases.disclosure.column_costs import SETS, SIZES
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.disclosure.k_anonymity.generalisation_search import find_classes
from forum.research.releases.ledger.released_profiles import DOSE
from forum.research.releases.participant_profiles.generalisation import HIDDEN, VISIBLE, Whole
from forum.research.releases.participant_profiles.profiles import Profiles
from tests.support.importing.counselchat import DATA
from tests.support.research.communities import (
    FIRST_MONTH,
    KINDS,
    UNSEEN_KINDS,
    heavy_tailed,
    people,
)
from tests.support.research.mondrian import judged, mondrian, told_by

MOST, SEED = 2000, 11
HEAD = (
    "| community | classes by | right guesses | broad bands | finest bands | rank of posts "
    "| of active days | slope on posts off by | on active days |"
)


def main() -> None:
    """Print a row for each community and way to make classes, then what each set of columns keeps.

    Of each way there are two: without hidden variables, and with visits and reading.
    """
    print(HEAD)
    for name, community in communities(MOST):
        _compare(name, community)
    if DATA.exists():
        _compare("counsel-chat", counsellors())
    print(f"\n| columns | {' | '.join(f'{size:,} people' for size in SIZES)} |")
    for title, columns in SETS.items():
        print("|", title, "|", " | ".join(_range(size, columns) for size in SIZES), "|", flush=True)


def communities(number: int) -> Iterator[tuple[str, Profiles]]:
    """Yield communities of all kinds of so many people, those not looked at before included."""
    for name, kind in (KINDS | UNSEEN_KINDS).items():
        yield name, people(kind, number, seed=SEED)
    if number == MOST:
        yield "heavy-tailed", heavy_tailed(seed=SEED)


def counsellors() -> Profiles:
    """Return the people who answered in the public counsel-chat data, each answer on a day."""
    answers, words = Counter[int](), defaultdict[int, int](int)
    for question in map(json.loads, DATA.open(encoding="utf-8")):
        for answer in question["answers"]:
            answers[answer["author"]] += 1
            words[answer["author"]] += len(answer["html"].split())
    who = sorted(answers)
    posts = np.array([answers[each] for each in who], dtype=np.int64)
    nothing = np.zeros_like(posts)
    values = {each.name: nothing for each in (*VISIBLE, *HIDDEN)} | {
        "posts": posts,
        "active_days": posts,
        "words": np.array([words[each] for each in who], dtype=np.int64),
        "groups": nothing + 1,
        "joined": nothing + FIRST_MONTH,
    }
    return Profiles(np.arange(1, len(who) + 1, dtype=np.int64), values, {}, (1,))


def _compare(name: str, whole: Profiles) -> None:
    for unseen, least, different in (
        ((), K, 1),
        (HIDDEN, least_class_size(whole.people), 3),
    ):
        community = _of(whole, DOSE, hidden=bool(unseen))
        found = find_classes(community)
        words = " with visits and reading" if unseen else ""
        plain = mondrian(community, least, different)
        _row(name, f"ours{words}", community, found.low, found.high)
        title = f"Mondrian, {least} alike, l = {different}"
        _row("", title, community, *told_by(community, plain))


def _of(whole: Profiles, columns: Sequence[str], *, hidden: bool) -> Profiles:
    seen = tuple(each for each in VISIBLE if each.name in columns)
    unseen = tuple(each for each in HIDDEN if each.name in columns)
    return replace(whole, visible=seen, hidden=unseen if hidden else ())


def _row(name: str, way: str, community: Profiles, low: Whole, high: Whole) -> None:
    found = judged(community, low, high)
    order, slopes = (
        found[key]
        for key in ("rank_correlation_of_true_and_told_dose", "error_of_a_logistic_slope")
    )
    classes = len({(*one, *other) for one, other in zip(low.tolist(), high.tolist(), strict=True)})
    cells = (
        name,
        way,
        f"{classes / community.people:.1%}",
        f"{found['information_kept_of_broad_bands']:.2f}",
        f"{found['information_kept']:.2f}",
        f"{order['posts']:.2f}",
        f"{order['active_days']:.2f}",
        f"{slopes['posts']:+.2f}",
        f"{slopes['active_days']:+.2f}",
    )
    print("|", " | ".join(cells), "|", flush=True)


def _range(size: int, columns: Sequence[str]) -> str:
    """Return how much broad bands keep in the community where it is least, and most."""
    kept = []
    for _, whole in communities(size):
        community = _of(whole, columns, hidden=True)
        found = find_classes(community)
        kept.append(judged(community, found.low, found.high)["information_kept_of_broad_bands"])
    return f"{min(kept):.2f} to {max(kept):.2f}"


if __name__ == "__main__":
    main()
