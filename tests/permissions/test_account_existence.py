"""Nobody learns from a remembered address whether an account is still there."""

import re

import pytest
from flask import Flask

from forum.accounts.identity import public_ids
from tests.support import factories
from tests.support.permissions import matrix_addresses
from tests.support.permissions.matrix_requests import FILLED_IN, TABLE
from tests.support.permissions.matrix_world import build

JSON = {"Accept": "application/json"}
NOBODY = "0123456789abcdef"
RANDOM = re.compile(r'nonce-[\w-]+|nonce="[^"]+"|\b[0-9a-f]{16,32}\b')
REPORTS = [
    f"{method} /reports/new?kind={kind}&id=<person:account_id>"
    for kind in ("member", "profile")
    for method in ("GET", "POST")
]
DOORS = [*(door for door in TABLE if "<person:" in door), *REPORTS]
ROLES = ("visitor", "outsider", "member", "blocked", "facilitator", "moderator_elsewhere", "left")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_a_stranger_and_nobody_are_the_same(app: Flask, role: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    world = build(app, "open", "visible")
    stranger = public_ids.of(factories.person("passing").id)
    client = world.client(role)
    wrong = []
    for door in DOORS:
        method, rule = door.split(" ")
        answers = []
        for person in (stranger, NOBODY):
            path = rule.replace("<person:account_id>", person)
            if not path.startswith("/reports/"):
                path = matrix_addresses.address(world, path)
            told = client.open(path, method=method, data=FILLED_IN, headers=JSON)
            answers.append(f"{told.status_code} {RANDOM.sub('*', told.text)}")
        if answers[0] != answers[1]:
            wrong.append((door, *(answer[:150] for answer in answers)))
    assert not wrong, "\n".join(map(str, wrong))
