"""How often an attack succeeds, with what it may really be.

The upper bound is that of C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial
limits illustrated in the case of the binomial", Biometrika 26 (1934), 404-413, one-sided: were
the true rate greater, so few successes would be seen in less than 5 % of repetitions.
"""

from math import log, log1p, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
CONFIDENCE = 0.95
FAR = 20  # standard deviations


def upper_bound(successes: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """Return the greatest rate that agrees with these successes, from 0 to 1."""
    if successes >= trials:
        return 1.0
    seen = np.arange(successes + 1)
    ways = np.concatenate(([0.0], np.cumsum(np.log((trials - seen[:-1]) / seen[1:]))))
    # Far fewer are as good as impossible at any rate that is looked at.
    far = max(0, successes - int(FAR * sqrt(successes)) - FAR)
    seen, ways = seen[far:], ways[far:]
    low, high = successes / trials, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if _at_most(seen, ways, trials, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(seen: Floats, ways: Floats, trials: int, rate: float) -> float:
    """Return the probability of so many successes or fewer; `ways` are logarithms of counts."""
    if rate in (0.0, 1.0):
        return 1.0 - rate
    return float(np.exp(ways + seen * log(rate) + (trials - seen) * log1p(-rate)).sum())
