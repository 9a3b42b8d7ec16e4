"""Whether a link's words say truly where it leads; whatever they hold, they can be asked."""

import pytest

from forum.core.text import link_labels


@pytest.mark.parametrize(
    ("label", "href", "is_another"),
    [
        ("https://help.org", "https://help.org/a", False),
        ("help.org", "https://www.help.org", False),
        ("help.org", "https://rooms.help.org", False),
        ("rooms.help.org", "https://help.org", True),
        ("help.org", "https://elsewhere.org", True),
        ("a way to help", "https://elsewhere.org", False),
        ("https://[help", "https://elsewhere.org", False),
        ("help.org", "https://[help.org", True),
        ("https://münchen.org", "https://xn--mnchen-3ya.org", False),
        ("https://münchen.org", "https://xn--münchen.org", True),
    ],
)
def test_words_that_name_another_site_are_found(label: str, href: str, is_another: bool) -> None:
    assert link_labels.names_another_site(label, href) is is_another


def test_letters_that_are_taken_for_latin_ones_are_found() -> None:
    latin, cyrillic = "https://apple.com", "https://xn--80ak6aa92e.com"
    assert link_labels.looks_like_another_site(
        "https://\u0430\u0440\u0440\u04cf\u0435.com", cyrillic
    )
    assert not link_labels.looks_like_another_site("apple.com", latin)
    assert not link_labels.looks_like_another_site("\u042f\u0431\u043b\u043e\u043a\u043e", cyrillic)
