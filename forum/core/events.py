"""What happened, announced inside the transaction in which it happened.

`forum.wiring` says on one page which consequences run within that transaction
and which wait until it is committed. Slices announce; they never call each other's consequences.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

import structlog

from forum.core import metrics
from forum.core.cooperative_yielding import give_way

Handler: TypeAlias = Callable[[Any], None]
Subscriptions: TypeAlias = Mapping[type, Iterable[Handler]]

IN_A_ROW = 10
log = structlog.get_logger()
_pending: ContextVar[list[object] | None] = ContextVar("pending_events", default=None)
_within: dict[type, tuple[Handler, ...]] = {}
_after: dict[type, tuple[Handler, ...]] = {}


def subscribe(within_transaction: Subscriptions, after_commit: Subscriptions) -> None:
    """Replace what follows from each kind of event."""
    _within.clear()
    _after.clear()
    _within.update({kind: tuple(handlers) for kind, handlers in within_transaction.items()})
    _after.update({kind: tuple(handlers) for kind, handlers in after_commit.items()})


def announce(event: object) -> None:
    """Say that `event` happened. Raises RuntimeError outside `transaction()`."""
    pending = _pending.get()
    if pending is None:
        raise RuntimeError("announce() belongs inside transaction()")
    pending.append(event)
    for handler in _within.get(type(event), ()):
        handler(event)


def start_collecting() -> list[object]:
    """Begin a transaction's list of events; `forum.core.db` calls this."""
    pending: list[object] = []
    _pending.set(pending)
    return pending


def stop_collecting() -> None:
    """Close the list, whether the transaction was committed or rolled back."""
    _pending.set(None)


@contextmanager
def undoing() -> Iterator[None]:
    """Forget the events of a block that fails, as its savepoint forgets its writes."""
    pending = _pending.get()
    known = len(pending or ())
    try:
        yield
    except BaseException:
        del (pending or [])[known:]
        raise


def after_commit(committed: Iterable[object]) -> None:
    """Run what follows from committed events; a consequence that fails costs nobody their post."""
    for number, event in enumerate(committed, start=1):
        if number % IN_A_ROW == 0:
            give_way()
        for handler in _after.get(type(event), ()):
            try:
                handler(event)
            except Exception:
                metrics.consequence_failures.labels(type(event).__name__).inc()
                log.exception(
                    "consequence_failed", event_kind=type(event).__name__, handler=handler.__name__
                )
