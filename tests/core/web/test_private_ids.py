"""Addresses name a person's own things by an id that reveals nothing of others."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core.web import private_ids
from tests.support import factories
from tests.support.worlds.account_forms import JSON


def test_ids_lead_back_and_those_made_up_lead_nowhere(app: Flask) -> None:
    numbers = [*range(1, 300), 2**31 - 1]
    told = [private_ids.of(number) for number in numbers]
    assert [private_ids.id_of(one) for one in told] == numbers
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in told)
    assert sorted(told) != told
    for guess in ("", "1", "0" * 16, told[0][:-1], f"{int(told[0], 16) ^ 1:016x}", told[0].upper()):
        assert private_ids.id_of(guess) == private_ids.NOTHING


OWN = ("/account/sessions", "/notifications", "/account/calendars", "/safety/notes")


@pytest.mark.parametrize("path", [*OWN, "/moderation/mine"])
def test_no_page_of_ones_own_shows_a_number_of_a_row(
    client: FlaskClient, app: Flask, path: str
) -> None:
    factories.log_in(client, factories.person())
    page = client.get(path).text
    assert not re.search(
        r"/(sessions|notifications|calendars|notes|mine)/\d{1,9}[/\"]|action-\d{1,9}\"", page
    )
    told = client.get(path, headers=JSON)
    for row in (told.get_json() or {}).get("sessions", []) if told.is_json else []:
        assert private_ids.id_of(row["id"])
