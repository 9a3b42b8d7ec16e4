"""Each language has all texts, and nothing in them that breaks a page; see docs/translating.md."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from forum.core.translation import catalogues, languages
from tests.support.languages import checks, extraction, update

FILES = extraction.files()


@pytest.fixture(scope="module")
def template() -> Catalog:
    """Return all texts, as `make messages` finds them."""
    return extraction.template()


@pytest.mark.parametrize("language", FILES)
def test_a_catalogue_is_complete_and_right(language: str) -> None:
    wrong = {
        message.id: faults
        for message in update.read(FILES[language])
        if message.id and (faults := checks.faults_of(message))
    }
    assert not wrong


@pytest.mark.parametrize("language", FILES)
def test_a_catalogue_is_up_to_date(language: str, template: Catalog, tmp_path: Path) -> None:
    (again := tmp_path / f"{language}.po").write_bytes(FILES[language].read_bytes())
    update.update(again, template)
    assert again.read_text() == FILES[language].read_text(), "run `make messages`"


@pytest.mark.parametrize("language", FILES)
def test_a_catalogue_is_read_as_it_is_written(language: str) -> None:
    read = catalogues.of(language)
    written = [message for message in update.read(FILES[language]) if message.id]
    assert len(read.forms) == len(written)
    assert languages.SOURCE not in FILES


def test_texts_are_found_in_code_and_templates(template: Catalog) -> None:
    assert template.get("Get help now") is not None
    assert template.get("Please log in first.") is not None
    source = """
        {{ _("One") }} {{ pgettext("a number", "Two") }}
        {% trans %}\n  100% of\n  three{% endtrans %}
        {% trans n=many %}{{ n }} <b>four</b>{% pluralize %}{{ n }} fours{% endtrans %}
    """
    found = [text[2:] for text in extraction.in_template(source, "a.html")]
    assert found == [
        ("", "One", ""),
        ("a number", "Two", ""),
        ("", "100% of three", ""),
        ("", "%(n)s <b>four</b>", "%(n)s fours"),
    ]


@pytest.mark.parametrize(
    ("english", "translation", "fault"),
    [
        ("Hello %(name)s", "Hallo", "values"),
        ("Hello %(name)s", "Hallo %(nmae)s", "values"),
        ("<b>Hello</b>", "<b>Hallo", "tags"),
        ("Hello", 'Sag "Hallo"', "quotation"),
        ("Hello", "Hallo ", "white space"),
        ("%(n)s per cent", "%(n)s %", "per cent"),
        ("Hello", "", "not translated"),
        (("%(count)s reply", "%(count)s replies"), ("Eine Antwort", "%(count)s Antworten"), ""),
        (("%(count)s reply", "%(count)s replies"), ("Eine Antwort", ""), "not translated"),
        ('<a href="/help-now">Help</a>', '<a href="/help-now">Hilfe</a>', ""),
    ],
)
def test_what_is_wrong_with_a_translation(
    english: str | tuple[str, str], translation: str | tuple[str, str], fault: str
) -> None:
    (found, *_more) = checks.faults_of(Message(english, translation)) or [""]
    assert fault in found
    assert bool(fault) == bool(found)
