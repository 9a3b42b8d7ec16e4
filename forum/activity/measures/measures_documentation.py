"""The definitions of all measures as Markdown, for
`python -m forum.activity.measures.measures_documentation FILE`.

Writes them between the two marks in that file; a test sees to it that they stay true.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from forum.activity import measures
from forum.activity.measures.measure import Measure

BEGIN_MARK, END_MARK = "<!-- definitions: begin -->", "<!-- definitions: end -->"


def definitions() -> str:
    """Return two tables: measures of each person, and measures of all of them together."""
    return "\n".join(
        [
            "### For each person and period",
            "",
            *_table(measures.person_measures()),
            "",
            "### For all people of a study",
            "",
            *_table(measures.study_measures()),
        ]
    )


def _table(listed: Mapping[str, Measure]) -> list[str]:
    return [
        "| name | version | construct | unit | definition | source |",
        "|---|---|---|---|---|---|",
        *(
            f"| `{name}` | {one.version} | {one.construct} | {one.unit} | {one.definition} "
            f"| {one.source} |"
            for name, one in listed.items()
        ),
    ]


def rewritten(text: str) -> str:
    """Return a document with the definitions between its marks made again."""
    before, rest = text.split(BEGIN_MARK)
    _, after = rest.split(END_MARK)
    return f"{before}{BEGIN_MARK}\n{definitions()}\n{END_MARK}{after}"


if __name__ == "__main__":
    document = Path(sys.argv[1])
    document.write_text(rewritten(document.read_text()))
