"""Functions that remember what they returned, in each language apart."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from forum.core.translation import languages

P = ParamSpec("P")
T = TypeVar("T")


class Cached(Generic[P, T]):
    """A function that returns text, and what it returned by its arguments and language."""

    def __init__(self, func: Callable[P, T], maxsize: int | None, *, typed: bool) -> None:
        def of_language(_language: str, *given: P.args, **named: P.kwargs) -> T:
            return func(*given, **named)

        self._known: Any = lru_cache(maxsize, typed=typed)(of_language)
        update_wrapper(self, func)

    def __call__(self, *given: P.args, **named: P.kwargs) -> T:
        found: T = self._known(languages.current(), *given, **named)
        return found

    def cache_clear(self) -> None:
        """Forget all of it."""
        self._known.cache_clear()


def cached_by_language(
    maxsize: int | None, *, typed: bool = False
) -> Callable[[Callable[P, T]], Cached[P, T]]:
    """Remember so many answers of a function that returns text."""
    return lambda func: Cached(func, maxsize, typed=typed)
