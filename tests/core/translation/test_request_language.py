"""Who reads the forum in which language."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts import queries, service
from forum.app import create_app
from forum.core.errors import Invalid
from forum.core.translation import current, languages, using
from forum.settings.environment import Settings
from forum.settings.values import BadSettings
from tests.support.factories import group, join, log_in, person, post, thread
from tests.support.languages import made_up
from tests.support.worlds.account_forms import JSON, PASSWORD, post_form

ACCENTED = {"Accept-Language": f"{made_up.CODE}, en;q=0.5"}
HELP = "Get help now"
PAGES = ("/", "/groups/mornings", "/threads/{thread}", "/notifications", "/account", "/help-now")


@pytest.fixture(autouse=True)
def _made_up_language() -> Iterator[None]:
    with made_up.is_known():
        yield
    languages.speak_by_default(languages.SOURCE)


def _language(client: FlaskClient, **headers: str) -> str:
    answer = client.get("/groups", headers=headers)
    (language,) = answer.content_language
    assert f'<html lang="{language}" dir="ltr"' in answer.text
    shown = made_up.in_accents(HELP) if language == made_up.CODE else HELP
    assert f">{shown}</a>" in answer.text
    assert answer.cache_control.no_store  # so nothing needs to vary by it
    return str(language)


def test_the_browser_decides_for_whom_has_not_chosen(client: FlaskClient) -> None:
    assert _language(client) == "en"
    assert _language(client, **ACCENTED) == made_up.CODE
    assert _language(client, **{"Accept-Language": "fr, *;q=0.1"}) == "en"
    assert current() == "en"  # nothing of a request is left


def test_a_visitor_chooses_at_the_foot_of_a_page(client: FlaskClient) -> None:
    chosen = post_form(client, "/language", language=made_up.CODE, back="/guidelines")
    assert chosen.location == "/guidelines"
    assert _language(client) == made_up.CODE
    assert post_form(client, "/language", language="xx").status_code == 422
    post_form(client, "/language", language="en")
    assert _language(client, **ACCENTED) == "en"


def test_an_account_has_its_language_everywhere(app: Flask) -> None:
    member = person()
    phone, laptop = app.test_client(), app.test_client()
    log_in(phone, member)
    log_in(laptop, member)
    assert post_form(phone, "/language", language=made_up.CODE).status_code == 303
    assert _language(laptop) == made_up.CODE
    chosen = re.search(
        r'value="([^"]*)" (?:checked|selected)', laptop.get("/account/language").text
    )
    assert chosen
    assert chosen[1] == made_up.CODE
    assert queries.language_of(member.id or 0) == made_up.CODE
    service.change_language(member, "")
    assert _language(laptop) == "en"
    assert queries.language_of(member.id or 0) == "en"
    with pytest.raises(Invalid):
        service.change_language(member, "xx")


def test_a_new_member_keeps_the_language_of_signing_up(app: Flask) -> None:
    with using(made_up.CODE):
        new = service.sign_up("wanda", PASSWORD, accept_guidelines=True)
    assert queries.language_of(new.account_id) == made_up.CODE


def test_an_open_page_is_answered_in_its_own_language(app: Flask) -> None:
    log_in(client := app.test_client(), member := person())
    join(member, its_group := group())
    service.change_language(member, made_up.CODE)
    address = f"/threads/{thread(member, its_group).thread_id}/replies"
    english, accented = (
        client.post(address, headers={**JSON, "X-Language": page}).get_json()["error"]["message"]
        for page in ("en", made_up.CODE)
    )
    assert accented == made_up.in_accents(english)


@pytest.mark.parametrize("seed", range(3))
def test_no_page_has_a_piece_in_the_language_of_another(app: Flask, seed: int) -> None:
    by_chance = Random(seed)
    its_group, writer = group(slug="mornings"), person()
    place = thread(join(writer, its_group), its_group).thread_id
    post(writer, place)
    readers = []
    for language in ("en", made_up.CODE, "en", made_up.CODE):
        log_in(client := app.test_client(), join(person(), its_group))
        post_form(client, "/language", language=language)
        readers.append((client, language))
    for _ in range(40):
        client, language = by_chance.choice(readers)
        page = client.get(by_chance.choice(PAGES).format(thread=place)).text
        assert (made_up.FILL[0] in page) == (language == made_up.CODE)
        assert (f">{HELP}</a>" in page) == (language == "en")


def test_the_forum_has_a_language_of_its_own(settings: Settings) -> None:
    client = create_app(replace(settings, language=made_up.CODE)).test_client()
    assert _language(client) == made_up.CODE
    assert _language(client, **{"Accept-Language": "en"}) == "en"
    with pytest.raises(BadSettings, match="FORUM_LANGUAGE must be one of these: en, "):
        create_app(replace(settings, language="xx"))
