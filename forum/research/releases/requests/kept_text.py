"""A text that is kept in the database, and shown to each reader in their own language."""

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


class KeptText(TypeDecorator[str]):
    """A column of `lazy` texts: it holds the English and its values, as JSON.

    A text that is no `lazy` is kept as it is.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return what is kept of a text."""
        return json.dumps(_kept(value)) if isinstance(value, LazyText) else value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Return the text that was kept."""
        return cast("str", _read(json.loads(value))) if value and value[0] == "{" else value


def _kept(value: Any) -> Any:
    if not isinstance(value, LazyText):
        return value
    write, given, values = value.parts
    kept = [each.isoformat() if isinstance(each, date) else each for each in given]
    return {NAMES[write]: kept, "values": {name: _kept(each) for name, each in values.items()}}


def _read(kept: Any) -> Any:
    if not isinstance(kept, dict):
        return kept
    values = {name: _read(each) for name, each in kept.pop("values").items()}
    ((name, given),) = kept.items()
    return LazyText(WRITERS[name], tuple(given), values)
