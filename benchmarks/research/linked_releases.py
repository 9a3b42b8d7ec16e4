"""What linked releases of simulated members keep.

Run `python -m benchmarks.research.linked_releases`.
"""

import random
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from forum.activity.measures.study_record import Window
from forum.research.releases.package.schema import Release
from forum.research.releases.tiers import linked_microdata
from tests.support.research.simulated import BEGIN, snapshot

SEED, SIZES, AGREEING, WEEKS = 1, (500, 2000, 5000), 0.7, (8, 14, 20, 26)
LEAVING, COLUMNS = (0.02, 0.05), ((), ("posts", "joined", "active_days"))


def main() -> None:
    """Print a row for each number of members, share that withdraws, columns, and release."""
    print(
        "| members | withdraw | columns | release | people | followed of the first | left "
        "| same id | right guesses, at most | broad bands | rank of posts |"
    )
    for members in SIZES:
        with TemporaryDirectory() as name:
            whole = snapshot(Path(name), members, seed=SEED)
            for leaving in LEAVING:
                for columns in COLUMNS:
                    _measure(whole, members, leaving, columns)


def _measure(whole: Path, members: int, leaving: float, columns: tuple[str, ...]) -> None:
    dice = random.Random(SEED)
    people = parquet.read_table(whole / "participants.parquet")
    keys = people["participant"].to_pylist()
    agreed = {key for key in keys if dice.random() < AGREEING}
    gone, first, release = set[int](), dict[int, str](), None
    for number, weeks in enumerate(WEEKS):
        if number:
            gone |= {key for key in keys if dice.random() < leaving}
        there = [
            row | {"linkage": row["participant"] in agreed}
            for row in people.to_pylist()
            if row["participant"] not in gone
        ]
        release = _released(whole, there, weeks, columns, release)
        ids = {key: each for one in release.linked_classes for key, each in one.ids.items()}
        first = first or ids
        left, same = len(first.keys() - gone), len(first.items() & ids.items())
        told = release.findings
        cells = (
            members,
            f"{leaving:.0%}",
            len(columns) or "all",
            number + 1,
            len(release.participants),
            len(first),
            left,
            same,
            f"{max(each.upper for each in release.attacks):.1%}",
            f"{told['information_kept_of_broad_bands']:.2f}",
            f"{_rank(told):.2f}",
        )
        print("|", " | ".join(str(each) for each in cells), "|", flush=True)


def _released(
    whole: Path,
    there: list[dict[str, Any]],
    weeks: int,
    columns: tuple[str, ...],
    before: Release | None,
) -> Release:
    """Return the release of who is there after so many weeks."""
    end = BEGIN + timedelta(weeks=weeks)
    people = [
        row | {"left_at": row["left_at"] if row["left_at"] and row["left_at"] < end else None}
        for row in there
        if row["joined_at"] < end
    ]
    events = parquet.read_table(whole / "events.parquet")
    mine = pc.is_in(events["participant"], pa.array([row["participant"] for row in people]))
    events = events.filter(pc.and_(mine, pc.less(events["at"], pa.scalar(end))))
    schema = parquet.read_schema(whole / "participants.parquet")
    with TemporaryDirectory() as name:
        parquet.write_table(events, Path(name) / "events.parquet")
        parquet.write_table(
            pa.Table.from_pylist(people, schema=schema), Path(name) / "participants.parquet"
        )
        return linked_microdata.build(
            Path(name),
            Window(BEGIN.date(), weeks * 7),
            SEED,
            columns=columns,
            linkage=before.linked_classes if before else (),
        )


def _rank(told: Mapping[str, object]) -> float:
    order = told["rank_correlation_of_true_and_told_dose"]
    assert isinstance(order, dict)
    return float(order["posts"])


if __name__ == "__main__":
    main()
