"""Everything held about one person, as one zip: JSON for programs, a page for reading.

Rows are written as they are read: ten thousand posts need no more memory than ten.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from textwrap import fill
from typing import IO, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import RowMapping

from forum.core.background import periodic
from forum.core.db import current_session, snapshot
from forum.core.translation import _
from forum.privacy.data_category import DataCategory
from forum.privacy.personal_data import PERSONAL_DATA

IN_MEMORY_MAX = 4_000_000
ROWS_AT_ONCE = 50
STRETCH_S = 0.02  # how long others wait, and then this does, whatever the rows hold
Row: TypeAlias = RowMapping
Section: TypeAlias = tuple[DataCategory, Iterator[Row]]
Page: TypeAlias = Callable[[Iterable[Section]], Iterable[str]]


def build(account_id: int, page: Page) -> IO[bytes]:
    """Return the zip, to be read from its beginning; `page` makes HTML of (holding, rows)."""
    made: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY_MAX)  # noqa: SIM115 - its sender closes it
    with snapshot(), ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", readme())
        for holding in PERSONAL_DATA:
            _write(archive, f"{holding.name}.json", _as_json(_rows(holding, account_id)))
        sections = ((holding, _rows(holding, account_id)) for holding in PERSONAL_DATA)
        _write(archive, "everything.html", page(sections))
    made.seek(0)
    return made


def readme() -> str:
    """Return what is in the download: each file, and its columns."""
    about = (
        _(
            "Everything you wrote here, and what we hold about you. Two things are left out: marks "
            "that our word list may have put on a post that could be about wanting to die, and "
            "what would reveal something about other people, such as who reported or blocked "
            "you. You can ask us about the marks; the page Complaints says how."
        ),
        _(
            "Open everything.html to read it all. Each JSON file is a list of objects with the "
            "columns below. Times are in UTC, such as 2026-01-31T18:05:00+00:00. Empty columns "
            "are null. Posts are in Markdown. Ids are the numbers in the addresses of pages, such "
            "as /posts/12 and /threads/3. Nobody else's words are in here."
        ),
    )
    parts = [*map(fill, about), *map(_described, PERSONAL_DATA)]
    return "\n\n".join(parts) + "\n"


def columns(holding: DataCategory) -> list[str]:
    """Return the names of a holding's columns, as its JSON has them."""
    return [str(column.key) for column in holding.rows(0).selected_columns if column.key != "html"]


def _described(holding: DataCategory) -> str:
    names = _("Columns: %(names)s", names=", ".join(columns(holding)))
    return f"{holding.name}.json\n    {holding.about}\n    {names}"


def _rows(holding: DataCategory, account_id: int) -> Iterator[Row]:
    found = current_session().execute(
        holding.rows(account_id), execution_options={"yield_per": ROWS_AT_ONCE}
    )
    began = time.perf_counter()
    for row in found.mappings():
        yield row
        if time.perf_counter() - began >= STRETCH_S:
            # In the server, this is when everybody else's requests go on.
            time.sleep(STRETCH_S if periodic.serving() else 0)
            began = time.perf_counter()


def _as_json(rows: Iterable[Row]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        kept = {name: value for name, value in row.items() if name != "html"}
        yield before + json.dumps(kept, ensure_ascii=False, default=_plain)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _write(archive: ZipFile, name: str, text: Iterable[str]) -> None:
    with archive.open(name, "w", force_zip64=True) as entry:
        for part in text:
            entry.write(part.encode())
