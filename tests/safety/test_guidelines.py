"""Age, guidelines and complaints: what the operator sets is what everybody reads."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from forum.app import create_app
from forum.core.translation import using
from forum.safety.guidelines import guideline_text
from forum.settings.environment import Settings, from_environment
from forum.settings.values import BadSettings


def forum_with(settings: Settings, **changes: object) -> FlaskClient:
    """Return a visitor's browser on a forum with other settings."""
    return create_app(replace(settings, **changes)).test_client()  # type: ignore[arg-type]


def test_the_age_is_part_of_the_one_tick(client: FlaskClient) -> None:
    page = client.get("/register").text
    assert "I&#39;m 18 or older, and I&#39;ll follow these guidelines" in page
    assert page.count('type="checkbox"') == 1
    assert "For people aged 18 or over" in client.get("/guidelines").text


def test_the_operator_sets_another_age_or_none(settings: Settings) -> None:
    assert "16 or older" in forum_with(settings, minimum_age=16).get("/register").text
    none = forum_with(settings, minimum_age=0)
    assert "or older" not in none.get("/register").text
    assert "For everyone." in none.get("/guidelines").text


def test_an_operators_guidelines_are_shown_everywhere(settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "own.md"
    own.write_text("# Here\n\nPlease **listen** first. <script>alert(1)</script>")
    client = forum_with(settings, guidelines=str(own))
    for path in ("/guidelines", "/register"):
        page = client.get(path).text
        assert "<h3>Here</h3>" in page
        assert "<strong>listen</strong>" in page
        assert "<script>alert" not in page


def test_guidelines_are_in_the_readers_language(settings: Settings, tmp_path: Path) -> None:
    ours = guideline_text.load(None)
    own = tmp_path / "own.md"
    own.write_text("Listen.")
    (tmp_path / "own.de.md").write_text("Hör zu.")
    operators = guideline_text.load(own)
    for language, our_words, operators_words in (
        ("en", "Be kind.", "Listen."),
        ("de", "Sei freundlich.", "Hör zu."),
        ("es", "Sé amable.", "Listen."),
    ):
        with using(language):
            assert our_words in escape(ours)
            assert operators_words in escape(operators)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe", b"x" * 20_001])
def test_guidelines_that_cannot_be_used_stop_the_start(
    settings: Settings, tmp_path: Path, content: bytes
) -> None:
    own = tmp_path / "own.md"
    own.write_bytes(content)
    with pytest.raises(BadSettings, match="FORUM_GUIDELINES"):
        forum_with(settings, guidelines=str(own))


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("care@forum.example", 'href="mailto:care@forum.example"'),
        ("https://forum.example/form", 'href="https://forum.example/form"'),
    ],
)
def test_complaints_say_where_and_within_how_long(
    settings: Settings, address: str, link: str
) -> None:
    page = forum_with(settings, complaints=address, complaints_days=1).get("/complaints").text
    assert link in page
    assert "Within 1 day we" in page


def test_without_an_address_nothing_is_promised(client: FlaskClient) -> None:
    page = client.get("/complaints").text
    assert "given an address for complaints yet" in page
    assert "Within" not in page


def test_every_page_leads_to_both(app: Flask) -> None:
    page = app.test_client().get("/groups").text
    assert 'href="/guidelines"' in page
    assert 'href="/complaints"' in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORUM_MINIMUM_AGE", "26"),
        ("FORUM_MINIMUM_AGE", "old"),
        ("FORUM_GUIDELINES", "/nowhere/at/all.md"),
        ("FORUM_GUIDELINES", "a\0b"),
        ("FORUM_HELPLINES", "/nowhere/at/all"),
        ("FORUM_COMPLAINTS", "somewhere"),
        ("FORUM_COMPLAINTS", "http://forum.example"),
        ("FORUM_COMPLAINTS", "javascript:alert(1)"),
        ("FORUM_COMPLAINTS", "a@b.example?subject=x"),
        ("FORUM_COMPLAINTS_DAYS", "0"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        from_environment({"FORUM_INSTANCE": str(tmp_path), name: value})


def test_help_lines_of_ones_own_come_from_a_folder(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "lines"
    folder.mkdir()
    (folder / "gb.toml").write_text(
        '[GB]\nname = "Our island"\nemergency = ["999"]\nchecked = "2026-12"\n'
        '[[GB.lines]]\nname = "The harbour office"\nnumbers = ["01234 567890"]\nhours = "Always"\n'
        'happens = "Somebody answers."\nsource = "https://harbour.example/"\n'
    )
    page = forum_with(settings, helplines=str(folder)).get("/help-now?country=GB").text
    assert "The harbour office" in page
    assert "December 2026" in page
    assert "Samaritans" not in page


@pytest.mark.parametrize("path", ["/forgot", "/recover"])
def test_who_has_no_codes_left_is_told_whom_to_write_to(client: FlaskClient, path: str) -> None:
    main = client.get(path).text.partition("<main")[2].partition("</main>")[0]
    assert "No codes left?" in main
    assert 'href="/complaints"' in main
