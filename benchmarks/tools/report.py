"""The table that is printed, and the JSON that is kept."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "results"
ROW = "{:<46}{:<12}{:>14}{:>14}{:>8}{:>9}  {}"


@dataclass(frozen=True)
class Figure:
    """A measure, the baseline of the same run, and what their ratio should be.

    `at_least` and `at_most` bound the ratio; `aim` is where it should better be.
    """

    name: str
    database: str
    unit: str
    measured: float
    baseline: float
    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None

    @property
    def ratio(self) -> float:
        """Measure by baseline."""
        return self.measured / self.baseline

    @property
    def verdict(self) -> str:
        """How the ratio compares with its bounds, in a word."""
        least, most = self.at_least, self.at_most
        if least is None and most is None:
            return ""
        if (least is not None and self.ratio < least) or (most is not None and self.ratio > most):
            return "MISSED"
        return "kept" if self.aim is None or self.ratio >= self.aim else "kept, below aim"

    @property
    def bound(self) -> str:
        """The ratio's bound in a few characters."""
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"<= {self.at_most:g}" if self.at_most is not None else ""


def show(figures: list[Figure]) -> None:
    """Print all figures as a table."""
    print(ROW.format("measure", "database", "measured", "baseline", "ratio", "bound", ""))
    for figure in figures:
        print(
            ROW.format(
                f"{figure.name} [{figure.unit}]",
                figure.database,
                _short(figure.measured),
                _short(figure.baseline),
                f"{figure.ratio:.2f}",
                figure.bound,
                figure.verdict,
            )
        )


def keep(figures: list[Figure], **about: object) -> Path:
    """Write all figures as JSON, and return the file."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    file = RESULTS / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    rows = [
        {**asdict(figure), "ratio": figure.ratio, "verdict": figure.verdict} for figure in figures
    ]
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    told = {"at": now.isoformat(), "machine": machine, **about, "figures": rows}
    file.write_text(json.dumps(told, indent=1) + "\n")
    return file


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
