# ruff: noqa: RUF001 - look-alikes are what this is about
"""Handles: look-alikes collide, whatever they are made of, and nobody gets another's."""

import unicodedata

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts import queries, service
from forum.accounts.identity import handles
from forum.accounts.models import RetiredHandle
from forum.core.db import current_session
from forum.core.errors import Invalid
from tests.support.factories import person

ALIKE = [
    ("hello", "HeIlo"),
    ("hello", "he11o"),
    ("modest", "rnodest"),
    ("paypal", "раураl"),
    ("scope", "ѕсоре"),
    ("oscar0", "0scarO"),
    ("maria", "mar1a"),
    ("Straße", "STRASSE"),
    ("νίκη", "ΝΊΚΗ"),
    ("ｗｉｄｅ", "wide"),
    ("ﬁsh-er", "fish-er"),
    ("zoë", "zoe\u0308"),
    ("bird", "b\N{LATIN SMALL LETTER DOTLESS I}rd"),
    ("𝔣ern𝔰", "ferns"),
    ("fernway", "fernvvay"),
    ("dora", "clora"),
    ("dora", "ciora"),
    ("Dale", "c1ale"),
    ("old_lantern", "old-lantern"),
    ("old_lantern", "oldlantern"),
    ("a-b", "a__b"),
]
REFUSED = [
    "",
    "ab",
    "x" * 31,
    "-fern",
    "fern-",
    "_fern",
    "fern_",
    "fern moss",
    "fern.moss",
    "fern@moss",
    "fern\nmoss",
    "fern\x00moss",
    "fern\ud800",
    "fe\u200brn",
    "fe\u202ern",
    "\u3164\u3164\u3164",
    "fern\N{HERB}",
    "кот-cat",
    "раураl",
    "СОВА",
    "ΝΑΝΑ",
    "fe\u0301\u0301\u0301rn" + "\u0301" * 10,
    "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 3,
    "fern²³" + "\N{ROMAN NUMERAL REVERSED ONE HUNDRED}" * 40,
]
WELCOME = [
    "fern",
    "Fern-2",
    "a_b",
    "José",
    "сова",
    "さくら花",
    "한국어",
    "日本語",
    "νίκη",
    "اسم",
    "x" * 30,
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_look_alikes_have_the_same_key(one: str, other: str) -> None:
    assert handles.fold(one) == handles.fold(other)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = handles.fold(text)
    assert handles.fold(once) == once


@given(st.text(max_size=30))
def test_case_and_compatibility_forms_do_not_matter(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert handles.fold(unicodedata.normalize(form, text)) == handles.fold(text)
    assert handles.fold(text.casefold()) == handles.fold(text)


@given(st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_-]{1,28}[a-zA-Z0-9]", fullmatch=True), st.data())
def test_swapping_look_alikes_is_found_out(handle: str, data: st.DataObject) -> None:
    swaps = {
        "o": "0оο",
        "0": "OoО",
        "l": "1IіӀ",
        "1": "lI",
        "i": "1lі",
        "a": "аα",
        "e": "е",
        "p": "рρ",
        "c": "с",
        "x": "хⅹ",
        "y": "у",
        "s": "ѕ",
        "d": ["cl"],
        "w": ["vv"],
        "-": ["_", "--", ""],
        "m": "ⅿ",
    }
    swapped = "".join(data.draw(st.sampled_from([c, *swaps.get(c.lower(), "")])) for c in handle)
    assert handles.fold(swapped) == handles.fold(handle)


@pytest.mark.parametrize("handle", REFUSED)
def test_what_is_no_handle_is_refused(handle: str) -> None:
    with pytest.raises(Invalid) as refused:
        handles.checked(handle)
    assert set(refused.value.fields) == {"handle"}
    assert "!" not in refused.value.fields["handle"]


@pytest.mark.parametrize("handle", WELCOME)
def test_handles_of_many_alphabets_are_welcome(handle: str) -> None:
    assert handles.checked(handle) == unicodedata.normalize("NFKC", handle)


@pytest.mark.parametrize(
    "handle",
    [
        "admin",
        "Adm1n",
        "M0DERATOR",
        "rnoderator",
        "common-thread",
        "CommonThread",
        "former_member",
        "formermember",
        "everyone",
        "HERE",
        "he1p",
        "sup-port",
    ],
)
def test_reserved_names_and_their_look_alikes_are_refused(handle: str) -> None:
    with pytest.raises(Invalid):
        handles.checked(handle)
    assert handles.checked(handle, reserved=True) == handle


CLAIMS = (
    "modérateur Moderatrice moderátor m0derateur модератор админ help_desk helpdesk help-line "
    "hotline facilitatrice The-Facilitadora Administradora beheerder soporte hilfe hílfe aide "
    "das-team support-team tech_support2 community-team equipo-soporte Équipe système staff "
    "official версия-админ 管理员 版主小王 प्रबंधक forum-verwaltung Administracja get-help-now "
    "QuickExit"
)
INNOCENT = (
    "adminton badminton moderato moderate model modder modele helper helping-hand helpful "
    "staffan rooted systematic teamplayer supportive aiden hilferuf helpme equip ownership "
    "safetypin crisp groupie linemaker adela oficina sister_help moderna administer pomelo "
    "desdemona lesley chatty techie"
)


@pytest.mark.parametrize("handle", CLAIMS.split())
def test_roles_are_not_claimed_in_any_language(handle: str) -> None:
    with pytest.raises(Invalid):
        handles.checked(handle)
    assert handles.checked(handle, reserved=True)


@pytest.mark.parametrize("handle", INNOCENT.split())
def test_words_that_only_contain_such_a_name_are_free(handle: str) -> None:
    assert handles.checked(handle) == handle


@given(st.text(max_size=400))
def test_any_text_is_checked_or_refused(text: str) -> None:
    try:
        form = handles.checked(text)
    except Invalid:
        return
    assert 3 <= len(form) <= 30
    assert len(handles.fold(form)) <= handles.KEY_MAX
    assert handles.key_of(form) == handles.fold(form)


def test_a_handle_is_found_by_its_look_alikes(app: Flask) -> None:
    fern = person("Oliver")
    assert queries.account_id_of("0LIVER") == fern.id
    assert queries.account_id_of("olive") is None
    for nonsense in ("", "x" * 10_000, "a\x00b", "a\ud800bc", "'; drop table accounts"):
        assert queries.account_id_of(nonsense) is None


def test_look_alikes_of_somebody_are_refused(app: Flask) -> None:
    person("Oliver")
    for handle in ("oliver", "0liver", "OLIVER", "o1iver"):
        with pytest.raises(Invalid) as refused:
            service.create_account(handle)
        assert "handle" in refused.value.fields


def test_an_old_handle_is_never_given_again(app: Flask) -> None:
    fern, other = person("fern-one"), person("other-one")
    service.change_handle(fern, "moss-one")
    for again in (fern, other):
        with pytest.raises(Invalid):
            service.change_handle(again, "fern-0ne")
    with pytest.raises(Invalid):
        service.create_account("FERN-one")
    kept = current_session().query(RetiredHandle).one().digest
    assert "fern" not in kept
    assert len(kept) == 64


def test_an_erased_handle_is_never_given_again(app: Flask) -> None:
    fern = person("fern-one")
    assert fern.id is not None
    service.erase(fern.id)
    assert queries.viewer(fern.id) is None
    with pytest.raises(Invalid):
        service.create_account("fern-one")


def test_changing_only_capitals_keeps_the_handle_ones_own(app: Flask) -> None:
    fern = person("fern-one")
    service.change_handle(fern, "Fern-One")
    service.change_handle(fern, "fern-one")
    assert queries.account_id_of("FERN-ONE") == fern.id
