"""The languages that the forum has, and the one that this request or job speaks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
SOURCE = "en"  # the language of the texts in the code
RIGHT_TO_LEFT = {"ar", "fa", "he", "ps", "ur", "yi"}
_current: ContextVar[str | None] = ContextVar("language", default=None)
_default = SOURCE
_ask: Callable[[], str | None] | None = None


def current() -> str:
    """Return the language of this request or job; the forum's own where none is asked for."""
    return _current.get() or _found()


def _found() -> str:
    language = _ask() if _ask else None
    if language is None:
        return _default
    _current.set(language)
    return language


def speak_by_default(language: str) -> None:
    """Speak this language wherever nobody has asked for another."""
    global _default
    _default = language


def find_with(ask: Callable[[], str | None]) -> None:
    """Find the language of a request with this function, once it is wanted; None outside one."""
    global _ask
    _ask = ask


def speak(language: str | None) -> None:
    """Go on in this language; None finds it anew, as another request begins, or one is over."""
    _current.set(language)


def spoken() -> str | None:
    """Return the language that was found already, None where nobody has asked."""
    return _current.get()


def default() -> str:
    """Return the forum's own language."""
    return _default


def direction(language: str) -> str:
    """Return in which direction a language is written, as HTML has it."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


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
