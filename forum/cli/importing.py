"""`forum import FILE`."""

import gc
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import click
from tqdm import tqdm

from forum.importing.loading import Report, load_lines
from forum.importing.records import LINE_MAX_BYTES, RECORD_TYPES, short

PLURALS = {"study": "studies"}


@click.command("import")
@click.argument("file", type=click.File("rb"))
def command(file: BinaryIO) -> None:
    """Import a community from FILE: JSON lines, described in docs/import.md.

    "-" reads standard input. It reports each refused line with its number and the reason, and keeps
    the others. Running it twice adds nothing. Nobody is notified.
    """
    from forum import app
    from forum.core import events
    from forum.server import checks
    from forum.settings.environment import from_environment

    _refuse_foreign(file)
    settings = from_environment()
    checks.prepare_database(settings)
    app.create_app(settings)
    # What is brought in happened elsewhere: nobody is told, and nothing else follows from it.
    events.subscribe({}, {})
    bar = tqdm(total=_size(file), unit="B", unit_scale=True, disable=None, file=sys.stderr)
    with bar, _rarely_collecting():
        reasons = _Reasons()
        report = load_lines(numbered(file, bar), reasons.tell)
    if report.refused and not (report.added or report.already):
        raise click.ClickException("None of the lines could be imported.")
    click.echo("\n".join((*reasons.counted(), *summary(report))))


def _refuse_foreign(file: BinaryIO) -> None:
    """Raise ClickException for what is no text: a picture, an archive, a database."""
    start = file.peek(1) if isinstance(file, io.BufferedReader) else b""
    if b"\0" in start:
        raise click.ClickException(
            "This file is not text. forum import takes JSON lines in UTF-8; docs/import.md "
            "describes them."
        )


def numbered(file: BinaryIO, bar: "tqdm[object] | None" = None) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not blank with its number; of an endless one, only the beginning."""
    number = 0
    while line := file.readline(LINE_MAX_BYTES + 1):
        number += 1
        read, rest = len(line), line
        while len(rest) > LINE_MAX_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(LINE_MAX_BYTES + 1)
            read += len(rest)
        if bar is not None:
            bar.update(read)
        if line.strip():
            yield number, line


def summary(report: Report) -> Iterator[str]:
    """Yield what became of the lines, in words."""
    yield f"Added: {_counted(report.added)}."
    if report.already:
        yield f"There already: {_counted(report.already)}."
    for name, handle in report.renamed.items():
        yield f"Another handle: {short(name)} is {handle} here."
    for line, fell in report.refused_with.items():
        yield f"Refused with line {line:,}: {_counted(fell)}."
    if report.refused:
        yield f"Refused: {report.refused:,}; the reasons are above."


def _counted(counts: dict[str, int]) -> str:
    words = [
        f"{counts[kind]:,} {kind if counts[kind] == 1 else PLURALS.get(kind, kind + 's')}"
        for kind in RECORD_TYPES
        if counts.get(kind)
    ]
    return ", ".join(words) or "nothing"


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    # Nearly all objects here are short-lived; looking through the rest takes a tenth of the time.
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class _Reasons:
    """Why lines were refused: each reason is told with its first line, and counted after that."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}

    def tell(self, number: int, reason: str) -> None:
        """Tell why a line was refused, if no line before it was for the same reason."""
        if reason in self._lines:
            self._lines[reason][1] += 1
        else:
            self._lines[reason] = [number, 0]
            tqdm.write(f"line {number}: {reason}", file=sys.stdout)

    def counted(self) -> Iterator[str]:
        """Yield how many more lines each reason has refused."""
        for first, more in self._lines.values():
            if more:
                yield f"For the same reason as line {first:,}: {more:,} more."


def _size(file: BinaryIO) -> int | None:
    if not file.seekable():
        return None
    start = file.tell()
    size = file.seek(0, 2) - start
    file.seek(start)
    return size
