"""What a search finds: words, phrases, fields, in every script, newest or best first."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.search import indexing
from forum.search.finding import phrases, posts, scope
from forum.search.query import meaning
from tests.support import factories as make


def found(viewer: Viewer, query: str, order: str = posts.NEWEST) -> list[int]:
    """Return the ids of the posts that somebody finds."""
    indexing.catch_up()
    there = scope.readable_groups(viewer)
    page = posts.find(viewer, meaning.understand(query), there, 1, order)
    return [row.id for row in page.posts]


CASES = [
    ("I lie awake for hours", "awake hours", True),
    ("I lie awake for hours", "hours awake", True),
    ("I lie awake for hours", "awake tablets", False),
    ("I lie awake for hours", '"awake for"', True),
    ("I lie awake for hours", '"for awake"', False),
    ("I lie awake for hours", "awake -hours", False),
    ("I lie awake for hours", "awake -tablets", True),
    ("I lie awake for hours", 'awake -"for hours"', False),
    ("I lie awake for hours", "-awake", False),
    ("I lie awake for hours", "awake", True),
    ("She was running to the doctors", "run doctor", True),
    ("Ich habe die Nächte nicht geschlafen, und der Arzt ist da", "nacht", True),
    ("Las noches son largas y los medicamentos no me ayudan", "medicamento", True),
    ("Un café para mí", "cafe mi", True),
    ("Straße", "STRASSE", True),
    ("睡眠薬を飲んでも眠れない", "睡眠薬", True),
    ("睡眠薬を飲んでも眠れない", "飲", True),
    ("睡眠薬を飲んでも眠れない", "薬睡", False),
    ("นอนไม่หลับทั้งคืน", "ไม่หลับ", True),
    ("병원에 갔다 왔어요", "병원", True),
    ("قرأت الكتاب", "كتاب", True),
    ("It's a self-harm scar", "self harm", True),
    ("It's a self-harm scar", "self-harm", True),
    ("It's a harm to self", "self-harm", False),
    ("can't sleep", "cant", True),
    ("Words", "from:wren words", True),
    ("Words", "from:robin", False),
    ("Words", "from:wren", True),
    ("Words", "group:nights words", True),
    ("Words", 'group:"night ward" words', True),
    ("Words", "group:elsewhere words", False),
    ("Words", "before:2020 words", False),
    ("Words", "after:2020 words", True),
    ("Words", "before:soon words", False),
    ("> @robin: a secret\n\nMine", "secret", False),
    ("> a poem\n\nMine", "poem", True),
    ("[a link](https://example.org/tablets)", "link", True),
    ("[a link](https://example.org/tablets)", "tablets", False),
]


@pytest.fixture
def wren(app: Flask) -> Viewer:
    return make.join(make.person("wren"), make.group(slug="nights", name="Night Ward"))


def test_words_are_found(wren: Viewer) -> None:
    group = scope.readable_groups(wren)[0].id
    thread = make.thread(wren, group, title="A title", body="Opening").thread_id
    posts_of = {
        said: make.post(wren, thread, body=said).id
        for said in dict.fromkeys(said for said, _query, _is_found in CASES)
    }
    for said, query, is_found in CASES:
        assert (posts_of[said] in found(wren, query)) == is_found, (said, query)


def test_a_title_is_found_with_the_first_post(wren: Viewer) -> None:
    group = scope.readable_groups(wren)[0].id
    place = make.thread(wren, group, title="Tapering slowly", body="Sertraline, week three")
    assert found(wren, "tapering sertraline") == [place.id]
    assert found(wren, '"slowly sertraline"') == []


def test_the_newest_is_first_whenever_it_came(wren: Viewer) -> None:
    group = scope.readable_groups(wren)[0].id
    thread = make.thread(wren, group, at=datetime(2026, 1, 1, tzinfo=UTC)).thread_id
    days = [3, 20, 11, 20]
    ids = [
        make.post(wren, thread, body=f"lantern {n}", at=datetime(2026, 2, day, tzinfo=UTC)).id
        for n, day in enumerate(days)
    ]
    assert found(wren, "lantern") == [ids[3], ids[1], ids[2], ids[0]]
    assert found(wren, "lantern after:2026-02-03 before:2026-02-20") == [ids[2]]


def test_the_best_is_about_the_words(wren: Viewer) -> None:
    group = scope.readable_groups(wren)[0].id
    thread = make.thread(wren, group).thread_id
    best = make.post(wren, thread, body="Panic attack. A panic attack again.").id
    make.post(wren, thread, body=f"{'Other words. ' * 90} panic {'and so on ' * 50} attack")
    assert found(wren, "panic attack")[0] != best
    assert found(wren, "panic attack", posts.BEST)[0] == best


def test_phrases_are_looked_for_in_the_newest_posts(
    wren: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "READ", 5)
    group = scope.readable_groups(wren)[0].id
    place = make.thread(wren, group, body="night and day")
    ids = [make.post(wren, place.thread_id, body=f"day and night {n}").id for n in range(6)]
    indexing.catch_up()
    there = scope.readable_groups(wren)

    def page(query: str) -> tuple[list[int], int | None, bool]:
        result = posts.find(wren, meaning.understand(query), there, 1, posts.NEWEST)
        return [row.id for row in result.posts], result.total, result.all_read

    assert page('"day and night"') == (ids[:0:-1], None, False)
    assert page('"night and day"') == ([], None, False)
    assert page("night -elsewhere") == ([*ids[::-1], place.id], 7, True)
    assert page('"night 3"') == ([ids[3]], 1, True)
