"""The researchers' guide says of each measure what noise does to it."""

from pathlib import Path

from forum.research.releases.disclosure.differential_privacy.noise_guide import rewritten

GUIDE = Path(__file__).parents[4] / "docs" / "research.md"


def test_the_guide_says_of_every_measure_what_an_epsilon_does() -> None:
    text = GUIDE.read_text()
    assert rewritten(text) == text, (
        "Run: .venv/bin/python -m "
        "forum.research.releases.disclosure.differential_privacy.noise_guide docs/research.md"
    )
