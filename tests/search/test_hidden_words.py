"""An attacker looks for words that stand only where they may not read, and learns nothing."""

import time
from random import Random
from statistics import median

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.moderation.actions import service as moderation
from forum.search import indexing
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds.account_forms import JSON

SECRETS = 200  # 1,000 in the long run


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
    took = {"hidden": list[float](), "nowhere": list[float]()}
    nowhere = ["".join(reversed(word)) for word in words]
    for pair in zip(words, nowhere, strict=True):
        for kind, word in zip(took, pair, strict=True):
            began = time.perf_counter()
            client.get("/search", query_string={"q": word}, headers=JSON)
            took[kind].append(time.perf_counter() - began)
    ratio = median(took["hidden"]) / median(took["nowhere"])
    print(f"hidden words take {ratio:.3f} of the time of words that are nowhere")
    assert 0.95 < ratio < 1.05
