"""How much is tried: a sample in `make test`, everything in `make soak`, which sets EVERY_CASE."""

import os

EVERY_CASE = os.environ.get("EVERY_CASE") == "1"
FEWEST = 5


def examples(everything: int) -> int:
    """Return how many examples a property is tried on: all of these, or every third."""
    return everything if EVERY_CASE else max(min(FEWEST, everything), everything // 3)
