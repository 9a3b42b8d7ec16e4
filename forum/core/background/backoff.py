"""How long to wait before something that has failed is tried again."""

from datetime import timedelta


def wait_after(failures: int, first: timedelta, most: timedelta) -> timedelta:
    """Return how long to wait after so many earlier failures: twice as long each time, up to most.

    Without one it is the first wait.
    """
    doubled: int = 2 ** min(failures, 20)
    return min(first * doubled, most)
