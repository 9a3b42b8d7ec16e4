"""People who do something in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from forum.core.db import release_session
from forum.core.errors import Refusal

T = TypeVar("T")


def run_at_once(*acts: Callable[[], T]) -> list[T | Refusal]:
    """Let each act go in a thread of its own, all together; return what each got, in order.

    A refusal is an answer; anything else that is raised is raised here.
    """
    start = Barrier(len(acts))

    def do(act: Callable[[], T]) -> T | Refusal:
        start.wait()
        try:
            return act()
        except Refusal as refused:
            return refused
        finally:
            release_session()

    with ThreadPoolExecutor(len(acts)) as crowd:
        return list(crowd.map(do, acts))
