# ruff: noqa: RUF001 - letters that look like others are what this is about
"""Letters of all alphabets: in handles, in mentions, and in the order of lists."""

import re
import unicodedata
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.accounts import queries, service
from forum.accounts.identity import handles
from forum.accounts.models import Account
from forum.core import text
from forum.core.db import current_session
from forum.core.errors import Invalid
from forum.core.text.alphabets import letters
from forum.groups import queries as groups
from forum.groups.membership import member_queries
from forum.threads.models import Mention, Post
from tests.support import factories as make

NAMES = [
    "हिन्दी",
    "मीरा",
    "ไทยจ้า",
    "น้ำใจ",
    "தமிழ்",
    "কিরণ",
    "ខ្មែរ",
    "မြန်မာ",
    "ਪੰਜਾਬੀ",
    "ગુજરાતી",
    "ಕನ್ನಡ",
    "සිංහල",
    "ශ්\u200dරී",
    "བོད་ཡིག",
    "മലയാളം",
    "తెలుగు",
    "ଓଡ଼ିଆ",
    "ລາວ",
    "አማርኛ",
    "ქართული",
    "հայերեն",
    "עִבְרִית",
    "می\u200cخواهم",
    "مُحَمَّد",
    "ọ́lá",
    "小雨",
    "さく",
    "Zoë",
    "Việt",
]
NO_NAMES = [
    "\u093eक्ष",
    "क-\u093eख",
    "क\u093e\u093e\u093e\u093e\u093e\u093e",
    "fe\u200drn",
    "\u200dक्षा",
    "क्षा\u200d",
    "fe\ufe0frn",
    "f\u034fern",
    "ab",
    "é\u0301\u0302\u0303ab",
    "་བོད",
    "হi3",
    "a\u20ddbc",
    "0a〆",
    "ferー",
    "〆fern",
]
CLAIMS = [
    "modérateur",
    "Moderadora",
    "help_desk",
    "модератор",
    "管理员",
    "관리자",
    "ādmin",
    "Admín",
    "moderatör",
    "modėrator",
    "admin_team",
    "the-admin",
    "admin2024",
    "4dmin",
    "adm1n_1",
    "adminteam",
    "forumadmin",
    "st4ff",
    "sysadm1n",
    "web-admin",
    "someone",
    "a_former_member",
    "ƒacilitator",
    "facilitatør",
    "moderatorin",
    "anna_mod",
    "mod-anna",
    "support_team",
    "ｍｏｄ",
    "a-d-m-i-n",
    "official_forum",
    "crisis-team",
    "yönetici",
    "quản-trị",
    "quản_trị_viên",
    "адмін",
    "адміністратор",
    "व्यवस्थापक",
    "मॉडरेटर",
    "แอดมิน",
    "アドミン",
    "관리인",
]
ORDINARY = [
    "badminton_fan",
    "modest",
    "modem",
    "admiral",
    "staffordshire",
    "smooth_operator",
    "me_too",
    "support_seeker",
    "team_player",
    "help_me",
    "you_and_me",
    "night_owl",
    "safety_first",
    "zoë",
    "common_ground",
    "rooted",
    "l33t",
    "4ever",
    "ĸeep_on",
    "wren_house2",
    "quantrill_fan",
    "ผู้ดูแล",
    "adminton",
]


def test_a_handle_is_of_any_alphabet_and_called_however_it_is_typed(app: Flask) -> None:
    author, group = make.person(), make.group()
    thread = make.thread(make.join(author, group), group).thread_id
    for handle in NAMES:
        named = make.join(make.person(handle), group)
        assert named.handle == unicodedata.normalize("NFC", handle)
        for form in ("NFC", "NFD"):
            body = f"Thank you @{unicodedata.normalize(form, handle)}, and @nobody."
            post = make.post(author, thread, body=body)
            assert current_session().get(Mention, (post.id, named.id)) is not None, handle
            link = f'<a href="/members/@{quote(named.handle)}">@'
            assert link in current_session().get_one(Post, post.id).html


@pytest.mark.parametrize("handle", NO_NAMES)
def test_marks_and_joiners_belong_to_letters(handle: str) -> None:
    with pytest.raises(Invalid):
        handles.checked(handle)


