"""Texts and templates in the language of a request; `xx` stands for any language."""

import json
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from jinja2 import TemplateAssertionError

from forum.core.translation import (
    _,
    catalogues,
    lazy,
    lazy_pgettext,
    ngettext,
    npgettext,
    pgettext,
    using,
)
from forum.core.translation.caches import cached_by_language
from forum.core.web.flask_tuning import Forum
from forum.core.web.translated_templates import Templates

FORMS = {
    ("", "Reply sent"): ("Antwort <gesendet>",),
    ("", "Dear %(name)s"): ("Hallo, %(name)s",),
    ("", "100% yours"): ("100% deins",),
    ("", "%(count)s reply"): ("%(count)s Antwort", "%(count)s Antworten"),
    ("", "%(n)s reply"): ("%(n)s Antwort", "%(n)s Antworten"),
    ("of a thread", "Open"): ("Offen",),
    ("in a queue", "%(count)s post"): ("%(count)s Stück", "%(count)s Stücke"),
    ("", "By <b>%(name)s</b>"): ("Von <b>%(name)s</b>",),
}


@pytest.fixture(autouse=True)
def _another_language(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = catalogues.Catalogue(FORMS)
    monkeypatch.setattr(
        catalogues, "of", lambda code: catalogue if code == "xx" else catalogues.ENGLISH
    )


def _render(source: str, language: str = "xx", **values: Any) -> str:
    templates = Templates(Flask(__name__), autoescape=True).in_language(language)
    return templates.from_string(source).render(values)


def test_a_text_is_in_the_current_language() -> None:
    assert _("Reply sent") == "Reply sent"
    with using("xx"):
        assert _("Reply sent") == "Antwort <gesendet>"
        assert _("Dear %(name)s", name="Wanda") == "Hallo, Wanda"
        assert _("100% yours") == "100% deins"
        assert pgettext("of a thread", "Open") == "Offen"
        assert pgettext("of a door", "Open") == "Open"
        assert [ngettext("%(count)s reply", "%(count)s replies", n) for n in (1, 2)] == [
            "1 Antwort",
            "2 Antworten",
        ]
        posts = ("%(count)s post", "%(count)s posts")
        assert npgettext("in a queue", *posts, 1) == "1 Stück"
        assert npgettext("in a queue", *posts, 2) == "2 Stücke"
        assert npgettext("in a garden", *posts, 2) == "2 posts"
    assert ngettext("%(count)s reply", "%(count)s replies", 0) == "0 replies"


def test_a_lazy_text_becomes_words_when_it_is_shown() -> None:
    said, state = lazy("Reply sent"), lazy_pgettext("of a thread", "Open")
    assert (str(said), f"{state}!") == ("Reply sent", "Open!")
    with using("xx"):
        assert (str(said), f"{state}!", state.lower()) == ("Antwort <gesendet>", "Offen!", "offen")
        assert _render("{{ said }}", said=said) == "Antwort &lt;gesendet&gt;"
        assert Forum(__name__).json.dumps({"said": said}) == '{"said": "Antwort <gesendet>"}'
    with pytest.raises(TypeError):
        json.dumps({"said": said})  # rather than in a language by chance


def test_a_lazy_text_is_used_as_any_text_is() -> None:
    said = lazy("Reply sent")
    with using("xx"):
        words = "Antwort <gesendet>"
        assert said == words
        assert said != "Reply sent"
        assert (said[0], said[-1], len(said)) == (words[0], words[-1], len(words))
        assert "gesendet" in said
        assert "sent" not in said.split(" <")[0]
        assert said + "!" == f"{words}!"
        assert "> " + said == f"> {words}"
    kept = deepcopy(said)
    assert str(kept) == "Reply sent"
    with using("xx"):
        assert str(kept) == words, "what was kept is in the language of whoever reads it"
    assert {said, lazy("Reply sent")} == {said}
    assert said != lazy("Reply not sent")
    assert repr(said) == "lazy('Reply sent')"


@pytest.mark.parametrize(
    ("source", "english", "translated"),
    [
        ('{{ _("Reply sent") }}', "Reply sent", "Antwort &lt;gesendet&gt;"),
        ('{{ _("Dear %(name)s", name=name) }}', "Dear W&amp;W", "Hallo, W&amp;W"),
        ('{{ _("Dear %(name)s", name="<you>") }}', "Dear &lt;you&gt;", "Hallo, &lt;you&gt;"),
        ('{{ _("Dear %(name)s", name=name | upper) | length }}', "8", "10"),
        ('{{ pgettext("of a thread", "Open") }}', "Open", "Offen"),
        (
            "{% trans %}By <b>{{ name }}</b>{% endtrans %}",
            "By <b>W&amp;W</b>",
            "Von <b>W&amp;W</b>",
        ),
        (
            "{% trans name=name.strip() %}By <b>{{ name }}</b>{% endtrans %}{{ _trans }}",
            "By <b>W&amp;W</b>",
            "Von <b>W&amp;W</b>",
        ),
        (
            "{% trans n=f() %}{{ n }} reply{% pluralize %}{{ n }} replies{% endtrans %}",
            "2 replies",
            "2 Antworten",
        ),
        ("{% trans %}\n  100%\n  yours\n{% endtrans %}", "100% yours", "100% deins"),
        (
            "{% trans count=n %}{{ count }} reply{% pluralize %}{{ count }} replies{% endtrans %}",
            "2 replies",
            "2 Antworten",
        ),
        ('{{ ngettext("%(count)s reply", "%(count)s replies", n) }}', "2 replies", "2 Antworten"),
        ('{{ ngettext("%(count)s reply", "%(count)s replies", 1) }}', "1 reply", "1 Antwort"),
    ],
)
def test_templates_are_translated(source: str, english: str, translated: str) -> None:
    values: dict[str, Any] = {"name": "W&W", "n": 2, "f": lambda: 2}
    assert _render(source, "en", **values) == english
    assert _render(source, **values) == translated


def test_a_template_cannot_translate_what_is_not_written_out() -> None:
    with pytest.raises(TemplateAssertionError, match="written out"):
        _render("{{ _(title) }}", title="Reply sent")


def test_what_is_remembered_is_remembered_by_language() -> None:
    @cached_by_language(10)
    def greeting(name: str) -> str:
        return _("Dear %(name)s", name=name)

    assert greeting("Ann") == "Dear Ann"
    with using("xx"):
        assert greeting("Ann") == "Hallo, Ann"
    assert greeting("Ann") == "Dear Ann"


def test_a_page_knows_its_language() -> None:
    assert _render("{{ page_language }} {{ page_direction }}") == "xx ltr"
    assert _render("{{ page_language }} {{ page_direction }}", "ar") == "ar rtl"
