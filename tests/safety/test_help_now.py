"""Help now: for everybody, in every state of the forum."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from forum.core import db
from forum.core.translation import _, using
from forum.safety import helpline_words, helplines
from forum.safety.views import dialled
from forum.settings.values import BadSettings

SHIPPED = helplines.load(Path("/nowhere"))
NEEDED = {
    "GB",
    "IE",
    "US",
    "CA",
    "AU",
    "NZ",
    "DE",
    "AT",
    "CH",
    "FR",
    "NL",
    "BE",
    "ES",
    "IT",
    "PT",
    "SE",
    "NO",
    "DK",
    "FI",
    "PL",
    "IN",
    "ZA",
    "BR",
    "JP",
}
OWN = """
[GB]
name = "Our island"
emergency = ["999"]
checked = "2026-12"
[[GB.lines]]
name = "The harbour office"
numbers = ["01234 567"]
happens = "Somebody answers."
source = "https://harbour.example/"
"""


def test_all_promised_countries_are_there() -> None:
    assert set(SHIPPED) >= NEEDED


@pytest.mark.parametrize("country", SHIPPED.values(), ids=lambda c: c.code)
def test_each_country_can_be_used(country: helplines.Country) -> None:
    assert re.fullmatch("[A-Z]{2}", country.code)
    assert country.emergency
    assert country.lines
    for line in country.lines:
        assert line.numbers or line.other, line.name
        assert line.hours
        assert line.source.startswith("https://")
        assert all(re.fullmatch(r"[0-9 +-]+", number) for number in line.numbers)
        for way in line.other:
            if way.link.startswith("sms:"):
                assert way.link.removeprefix("sms:") in re.sub(r"[ -]", "", way.words), way


@pytest.mark.parametrize(
    ("languages", "code"),
    [
        (["en-GB", "en"], "GB"),
        (["de"], "DE"),
        (["de-AT", "de"], "AT"),
        (["pt-BR"], "BR"),
        (["pt_PT"], "PT"),
        (["zh-Hans-CN", "fr-CA"], "CA"),
        (["nb-NO"], "NO"),
        (["fr-SN"], "FR"),
        (["en"], None),
        (["x" * 3000, "-", ""], None),
        ([], None),
    ],
)
def test_first_guess_comes_from_languages(languages: list[str], code: str | None) -> None:
    found = helplines.first_guess(SHIPPED, languages)
    assert (found.code if found else None) == code


def guess_in_german() -> str:
    """What the page says in German when the browser's language chose the country."""
    said = "We guessed this from your language. We don't track where you are."
    with using("de"):
        german = _(said)
    assert german != said
    return escape(german)


def test_page_shows_the_country_that_is_asked_for(client: FlaskClient) -> None:
    page = client.get("/help-now?country=ie", headers={"Accept-Language": "de"}).text
    assert "Samaritans" in page
    assert 'href="tel:116123"' in page
    assert 'href="sms:50808"' in page
    assert "TelefonSeelsorge" not in page
    assert guess_in_german() not in page


def test_page_guesses_and_says_so(client: FlaskClient) -> None:
    page = client.get("/help-now", headers={"Accept-Language": "de-DE,de;q=0.9"}).text
    assert "TelefonSeelsorge" in page
    assert guess_in_german() in page


@pytest.mark.parametrize("asked", ["elsewhere", "ZZ", "", "<b>", "😶"])
def test_anywhere_else(client: FlaskClient, asked: str) -> None:
    answer = client.get("/help-now", query_string={"country": asked})
    assert answer.status_code == 200
    assert "findahelpline.com" in answer.text
    assert "befrienders.org" in answer.text


def test_all_that_our_files_say_is_listed_for_translation() -> None:
    listed = {str(text) for text in helpline_words.TEXTS}
    countries = SHIPPED.values()
    lines = [line for country in countries for line in country.lines]
    explained = {country.name for country in countries}
    for line in lines:
        explained |= {line.happens, line.hours, *(way.words for way in line.other)}
    assert explained <= listed
    assert listed <= explained | {line.name for line in lines}


def test_page_shows_the_emergency_number_before_all_other_words(client: FlaskClient) -> None:
    page = client.get("/help-now?country=GB").text
    main = page[page.index("<main") :]
    assert main.index('href="tel:999"') < main.index("<p>")


def test_page_says_what_we_do_not_cover(client: FlaskClient) -> None:
    page = client.get("/help-now").text
    assert "If your country isn't in the list above" in unescape(page)
    assert "only understands English" in page


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ("en", {"116 123", "988", "13 11 14", "999"}),
        ("zh", {"116 123", "988"}),  # the page's own language, where none speaks the reader's
        ("", {"116 123", "988"}),
        ("rm", {"143"}),
    ],
)
def test_someone_to_talk_to_is_there_before_a_country_is_chosen(
    client: FlaskClient, wanted: str, numbers: set[str]
) -> None:
    page = client.get("/help-now", headers={"Accept-Language": wanted}).text
    before_choice = page[page.index("<main") : page.index("<select")]
    for number in numbers:
        assert f'href="tel:{dialled(number)}"' in before_choice, number


def test_lines_of_a_country_come_before_the_choice_of_another(client: FlaskClient) -> None:
    page = client.get("/help-now?country=GB").text
    main = page[page.index("<main") :]
    danger, lines = main.index('href="tel:999"'), main.index('href="tel:116123"')
    assert danger < lines < main.index("<select")
    assert main.index('href="#country"') < lines


def test_emergency_numbers_of_no_country_are_those_of_our_files(client: FlaskClient) -> None:
    page = client.get("/help-now?country=elsewhere").text
    section = page[page.index("danger-now") : page.index("lead")]
    shown = set(re.findall(r'href="tel:(\d+)"', section))
    said = {"GB": {"999", "112"}, "IN": {"112"}, "US": {"911"}, "CA": {"911"}}
    assert shown == {"112", "999", "911"}
    for code, numbers in said.items():
        assert numbers <= set(SHIPPED[code].emergency)


def test_page_needs_no_database(app: Flask, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = "a session that would be looked up"
    db.bind("sqlite:////nowhere/at/all.sqlite3")
    assert client.get("/help-now").status_code == 200


def test_operators_file_goes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "helplines.toml").write_text(OWN)
    found = helplines.load(tmp_path)
    assert found["GB"].name == "Our island"
    assert found["GB"].lines[0].name == "The harbour office"
    assert found["IE"] == SHIPPED["IE"]


@pytest.mark.parametrize(
    "broken",
    [
        "[GB",
        "GB = 1",
        "[GB]\nname='x'",
        OWN.replace("2026-12", "soon"),
        OWN + 'other = [{words = "x", link = "javascript:alert(1)"}]',
        OWN + 'colour = "red"',
    ],
)
def test_a_broken_file_is_refused_at_the_start(tmp_path: Path, broken: str) -> None:
    (tmp_path / "helplines.toml").write_text(broken)
    with pytest.raises(BadSettings, match=r"helplines\.toml cannot be used"):
        helplines.load(tmp_path)


def test_numbers_are_dialled_without_decoration() -> None:
    assert dialled("1-866 488-7386") == "18664887386"
    assert dialled("+91 9999 666 555") == "+919999666555"
