# ruff: noqa: RUF001 - letters that look like others are what this is about
"""Letters of all alphabets: in handles, mentions, watched words, and the order of lists."""

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
from forum.accounts.preferences import content_note_preferences, content_note_words
from forum.core import text
from forum.core.db import current_session
from forum.core.errors import Invalid
from forum.core.text.alphabets import letters
from forum.groups import queries as groups
from forum.groups.membership import member_queries
from forum.moderation.watched_words import service as watched_words
from forum.threads.models import Mention, Post
from tests.support import factories as make

NAMES = [
    "हिन्दी", "मीरा", "ไทยจ้า", "น้ำใจ", "தமிழ்", "কিরণ", "ខ្មែរ", "မြန်မာ", "ਪੰਜਾਬੀ", "ગુજરાતી",
    "ಕನ್ನಡ", "සිංහල", "ශ්\u200dරී", "བོད་ཡིག", "മലയാളം", "తెలుగు", "ଓଡ଼ିଆ", "ລາວ", "አማርኛ",
    "ქართული", "հայերեն", "עִבְרִית", "می\u200cخواهم", "مُحَمَّد", "ọ́lá", "小雨", "さく", "Zoë", "Việt",
]  # fmt: skip
NO_NAMES = [
    "\u093eक्ष", "क-\u093eख", "क\u093e\u093e\u093e\u093e\u093e\u093e", "fe\u200drn", "\u200dक्षा",
    "क्षा\u200d", "fe\ufe0frn", "f\u034fern",
    "ab", "é\u0301\u0302\u0303ab", "་བོད", "হi3",
    "a\u20ddbc", "0a〆", "ferー", "〆fern",
]  # fmt: skip
CLAIMS = [
    "modérateur", "Moderadora", "help_desk", "модератор", "管理员", "관리자",
    "ādmin", "Admín", "moderatör", "modėrator", "admin_team", "the-admin", "admin2024", "4dmin",
    "adm1n_1", "adminteam", "forumadmin", "st4ff", "sysadm1n", "web-admin", "someone",
    "a_former_member", "ƒacilitator", "facilitatør", "moderatorin",
    "anna_mod", "mod-anna", "support_team", "ｍｏｄ", "a-d-m-i-n", "official_forum", "crisis-team",
    "yönetici", "quản-trị", "quản_trị_viên", "адмін", "адміністратор", "व्यवस्थापक", "मॉडरेटर",
    "แอดมิน", "アドミン", "관리인",
]  # fmt: skip
ORDINARY = [
    "badminton_fan", "modest", "modem", "admiral", "staffordshire", "smooth_operator", "me_too",
    "support_seeker", "team_player", "help_me", "you_and_me", "night_owl", "safety_first", "zoë",
    "common_ground", "rooted", "l33t", "4ever", "ĸeep_on", "wren_house2",
    "quantrill_fan", "ผู้ดูแล", "adminton",
]  # fmt: skip


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
    [("keeper", "ĸeeper"), ("zoe", "zoë"), ("zoë", "zoe"), ("fern", "ƒern"), ("lola", "łøla"),
     ("emma", "3mma"), ("old_lantern", "öldlantern"), ("gesa", "ge5a")],
)  # fmt: skip
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


def test_a_name_with_accents_is_free_beside_nobody(app: Flask) -> None:
    assert make.person("zoë").handle == "zoë"
    assert {make.person(name).handle for name in ("かき", "かぎ", "मीरा", "मिरा")} == {
        "かき", "かぎ", "मीरा", "मिरा",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("さびしい", "今夜はとてもさびしいです"), ("孤独", "我昨天又觉得很孤独怎么办"),
        ("อยากตาย", "วันนี้ฉันอยากตายมาก"), ("ຢາກຕາຍ", "ຂ້ອຍຢາກຕາຍ"), ("ចង់ស្លាប់", "ខ្ញុំចង់ស្លាប់ណាស់"),
        ("သေချင်", "ကျွန်တော်သေချင်တယ်"), ("गांजा", "क्या गांजा है?"), ("Café", "im cafe\u0301"),
        ("ｻﾋﾞｼｲ", "サビシイ夜"), ("كتاب", "كِتَاب"), ("孤独", "孤\u200b独"),
    ],
)  # fmt: skip
def test_watched_words_are_found_in_every_script(word: str, body: str) -> None:
    assert watched_words.find(body, [word]) == [word]


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("art", "party"),
        ("मर", "मीरा"),
        ("孤独", "孤立"),
        ("ตา", "ต้า"),
        ("мир", "кумир"),
        ("кот", "който"),
    ],
)
def test_watched_words_are_not_found_in_other_words(word: str, body: str) -> None:
    assert watched_words.find(body, [word]) == []


def test_signs_for_whole_phrases_do_not_make_a_text_grow() -> None:
    phrases = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 20_000
    assert len("".join(watched_words.fold(phrases))) < 50_000
    assert watched_words.find(f"{phrases} Café", ["cafe"]) == ["cafe"]


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


def test_a_korean_watched_word_is_found_with_its_particles() -> None:
    watched = ["외로움", "너무 외로", "약"]
    assert watched_words.find("외로움이 심해요", watched) == ["외로움"]
    assert watched_words.find("오늘 너무 외로워요", watched) == ["너무 외로"]
    assert watched_words.find("예약했어요. 안외로움", watched) == []


@pytest.mark.parametrize(("word", "body"), [
    ("انتحار", "أفكر في الانتحار"), ("انتحار", "والانتحار"), ("انتحار", "بانتحار"),
    ("الموت", "للموت"), ("انتحار", "فكرت بالانتحار"), ("انتحار", "وكالانتحار"),
    ("موت", "فالموت"), ("الموت", "وللموت"), ("صحة نفسية", "عن الصحة النفسية"),
    ("حبوب", "بحبوب"), ("الكحول", "والكحول"), ("وحدة", "الوحـــدة"),
    ("אלכוהול", "באלכוהול"), ("אלכוהול", "מהאלכוהול"), ("התאבדות", "וכשהתאבדות"),
    ("מוות", "שלמוות"), ("פגיעה עצמית", "על הפגיעה העצמית"), ("סמים", "ומסמים"),
    ("דם", "הדם"), ("כדורים", "ובכדורים"),
])  # fmt: skip
def test_a_watched_word_is_found_behind_what_arabic_and_hebrew_write_on_to_it(
    word: str, body: str
) -> None:
    assert watched_words.find(f"أنا {body} اليوم", [word]) == [word]
    note = content_note_preferences.compared(body.replace("ـ", "").replace("أ", "ا"))
    assert content_note_words.stands_in(content_note_preferences.compared(word), note)


@pytest.mark.parametrize(("word", "body"), [
    ("موت", "موتور"), ("موت", "صموت"), ("موت", "ياقوت"), ("حب", "وحب"), ("حب", "سحب"),
    ("مخدر", "مخدرات"), ("انتحار", "انتحاري"), ("מוות", "מוותר"), ("סמים", "קוסמים"),
    ("דם", "אדם"), ("דם", "בדם"), ("סכין", "משכין"), ("صحة نفسية", "نفسية صحة"),
])  # fmt: skip
def test_a_watched_word_is_not_found_in_words_that_only_hold_it(word: str, body: str) -> None:
    assert watched_words.find(f"أنا {body} اليوم", [word]) == []
