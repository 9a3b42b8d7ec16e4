"""Letting everybody else go on while the server does something long."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from gevent import monkey

TURN_S = 0.001
STRETCH_S = 0.01
AT_ONCE = 100
T = TypeVar("T")


def give_way() -> None:
    """Let others go on for a moment; outside the server there are none.

    gevent's sleep(0) is not enough: it lets work go on that had begun, but while there is some,
    nothing that has come in is looked at.
    """
    if monkey.is_module_patched("time"):
        time.sleep(TURN_S)


def in_turns(things: Iterable[T]) -> Iterator[T]:
    """Yield these, and let others go on whenever 10 ms have been worked on them."""
    until = time.perf_counter() + STRETCH_S
    for thing in things:
        yield thing
        if time.perf_counter() >= until:
            give_way()
            until = time.perf_counter() + STRETCH_S


def in_batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield these a hundred at a time, and let others go on as `in_turns` does."""
    return in_turns(things[start : start + AT_ONCE] for start in range(0, len(things), AT_ONCE))
