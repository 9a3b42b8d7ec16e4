"""The table of journeys, beside what each took before."""

import tomllib
from pathlib import Path

from benchmarks.journeys.stage import Reached

BEFORE = Path(__file__).with_name("before.toml")


def table(reached: list[Reached]) -> str:
    """Return what was reached as a table in Markdown."""
    before = tomllib.loads(BEFORE.read_text())
    lines = [
        "| journey | reached | taps before | taps | seconds before | seconds |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for one in reached:
        taps, seconds = before.get(one.journey, {}).get(one.point, ("-", "-"))
        lines.append(
            f"| {one.journey} | {one.point} | {taps} | {one.taps} | {seconds} | {one.seconds:.0f} |"
        )
    return "\n".join(lines)
