"""Every measure is defined in the manual of measures, exactly as it is in the code."""

import subprocess
import sys
from pathlib import Path

from forum.activity import measures
from forum.activity.measures import measures_documentation
from forum.activity.measures.measure import MEASURES
from forum.activity.measures.measures_documentation import (
    BEGIN_MARK,
    END_MARK,
    definitions,
    rewritten,
)

GUIDE = Path(__file__).parents[3] / "docs" / "measures.md"


def test_the_guide_holds_the_definitions_of_the_code() -> None:
    text = GUIDE.read_text()
    assert rewritten(text) == text, (
        "Run: .venv/bin/python -m forum.activity.measures.measures_documentation docs/measures.md"
    )


def test_the_command_writes_them_into_a_file(tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text(f"Before\n{BEGIN_MARK}\nold\n{END_MARK}\nAfter\n")
    module = measures_documentation.__name__
    subprocess.run([sys.executable, "-m", module, guide], check=True)
    assert guide.read_text() == f"Before\n{BEGIN_MARK}\n{definitions()}\n{END_MARK}\nAfter\n"


def test_every_measure_says_what_it_is() -> None:
    assert len(measures.person_measures()) + len(measures.study_measures()) == len(MEASURES) > 35
    for one in MEASURES.values():
        assert one.definition.endswith(".")
        assert one.unit
        assert one.source
        assert one.version >= 1
