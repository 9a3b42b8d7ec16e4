"""Writing a release: no cell is a formula, and what fails leaves nothing behind."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from forum.core.errors import Invalid
from forum.research.releases.package import files
from forum.research.releases.package.schema import Field, Release, ReleaseMetadata, Table

ABOUT = ReleaseMetadata(
    "evenings", "Evening groups", "Whether taking part helps.", datetime(2026, 7, 10, tzinfo=UTC)
)


def made_of(values: list[str]) -> Release:
    """Return a release of one column of text."""
    table = pa.table({"said": values})
    field = Field("said", "string", "A test.")
    return Release(
        "aggregate", [Table("said", "A test.", (field,), table.to_batches)], [], {}, frozenset(), ()
    )


def test_no_spreadsheet_runs_a_cell(tmp_path: Path) -> None:
    risky = ["=1+1", "+1", "-1", "@sum", "\tx", "\uff1d1", "fine", "a=b", "x; y", "2 + 2"]
    files.write(tmp_path / "release", made_of(risky), ABOUT)
    with (tmp_path / "release" / "said.csv").open(newline="", encoding="utf-8-sig") as written:
        said = [line["said"] for line in csv.DictReader(written)]
    assert said == [f"'{value}" for value in risky[:6]] + risky[6:]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write(tmp_path / "release", made_of(["x"]), ABOUT)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    with pytest.raises(Invalid, match="already"):
        files.write(tmp_path / "release", made_of(["x"]), ABOUT)
