"""Which e-mail addresses are taken, however they are typed."""

import pytest

from forum.accounts.identity import emails
from forum.core.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("wren\uff20example.org", "wren@example.org"),  # the @ of a Japanese keyboard
        ("\uff57ren@\uff45xample\uff0eorg", "wren@example.org"),  # wide letters
        ("wren@example。org", "wren@example.org"),
        (" First.Last+groups@Mail.Example.co.uk ", "first.last+groups@mail.example.co.uk"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("wren@उदाहरण.भारत", "wren@उदाहरण.भारत"),
        ("zoë@straße.example", "zoë@straße.example"),
    ],
)
def test_an_address_is_stored_as_it_is_meant(typed: str, stored: str) -> None:
    assert emails.checked(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "wren@example.org?",
        "wren@exam/ple.org",
        "wren@example.org#",
        "wren@-example.org",
        "wren@example-.org",
        f"wren@{'b' * 64}.org",
        "wren@192.0.2.1",
        "wren..b@example.org",
        ".wren@example.org",
        "wren.@example.org",
        "wren@ex%00ample.org",
        "wren@\ud800example.org",
        f"{'é' * 64}@{'ü' * 60}.{'ü' * 60}.org",
    ],
)
def test_what_no_mail_server_takes_is_refused_when_it_is_typed(typed: str) -> None:
    with pytest.raises(Invalid):
        emails.checked(typed)
