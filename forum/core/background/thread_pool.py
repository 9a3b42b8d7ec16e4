"""Work that computes for a tenth of a second or more, beside the loop that answers everybody.

A few native threads do it while others wait in line; who would wait too long is asked to come back.
It begins without a database connection, and never inside a transaction.
"""

import os
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

from gevent.threadpool import ThreadPool

from forum.core import db
from forum.core.background import periodic
from forum.core.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 2  # a hash takes 64 MB
IN_LINE = 30
NICENESS = 10
_in_line = 0


def run(work: Callable[P, T], *values: P.args, **more: P.kwargs) -> T:
    """Return what `work` returns; it may touch neither database nor request.

    Raises Busy when too many wait, and RuntimeError inside a transaction.
    """
    global _in_line
    if db.is_writing():
        raise RuntimeError("long work belongs before the transaction")
    db.release_session()
    if not periodic.serving():
        return work(*values, **more)
    if _in_line >= AT_ONCE + IN_LINE:
        raise Busy
    _in_line += 1
    try:
        done: T = _pool().apply(_gently, (work, values, more))
    finally:
        _in_line -= 1
    return done


def _gently(work: Callable[..., T], values: tuple[object, ...], more: dict[str, object]) -> T:
    if sys.platform == "linux":  # where this thread alone, and those that it starts, give way
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    return work(*values, **more)


@lru_cache
def _pool() -> ThreadPool:
    return ThreadPool(AT_ONCE)