@settings(deadline=None)  # the first one loads what the others need
@given(st.text(st.characters(categories=["L", "M", "N", "Cf"]) | st.sampled_from("-_")))
def test_every_handle_that_is_allowed_can_be_named(handle: str) -> None:
    try:
        form = handles.checked(handle)
    except Invalid:
        return
    for typed in (form, unicodedata.normalize("NFD", form)):
        assert text.mentioned(f"so @{typed}, yes") == {text.folded(form)}
        assert text.renamed(f"so @{typed}, yes", text.folded(form), "NN") == "so NN, yes"


def test_a_mark_is_never_cut_off_a_name() -> None:
    assert text.mentioned("@zoe\u0308") == {"zoë"}
    assert text.mentioned("e\u0301@fern @fern\u200d-") == set()
    assert text.mentioned("@fern. @moss, (@reed)") == {"fern", "moss", "reed"}


@pytest.mark.parametrize("handle", CLAIMS)
def test_nobody_chooses_a_handle_that_claims_a_role(handle: str) -> None:
    with pytest.raises(Invalid):
        handles.checked(handle)


@pytest.mark.parametrize("handle", ORDINARY)
def test_ordinary_words_are_free(handle: str) -> None:
    assert handles.checked(handle) == handle


@pytest.mark.parametrize(
    ("there", "alike"),
    [
        ("keeper", "ĸeeper"),
        ("zoe", "zoë"),
        ("zoë", "zoe"),
        ("fern", "ƒern"),
        ("lola", "łøla"),
        ("emma", "3mma"),
        ("old_lantern", "öldlantern"),
        ("gesa", "ge5a"),
    ],
)
def test_nobody_new_looks_like_a_member(app: Flask, there: str, alike: str) -> None:
    member = make.person(there)
    other = make.person()
    with pytest.raises(Invalid):
        service.create_account(alike)
    with pytest.raises(Invalid):
        service.change_handle(other, alike)
    assert queries.account_id_of_exact(alike) is None
    service.change_handle(member, alike)
    service.change_handle(queries.viewer(member.id or 0) or member, "something-else")
    for gone in (there, alike):
        with pytest.raises(Invalid):
            service.create_account(gone)


def test_a_name_differing_only_by_accents_is_taken(app: Flask) -> None:
    assert make.person("zoë").handle == "zoë"
    assert {make.person(name).handle for name in ("かき", "かぎ", "मीरा", "मिरा")} == {
        "かき",
        "かぎ",
        "मीरा",
        "मिरा",
    }


def test_lists_are_in_one_order_on_every_database(app: Flask) -> None:
    me = make.person("me-myself")
    for name in ("Zest", "apples", "éclairs", "Bread", "cake", "Øre", "Ode"):
        make.group(name=name, slug=f"g-{letters.sort_key(name)}")
    names = [group.name for group in groups.directory(me)]
    assert names == ["apples", "Bread", "cake", "éclairs", "Ode", "Øre", "Zest"]
    group = make.group()
    for handle in ("Zora", "Anna", "adam", "éva", "Ewa", "me-myself"):
        make.join(me if handle == "me-myself" else make.person(handle), group)
    there = groups.group_by_id(me, group)
    listed = [member.handle for member in member_queries.members(me, there, 1)]
    assert listed == ["adam", "Anna", "éva", "Ewa", "me-myself", "Zora"]
    assert member_queries.handles(me, there, "") == [name for name in listed if name != "me-myself"]
    for beginning in ("eva", "éva", "e\u0301va"):
        assert member_queries.handles(me, there, beginning) == ["éva"]


def test_every_account_has_what_its_handle_is_compared_and_sorted_by(app: Flask) -> None:
    service.change_handle(make.person("before-it"), "Après-ça")
    row = current_session().query(Account).one()
    assert handles.columns(row.handle) == {
        name: getattr(row, name) for name in handles.columns(row.handle)
    }


def test_all_marks_of_all_scripts_are_known() -> None:
    every = map(chr, range(0x110000))
    marks = {
        char for char in every if unicodedata.category(char)[0] == "M" and letters.is_mark(char)
    }
    assert marks == set(re.findall(f"[{letters.MARKS}]", "".join(map(chr, range(0x110000)))))
