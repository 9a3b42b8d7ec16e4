"""What the ledger keeps in English, in the words of its pages."""

import pytest
from flask import Flask

from forum.core.translation import using
from forum.research.releases.ledger import attack_names
from forum.research.releases.ledger.views import _band_in_words


@pytest.mark.parametrize(
    ("attack", "words"),
    [
        ("joining with release 3", "joining with release 3 of the same kind"),
        ("joining with microdata 3", "joining with microdata release 3"),
        ("joining with panel 12", "joining with panel release 12"),
        (
            "rows of microdata 4, joined with all releases at once",
            "rows of microdata release 4, joined with all releases at once",
        ),
        ("reactions", "reactions"),
        ("an attack of an older forum", "an attack of an older forum"),
    ],
)
def test_an_attack_has_a_name(attack: str, words: str) -> None:
    assert str(attack_names.label(attack)) == words
    with using("de"):
        assert (str(attack_names.label(attack)) == words) == ("older" in attack)


@pytest.mark.parametrize(
    ("band", "words"), [("11 to 20", "11 to 20"), ("1000 or more", "1,000 or more"), ("0", "0")]
)
def test_how_many_took_part_is_said(app: Flask, band: str, words: str) -> None:
    with app.test_request_context():
        assert _band_in_words(band) == words
