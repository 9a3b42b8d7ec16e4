"""A text that is stored in the database and shown to each reader in their own language."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from forum.core.translation import formats, messages
from forum.core.translation.lazy_text import LazyText

WRITERS: Mapping[str, Callable[..., str]] = {
    "text": messages.gettext,
    "number": formats.number,
    "day": lambda on: formats.day(date.fromisoformat(on)),
}
NAMES = {messages.gettext: "text", formats.number: "number", formats.day: "day"}


class TranslatableText(TypeDecorator[str]):
    """A column of `lazy` texts: it holds the English and its values, as JSON.

    A text that is not `lazy` is stored as it is.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return what is stored of a text."""
        return json.dumps(_as_stored(value)) if isinstance(value, LazyText) else value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return the text that was stored."""
        return cast("str", _read(json.loads(value))) if value and value[0] == "{" else value


def _as_stored(value: Any) -> Any:
    if not isinstance(value, LazyText):
        return value
    write, given, values = value.parts
    stored = [each.isoformat() if isinstance(each, date) else each for each in given]
    return {
        NAMES[write]: stored,
        "values": {name: _as_stored(each) for name, each in values.items()},
    }


def _read(stored: Any) -> Any:
    if not isinstance(stored, dict):
        return stored
    values = {name: _read(each) for name, each in stored.pop("values").items()}
    ((name, given),) = stored.items()
    return LazyText(WRITERS[name], tuple(given), values)
