"""An attacker looks for words that stand only where they may not read, and learns nothing."""

import time
from collections.abc import Sequence
from random import Random
from statistics import median

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core.db import current_connection
from forum.moderation.actions import service as moderation
from forum.search import index, indexing
from forum.search.finding import scope, suggestions
from forum.search.index.interface import Asked
from forum.search.models import POST
from forum.search.query import meaning
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.databases.query_counts import executed_statements
from tests.support.worlds.account_forms import JSON

SECRETS = 200  # 1,000 in the long run
PLACES = (
    "closed group", "hidden group", "pending", "hidden post", "deleted", "by a blocker", "muted",
    "before an edit",
)  # fmt: skip
AS_FAST = 0.07


def secret_words(count: int) -> list[str]:
    """Return words that nobody would say."""
    random = Random(7)
    return ["".join(random.choices("bcdfgklmnprstvz", k=9)) for _ in range(count)]


def hide_everywhere(attacker: Viewer, open_group: int, words: list[str]) -> None:
    """Say a part of these words in each place that the attacker may not read."""
    host, blocker, muted = (make.person() for _ in range(3))
    for group, person in ((open_group, host), (open_group, blocker), (open_group, muted)):
        make.join(person, group, "facilitator" if person is host else "member")
    closed, hidden = make.group(visibility="approval"), make.group(visibility="hidden")
    for group in (closed, hidden):
        make.join(host, group)
    premoderated = make.group(premoderate_first_posts=True, readable_by_all=True)
    newcomer = make.join(make.person(), premoderated)
    thread = make.thread(host, open_group).thread_id
    parts = [" ".join(words[n::8]) for n in range(8)]
    make.thread(host, closed, body=parts[0])
    make.thread(host, hidden, title=parts[1][:150], body=parts[1])
    make.thread(newcomer, premoderated, body=parts[2])
    moderation.take_action(host, "hide", make.post(blocker, thread, body=parts[3]).id, reason="x y")
    deleted = make.post(host, thread, body=parts[4]).id
    indexing.catch_up()
    threads.delete_post(host, deleted)
    make.post(blocker, thread, body=parts[5])
    make.post(muted, thread, body=parts[6])
    edited = make.post(host, thread, body=parts[7]).id
    indexing.catch_up()
    threads.edit_post(host, edited, body="Nothing")
    accounts.block(blocker, attacker.id or 0)
    accounts.mute(attacker, muted.id or 0)
    indexing.catch_up()


@pytest.fixture
def attacker(app: Flask) -> tuple[Viewer, int]:
    group = make.group(slug="open")
    return make.join(make.person("attacker"), group), group


def learn(client: FlaskClient, words: list[str]) -> list[tuple[str, object]]:
    """Return what a search tells of these words: anything at all that it says."""
    told: list[tuple[str, object]] = []
    for word in words:
        for query in (word, f"{word[:-1]}q", f"{word} -bread", f'"{word}"'):
            answer = client.get("/search", query_string={"q": query}, headers=JSON).get_json()
            answer.pop("query")
            told += [(query, value) for value in answer.values() if value not in (1, "newest")]
    return [(query, value) for query, value in told if value not in ([], "", 0, False, None)]


def test_hidden_words_tell_nothing(app: Flask, attacker: tuple[Viewer, int]) -> None:
    me, group = attacker
    words = secret_words(SECRETS)
    hide_everywhere(me, group, words)
    for reader in (None, me):
        client = app.test_client()
        if reader is not None:
            make.log_in(client, reader)
        assert learn(client, words[::5]) == []


def test_a_guess_looks_up_as_much_whatever_is_said_out_of_sight(
    app: Flask, attacker: tuple[Viewer, int]
) -> None:
    me, group = attacker
    blocker = make.join(make.person(), group)
    thread = make.thread(blocker, group, body="lanterns").thread_id
    make.post(blocker, thread, body="candels candles candies candied")
    make.thread(me, group, body="candlez")
    indexing.catch_up()
    accounts.block(blocker, me.id or 0)
    there = scope.readable_groups(me)
    counts = []
    for word in ("lantrens", "xylophnoe"):
        with executed_statements() as counted:
            assert suggestions.suggest(me, meaning.understand(word), there) == ""
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert suggestions.suggest(me, meaning.understand("candlee"), there) == "candlez"


def test_a_guess_is_made_for_a_few_words_alone(app: Flask, attacker: tuple[Viewer, int]) -> None:
    me, _group = attacker
    there = scope.readable_groups(me)
    with executed_statements() as counted:
        unknown = " ".join(secret_words(15))
        assert suggestions.suggest(me, meaning.understand(unknown), there) == ""
    assert len(counted) <= 32


def test_the_index_touches_nothing_by_people_who_are_not_met(
    app: Flask, attacker: tuple[Viewer, int]
) -> None:
    me, group = attacker
    blocker, muted = (make.join(make.person(), group) for _ in range(2))
    for person in (blocker, muted, me):
        make.thread(person, group, body="lantern")
    indexing.catch_up()
    accounts.block(blocker, me.id or 0)
    accounts.mute(me, muted.id or 0)
    asked = scope.asked_of(POST, meaning.understand("lantern"), scope.readable_groups(me))
    assert asked is not None
    assert len(touched(asked)) == 1


def touched(asked: Asked) -> Sequence[int]:
    """Return the places that the index itself finds."""
    here = index.current()
    found = select(here.hits.place).select_from(here.hits.table).where(*here.hits.conditions)
    return current_connection().scalars(found, here.parameters(asked)).all()


@pytest.mark.soak
def test_a_thousand_hidden_words_tell_nothing_by_time_either(
    app: Flask, attacker: tuple[Viewer, int]
) -> None:
    me, group = attacker
    words = secret_words(1_000)
    hide_everywhere(me, group, words)
    client = app.test_client()
    make.log_in(client, me)
    assert learn(client, words) == []
    for typed in ("as it is", "mistyped"):
        ratios = _times(client, words, mistyped=typed == "mistyped")
        for place, ratio in zip(PLACES, ratios, strict=True):
            print(f"{typed}, {place}: {ratio:.3f} of the time of words that are nowhere")
            assert abs(ratio - 1) < AS_FAST, (typed, place, ratio)


def _times(client: FlaskClient, words: list[str], *, mistyped: bool) -> list[float]:
    """Return for each place how long its words take, by words that are nowhere."""
    took: dict[str, list[float]] = {}
    for _round in range(3):
        for word in words:
            for one in (word, word[::-1]):
                asked = f"{one[:4]}q{one[5:]}" if mistyped else one
                began = time.perf_counter()
                client.get("/search", query_string={"q": asked}, headers=JSON)
                took.setdefault(one, []).append(time.perf_counter() - began)
    best = {word: min(times) for word, times in took.items()}
    return [
        median(best[word] / best[word[::-1]] for word in words[n :: len(PLACES)])
        for n in range(len(PLACES))
    ]
