"""Text whose language is not known yet: labels and sentences that are constants of a module."""

from collections.abc import Callable
from typing import Any, cast

from markupsafe import Markup, escape

from forum.core.translation import messages


class LazyText:
    """A text that becomes words when it is shown: with `str`, in a template, in JSON."""

    __slots__ = ("_given", "_translate", "_values")

    def __init__(
        self, translate: Callable[..., str], given: tuple[Any, ...], values: dict[str, Any]
    ) -> None:
        self._translate, self._given, self._values = translate, given, values

    @property
    def parts(self) -> tuple[Callable[..., str], tuple[Any, ...], dict[str, Any]]:
        """What writes the text, and what it is given: enough to keep it and write it again."""
        return self._translate, self._given, self._values

    def __str__(self) -> str:
        return self._translate(*self._given, **self._values)

    def __html__(self) -> Markup:
        return escape(str(self))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"lazy({self._given[-1]!r})"

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LazyText):
            return (self._given, self._values) == (other._given, other._values)
        return str(self) == other

    def __hash__(self) -> int:
        return hash(self._given)

    def __getattr__(self, name: str) -> Any:
        return getattr(str(self), name)  # lower, strip, replace and the rest of a text

    def __getitem__(self, at: Any) -> str:
        return str(self)[at]

    def __len__(self) -> int:
        return len(str(self))

    def __contains__(self, part: str) -> bool:
        return part in str(self)

    def __add__(self, after: object) -> str:
        return str(self) + str(after)

    def __radd__(self, before: str) -> str:
        return before + str(self)

    def __reduce__(self) -> Any:
        return (LazyText, (self._translate, self._given, self._values))


def lazy(message: str, **values: Any) -> str:
    """Return a text that becomes words where it is shown.

    It is declared as a `str`, since it stands wherever a text is shown; `str(it)` makes it one.
    """
    return cast("str", LazyText(messages.gettext, (message,), values))


def lazy_format(write: Callable[[Any], str], value: object) -> str:
    """Return a day or number that is written where it is shown; `write` is one of `formats`."""
    return cast("str", LazyText(write, (value,), {}))


def lazy_pgettext(context: str, message: str, **values: Any) -> str:
    """Return such a text whose English means several things."""
    return cast("str", LazyText(messages.pgettext, (context, message), values))
