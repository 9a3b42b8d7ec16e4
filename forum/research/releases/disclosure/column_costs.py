"""What microdata keep with more columns or fewer, said before a release is asked for.

`python -m benchmarks.research.microdata_columns` measures it on communities of many kinds: of broad
bands the information, as a mean over the visible columns, where it is least and where it is most.
"""

from collections.abc import Mapping, Sequence

from forum.core.translation import _, formats, lazy
from forum.research.releases.ledger import released_profiles

WITHOUT_HIDDEN = lazy("The dose, without visits and reading")
WITH_HIDDEN = lazy("The dose")
AND_JOINED = lazy("The dose and the month of joining")
EVERYTHING = lazy("All columns")
_SEEN_DOSE = tuple(each for each in released_profiles.DOSE if each in released_profiles.VISIBLE)
SETS: Mapping[str, Sequence[str]] = {
    WITHOUT_HIDDEN: _SEEN_DOSE,
    WITH_HIDDEN: released_profiles.DOSE,
    AND_JOINED: (*released_profiles.DOSE, "joined"),
    EVERYTHING: (*released_profiles.VISIBLE, *released_profiles.HIDDEN),
}
SIZES = (200, 400, 1000, 2000)  # people who share
MEASURED: Mapping[str, Sequence[tuple[float, float]]] = {
    WITHOUT_HIDDEN: ((0.27, 0.67), (0.65, 0.82), (0.83, 0.91), (0.92, 0.97)),
    WITH_HIDDEN: ((0.17, 0.67), (0.58, 0.79), (0.83, 0.91), (0.91, 0.97)),
    AND_JOINED: ((0.22, 0.54), (0.48, 0.76), (0.76, 0.90), (0.86, 0.94)),
    EVERYTHING: ((0.22, 0.54), (0.35, 0.76), (0.53, 0.88), (0.64, 0.93)),
}


def rows() -> list[tuple[str, list[str]]]:
    """Return each set of columns in words, and what it keeps with each number of people."""
    return [(title, [_range(low, high) for low, high in kept]) for title, kept in MEASURED.items()]


def _range(low: float, high: float) -> str:
    least, most = (formats.number(end, places=2) for end in (low, high))
    return _("%(low)s to %(high)s", low=least, high=most)


def in_words() -> str:
    """Return the same as lines of text."""
    sizes = ", ".join(f"{size:,}" for size in SIZES)
    lines = [f"  {title}: {', '.join(kept)}" for title, kept in rows()]
    head = f"Information that is kept, measured with {sizes} people who share; 1 is all:"
    return "\n".join([head, *lines])
