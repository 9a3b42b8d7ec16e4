"""Small work that need not hold up an answer, inside the serving process.

Only the server (gevent) postpones; everywhere else, command line and tests among them, the work is
done at once, and nothing is left over when the process ends.
"""

import threading
from collections.abc import Callable

import structlog
from gevent import monkey

from forum.core import db

log = structlog.get_logger()
_planned: dict[object, Callable[[], None]] = {}
_optional: set[object] = set()


def serving() -> bool:
    """Whether this process is the gevent server."""
    return bool(monkey.is_module_patched("threading"))


def soon(seconds: float, key: object, work: Callable[[], None]) -> None:
    """Do `work` in `seconds`; asked again meanwhile with the same key, it is still done once."""
    if not serving():
        work()
    elif key not in _planned:
        _planned[key] = work
        _start(seconds, key)


def later(seconds: float, key: object, work: Callable[[], None]) -> None:
    """As `soon`, for work that is pointless once the process ends."""
    _optional.add(key)
    soon(seconds, key, work)


def every(
    seconds: float, key: object, work: Callable[[], None], *, first: float | None = None
) -> None:
    """Do `work` every so many seconds for as long as the server runs; nothing elsewhere.

    With `first`, so many seconds after the start for the first time.
    """
    if not serving() or key in _planned:
        return

    def again() -> None:
        soon(seconds, key, again)
        work()

    _optional.add(key)
    soon(seconds if first is None else first, key, again)


def finish() -> None:
    """Do at once what was left for soon, before the process ends."""
    for key in [key for key in _planned if key not in _optional]:
        _do(key)


def _start(seconds: float, key: object) -> None:
    timer = threading.Timer(seconds, _do, [key])
    timer.daemon = True
    timer.start()


def _do(key: object) -> None:
    work = _planned.pop(key, None)
    if work is None:  # done already, as the process is about to end
        return
    try:
        work()
    except Exception:
        log.exception("background_work_failed", work=str(key))
    finally:
        db.release_session()
