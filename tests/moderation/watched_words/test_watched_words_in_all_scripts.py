# ruff: noqa: RUF001 - letters that look like others are what this is about
"""Watched words, and content notes like them, are found in whatever alphabet they are written."""

import pytest

from forum.accounts.preferences import content_note_preferences, content_note_words
from forum.moderation.watched_words import service as watched_words


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("さびしい", "今夜はとてもさびしいです"),
        ("孤独", "我昨天又觉得很孤独怎么办"),
        ("อยากตาย", "วันนี้ฉันอยากตายมาก"),
        ("ຢາກຕາຍ", "ຂ້ອຍຢາກຕາຍ"),
        ("ចង់ស្លាប់", "ខ្ញុំចង់ស្លាប់ណាស់"),
        ("သေချင်", "ကျွန်တော်သေချင်တယ်"),
        ("गांजा", "क्या गांजा है?"),
        ("Café", "im cafe\u0301"),
        ("ｻﾋﾞｼｲ", "サビシイ夜"),
        ("كتاب", "كِتَاب"),
        ("孤独", "孤\u200b独"),
    ],
)
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


def test_a_korean_watched_word_is_found_with_its_particles() -> None:
    watched = ["외로움", "너무 외로", "약"]
    assert watched_words.find("외로움이 심해요", watched) == ["외로움"]
    assert watched_words.find("오늘 너무 외로워요", watched) == ["너무 외로"]
    assert watched_words.find("예약했어요. 안외로움", watched) == []


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("انتحار", "أفكر في الانتحار"),
        ("انتحار", "والانتحار"),
        ("انتحار", "بانتحار"),
        ("الموت", "للموت"),
        ("انتحار", "فكرت بالانتحار"),
        ("انتحار", "وكالانتحار"),
        ("موت", "فالموت"),
        ("الموت", "وللموت"),
        ("صحة نفسية", "عن الصحة النفسية"),
        ("حبوب", "بحبوب"),
        ("الكحول", "والكحول"),
        ("وحدة", "الوحـــدة"),
        ("אלכוהול", "באלכוהול"),
        ("אלכוהול", "מהאלכוהול"),
        ("התאבדות", "וכשהתאבדות"),
        ("מוות", "שלמוות"),
        ("פגיעה עצמית", "על הפגיעה העצמית"),
        ("סמים", "ומסמים"),
        ("דם", "הדם"),
        ("כדורים", "ובכדורים"),
    ],
)
def test_a_watched_word_is_found_behind_what_arabic_and_hebrew_write_on_to_it(
    word: str, body: str
) -> None:
    assert watched_words.find(f"أنا {body} اليوم", [word]) == [word]
    note = content_note_preferences.compared(body.replace("ـ", "").replace("أ", "ا"))
    assert content_note_words.stands_in(content_note_preferences.compared(word), note)


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("موت", "موتور"),
        ("موت", "صموت"),
        ("موت", "ياقوت"),
        ("حب", "وحب"),
        ("حب", "سحب"),
        ("مخدر", "مخدرات"),
        ("انتحار", "انتحاري"),
        ("מוות", "מוותר"),
        ("סמים", "קוסמים"),
        ("דם", "אדם"),
        ("דם", "בדם"),
        ("סכין", "משכין"),
        ("صحة نفسية", "نفسية صحة"),
    ],
)
def test_a_watched_word_is_not_found_in_words_that_only_hold_it(word: str, body: str) -> None:
    assert watched_words.find(f"أنا {body} اليوم", [word]) == []
