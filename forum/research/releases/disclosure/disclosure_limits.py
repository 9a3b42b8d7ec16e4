"""How well people must be hidden in tiers A and B: the limits that attacks are held against."""

from forum.core.translation import formats, lazy_format

K = 11  # candidates that are left for everybody in tier B, whatever is known
LIMIT = 0.09  # the greatest upper bound of a success rate in tiers A and B
GOAL = 0.02  # that of rows of people, where there are enough of them for two classes
# If this share of the guesses that may be right are, the upper bound of an attack is still below.
WELL_BELOW = 0.95


def in_percent(share: float, places: int = 0) -> str:
    """Return a share as a number of a hundred, for a text that says "%" itself."""
    return lazy_format(formats.number, round(share * 100, places))
