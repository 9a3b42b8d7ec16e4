"""How evenly something was shared among people."""

from collections.abc import Sequence


def gini(counts: Sequence[int]) -> float:
    """Return the Gini coefficient: 0 when all have the same, towards 1 when one has everything.

    Of n people it is at most (n - 1) / n; see `corrected`. Nothing to share is shared evenly.
    """
    total = sum(counts)
    if total == 0:
        return 0.0
    n = len(counts)
    ranked = sum(rank * count for rank, count in enumerate(sorted(counts), start=1))
    return 2 * ranked / (n * total) - (n + 1) / n


def corrected_gini(counts: Sequence[int]) -> float:
    """Return the same, corrected to reach 1 in a group of any size; 0 for one person alone."""
    n = len(counts)
    return gini(counts) * n / (n - 1) if n > 1 else 0.0
