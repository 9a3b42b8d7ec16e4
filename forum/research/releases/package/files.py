"""A release as files: data, codebook, data package, disclosure report and checksums.

Everything is written beside its place and renamed at the end: a full disk leaves nothing
half-written under the final name.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pyreadstat

from forum.core.errors import Invalid
from forum.core.text import csv_cells
from forum.core.translation import formats, lazy, lazy_format
from forum.research.releases.package import documents
from forum.research.releases.package.schema import Release, ReleaseMetadata, Table
from forum.research.releases.release_request import ARCHIVE

SAV_MOMENT = slice(92, 109)  # where an SPSS file says when it was made
SECONDS = pa.timestamp("s", tz="UTC")
NEVER = b"01 Jan 7000:00:00"
SPSS_MOST_ROWS = 1_000_000


BeforeNaming = Callable[[Mapping[str, str]], None]


def write(
    folder: Path,
    release: Release,
    about: ReleaseMetadata,
    *,
    spss: bool = False,
    packed: bool = False,
    before_naming: BeforeNaming | None = None,
) -> None:
    """Write a release into a new folder.

    `before_naming` gets the SHA-256 of every file before the folder has its name, so every release
    that is found is in the ledger. With `packed` the folder then holds one archive of them instead.
    Raises Invalid if there is something of that name, OSError for a full disk.
    """
    _refuse_if_there(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_all(making, release, about, spss=spss)
        making.chmod(0o750)
        digests = {name: digest for name, (_, digest) in _sizes(making).items()}
        if packed:
            _pack(making, f"{about.study}-{release.tier}")
        _refuse_if_there(folder)  # to write takes minutes, and the ledger forgets nothing
        if before_naming:
            before_naming(digests)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _refuse_if_there(folder: Path) -> None:
    if folder.exists() or folder.is_symlink():  # also a link that leads nowhere
        raise Invalid(
            lazy(
                "There is already something at %(name)s. Choose a folder that doesn't exist yet.",
                name=folder.name,
            ),
            code="already_there",
        )


def _write_all(folder: Path, release: Release, about: ReleaseMetadata, *, spss: bool) -> None:
    for table in release.tables:
        _data(folder, table)
        if spss:
            _sav(folder, table)
    texts = documents.render_documents(release, about, _sizes(folder))
    for name, words in texts.items():
        (folder / name).write_text(words, encoding="utf-8", newline="\n")
    lines = [f"{digest}  {name}\n" for name, (_, digest) in _sizes(folder).items()]
    (folder / "CHECKSUMS").write_text("".join(lines), encoding="utf-8", newline="\n")
    for path in folder.iterdir():
        with path.open("rb") as written:
            os.fsync(written.fileno())


def _pack(folder: Path, name: str) -> None:
    """Put all files of a folder into one archive in it, below a folder of that name."""
    found = sorted(folder.iterdir())
    with (folder / ARCHIVE).open("wb") as made:
        with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=6) as archive:
            for path in found:
                archive.write(path, f"{name}/{path.name}")
                path.unlink()
        made.flush()
        os.fsync(made.fileno())


def _data(folder: Path, table: Table) -> None:
    """Write a table's rows as CSV and Parquet, in one pass."""
    batches = iter(table.batches())
    first = next(batches, None)
    if first is None:
        raise Invalid(lazy("There is nothing to release: nobody shares their data."))
    schema = first.schema
    csv = pyarrow.csv.CSVWriter(folder / f"{table.name}.csv", _plain(first).schema)
    with csv, pq.ParquetWriter(folder / f"{table.name}.parquet", schema) as parquet:
        for batch in _chained(first, batches):
            csv.write_batch(_plain(batch))
            parquet.write_batch(batch)


def _chained(first: pa.RecordBatch, rest: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    yield first
    yield from rest


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the same rows for CSV: no text that a spreadsheet would run, times as ISO 8601."""
    columns = []
    for column in batch.columns:
        if pa.types.is_string(column.type):
            safe = pc.replace_substring_regex(column, csv_cells.RISKY, csv_cells.SAFE)
            columns.append(safe)
        elif pa.types.is_timestamp(column.type):
            columns.append(pc.strftime(column.cast(SECONDS), "%Y-%m-%dT%H:%M:%SZ"))
        else:
            columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _sav(folder: Path, table: Table) -> None:
    """Write a table for SPSS, with the definitions as labels, and with no moment of making.

    An ordered factor becomes the numbers of its levels from 1 on, with the levels as value labels.
    """
    rows = pa.Table.from_batches(list(table.batches()))
    if rows.num_rows > SPSS_MOST_ROWS:
        raise Invalid(
            lazy(
                "An SPSS file of %(rows)s rows would not fit in memory. Ask for the release "
                "without SPSS files.",
                rows=lazy_format(formats.number, rows.num_rows),
            )
        )
    path = folder / f"{table.name}.sav"
    labels: dict[str, str | None] = {field.name: field.definition[:250] for field in table.fields}
    levels = {field.name: field.levels for field in table.fields if field.levels}
    for name, values in levels.items():
        numbers = pc.add(pc.index_in(rows[name], pa.array(values)), 1)
        rows = rows.set_column(rows.column_names.index(name), name, numbers)
    pyreadstat.write_sav(
        polars.from_arrow(rows),
        path,
        file_label=table.about[:60],
        column_labels=labels,
        variable_value_labels={
            name: dict(enumerate(values, start=1)) for name, values in levels.items()
        },
        variable_measure=dict.fromkeys(levels, "ordinal"),
    )
    data = bytearray(path.read_bytes())
    data[SAV_MOMENT] = NEVER
    path.write_bytes(data)


def _sizes(folder: Path) -> dict[str, tuple[int, str]]:
    """Return the length in bytes and the SHA-256 of every file, by name."""
    found = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        found[path.name] = (path.stat().st_size, digest)
    return found
