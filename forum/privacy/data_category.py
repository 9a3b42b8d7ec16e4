"""One part of what is held about a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select

Rows: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class DataCategory:
    """One part of the download; `covers` names the columns through which rows are somebody's.

    A column `html` is shown in the readable page and left out of the JSON.
    """

    name: str
    about: str
    covers: tuple[str, ...]
    rows: Callable[[int], Rows]
