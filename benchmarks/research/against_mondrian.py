"""What microdata keep beside Mondrian's classes, as safe as ours and with eleven alike.

Run `python -m benchmarks.research.against_mondrian`.
"""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.research.microdata_columns import MOST, communities, counsellors
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.disclosure.k_anonymity.generalisation_search import find_classes
from forum.research.releases.ledger.released_profiles import DOSE
from forum.research.releases.participant_profiles.generalisation import VISIBLE, Whole
from forum.research.releases.participant_profiles.profiles import Profiles
from tests.support.importing.counselchat import DATA
from tests.support.research.mondrian import (
    is_as_safe,
    judged,
    mondrian,
    told_by,
    with_as_many,
)

SEEN_DOSE = tuple(each for each in VISIBLE if each.name in DOSE)


def main() -> None:
    """Print the information kept of broad and finest bands, with the right guesses, by each way."""
    print("| columns | community | ours | Mondrian, as safe | ours, as many | Mondrian, 11 alike |")
    print("|---|---|---|---|---|---|")
    for title, columns in (("the dose", SEEN_DOSE), ("all", VISIBLE)):
        for name, whole in _everybody():
            community = replace(whole, visible=columns, hidden=())
            cells = (_cell(community, *each) for each in _ways(community))
            print("|", " | ".join((title, name, *cells)), "|", flush=True)


def _everybody() -> Iterator[tuple[str, Profiles]]:
    yield from communities(MOST)
    if DATA.exists():
        yield "counsel-chat", counsellors()


def _ways(community: Profiles) -> Iterator[tuple[Whole, Whole]]:
    plain = mondrian(community, K, 1)
    ours, many = find_classes(community), with_as_many(community, len(plain))
    yield ours.low, ours.high
    yield told_by(community, is_as_safe(community, int(ours.number.max()) + 1))
    yield many.low, many.high
    yield told_by(community, plain)


def _cell(community: Profiles, low: Whole, high: Whole) -> str:
    found = judged(community, low, high)
    classes = len({(*one, *other) for one, other in zip(low.tolist(), high.tolist(), strict=True)})
    broad, finest = found["information_kept_of_broad_bands"], found["information_kept"]
    return f"{broad:.2f} / {finest:.2f} ({classes / community.people:.1%})"


if __name__ == "__main__":
    main()
