"""No audit log has an id twice, whatever it holds; test_page_markup.py sees to other pages."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.moderation.actions import service as moderation
from forum.moderation.appeals import undo as appeals_undo
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds import moderation_world


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "id"]


def _twice(page: str) -> list[str]:
    ids = _Ids()
    ids.feed(page)
    return [one for one, times in Counter(ids.found).items() if times > 1]


@pytest.mark.parametrize("looks", ["", "with", "only"])
def test_a_full_audit_log_has_no_id_twice(client: FlaskClient, app: Flask, looks: str) -> None:
    people, place = moderation_world.moderation_world()[1:]
    hidden = moderation.take_action(people["facilitator"], "hide", place.id, reason="Tone")
    appeals_undo.appeal(people["author"], hidden.log_entry_id or 0, "I see it differently")
    for _ in range(2):
        own = make.post(people["second"], place.thread_id)
        moderation.take_action(people["moderator"], "delete", own.id, reason="An address")
    threads.react(people["author"], own.id, "hug", on=True)
    make.log_in(client, people["administrator"])
    client.get(f"/threads/{place.thread_id}")  # which is a look at what is hidden
    page = client.get(f"/moderation/log?looks={looks}&group=").text
    assert _twice(page) == []
    assert re.search(r'id="(action|access)-\d+"', page)
