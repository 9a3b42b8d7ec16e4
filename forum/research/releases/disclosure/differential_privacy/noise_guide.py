"""What an epsilon does to each measure, as Markdown, between two marks of a file:
`python -m forum.research.releases.disclosure.differential_privacy.noise_guide FILE`.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from forum.activity import measures
from forum.research.releases.disclosure.differential_privacy.noise import BOUNDS, VARIABLES, Noise

BEGIN_MARK, END_MARK = "<!-- noise: begin -->", "<!-- noise: end -->"
EPSILONS = (1.0, 0.5, 0.1)


def table() -> str:
    """Return how large the noise is at most, in 95 of 100 cases, for each measure."""
    silent = [name for name in measures.person_measures() if name not in {*VARIABLES, *BOUNDS}]
    return "\n".join(
        [
            f"| released | {_each(EPSILONS, '{:g}')} |",
            "|---|---|",
            f"| people by band of {_names(sorted(VARIABLES))} | {_margins(1)} |",
            *(
                f"| sum of `{name}` in four weeks, up to {bound} a member over the whole study "
                f"| {_margins(bound)} |"
                for name, bound in BOUNDS.items()
            ),
            f"| {_names(silent)} | not released |",
            f"| {_names(measures.study_measures())} | not released |",
        ]
    )


def rewritten(text: str) -> str:
    """Return a document with the table between its marks made again."""
    before, rest = text.split(BEGIN_MARK)
    _, after = rest.split(END_MARK)
    return f"{before}{BEGIN_MARK}\n{table()}\n{END_MARK}{after}"


def _margins(bound: int) -> str:
    return _each((Noise(epsilon).margin(bound) for epsilon in EPSILONS), "{:,}")


def _each(values: Iterable[float], form: str) -> str:
    return " / ".join(form.format(value) for value in values)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(rewritten(document.read_text()))
