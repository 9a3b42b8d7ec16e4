"""The languages that the forum has, and the one that this request or job speaks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
SOURCE = "en"  # the language of the texts in the code
_current: ContextVar[str] = ContextVar("language", default=SOURCE)

current = _current.get


def speak(language: str) -> None:
    """Go on in this language until the request or job ends."""
    _current.set(language)


@contextmanager
def using(language: str) -> Iterator[None]:
    """Speak a language for as long as this lasts, as for a mail to one account."""
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


def in_language(language: str, func: Callable[P, T]) -> Callable[P, T]:
    """Return this function, bound to a language."""

    @wraps(func)
    def bound(*given: P.args, **named: P.kwargs) -> T:
        with using(language):
            return func(*given, **named)

    return bound
