"""Stored HTML of an older renderer is rendered again, a little at a time beside everything else.

Pages do not wait for it: what they show of older HTML they render themselves (`is_current`).
"""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, select, update

from forum.core import text
from forum.core.db import Base, current_connection, transaction

BUDGET_S = 0.02
ROWS_A_STEP = 500


def is_current(renderer: int) -> bool:
    """Whether HTML by this version of the renderer may be shown."""
    return renderer == text.RENDERER_VERSION


def current_html(row: Any, body_of: Callable[[int], str], *, mentions: bool = False) -> str:
    """Return the HTML of a row with id, html and renderer; older HTML is made again from its body.

    What was deleted has none, and needs none.
    """
    html: str = row.html
    if not html or is_current(row.renderer):
        return html
    return text.render(body_of(row.id), mentions=mentions)


class Rerendering:
    """The way through one table, in the order of its ids; a new process starts again.

    The table has the columns id, version, body, html and renderer, and `render(id, body)` returns
    the HTML of a row.
    """

    def __init__(self, model: type[Base], render: Callable[[int, str], str]) -> None:
        self._table = Base.metadata.tables[model.__tablename__]
        self._render = render
        self._after: int | None = 0

    def step(self) -> bool:
        """Render some rows again, for about `BUDGET_S`; return whether there may be more."""
        if self._after is None:
            return False
        until, c, after = time.monotonic() + BUDGET_S, self._table.c, self._after
        some = select(c.id, c.renderer).where(c.id > after).order_by(c.id).limit(ROWS_A_STEP)
        rows = current_connection().execute(some).all()
        done: list[dict[str, Any]] = []
        for row in rows:
            if not is_current(row.renderer):
                if done and time.monotonic() > until:
                    break
                done += self._rendered(row.id)
            after = row.id
        _store(self._table, done)
        self._after = after if rows else None
        return bool(rows)

    def _rendered(self, row_id: int) -> list[dict[str, Any]]:
        """Return one row as it is to be stored, or none where it has vanished meanwhile."""
        c = self._table.c
        rows = current_connection().execute(select(c.version, c.body).where(c.id == row_id))
        return [
            {"id": row_id, "version": version, "html": body and self._render(row_id, body)}
            for version, body in rows
        ]


def _store(table: Table, rows: list[dict[str, Any]]) -> None:
    """Store HTML where the words have not changed since it was made; no version counts it."""
    if not rows:
        return
    with transaction() as session:
        for row in rows:
            session.execute(
                update(table)
                .where(table.c.id == row["id"], table.c.version == row["version"])
                .values(html=row["html"], renderer=text.RENDERER_VERSION)
            )
