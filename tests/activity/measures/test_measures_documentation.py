"""Every measure is defined in the manual of measures, exactly as it is in the code."""

from pathlib import Path

from forum.activity import measures
from forum.activity.measures.measure import MEASURES
from forum.activity.measures.measures_documentation import rewritten

GUIDE = Path(__file__).parents[3] / "docs" / "measures.md"


def test_the_guide_holds_the_definitions_of_the_code() -> None:
    text = GUIDE.read_text()
    assert rewritten(text) == text, (
        "Run: .venv/bin/python -m forum.activity.measures.measures_documentation docs/measures.md"
    )


def test_every_measure_says_what_it_is() -> None:
    assert len(measures.person_measures()) + len(measures.study_measures()) == len(MEASURES) > 35
    for one in MEASURES.values():
        assert one.definition.endswith(".")
        assert one.unit
        assert one.source
        assert one.version >= 1
