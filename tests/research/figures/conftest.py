"""Figures of these tests are drawn in English alone; test_languages.py draws them in each."""

import pytest

from forum.core.translation import catalogues


@pytest.fixture(autouse=True)
def one_language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw once: what is shown of whom is the same in each language, and takes as long again."""
    if not request.path.name.startswith("test_languages"):
        monkeypatch.setattr(catalogues, "codes", lambda: ["en"])
