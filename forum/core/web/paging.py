"""A page of a list that may be long: what makes it is asked for this page alone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from forum.core.db import AnyRow, at_most, current_session

ROWS_A_PAGE = 50


def count(found: Select[*tuple[Any, ...]]) -> int:
    """Return how many rows a list has."""
    counted = select(func.count()).select_from(found.order_by(None).subquery())
    return current_session().scalar(counted) or 0


def pages(rows: int, a_page: int = ROWS_A_PAGE) -> int:
    """Return on how many pages so many rows are, at least 1."""
    return max(1, -(-rows // a_page))


def page_of(
    found: Select[*tuple[Any, ...]], page: int, rows: int = ROWS_A_PAGE
) -> Sequence[AnyRow]:
    """Return the rows of a page, counted from 1."""
    return current_session().execute(found.limit(at_most(rows)).offset((page - 1) * rows)).all()
