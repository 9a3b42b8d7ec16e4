"""The first administrator of an empty forum is led, until others are there."""

import re

from flask.testing import FlaskClient

from forum.core import clock, db
from forum.groups import service as groups
from forum.moderation.on_call import rota
from tests.support import factories as make


def steps(client: FlaskClient) -> dict[str, str]:
    """Return what the first page leads to: an address, "done" or "" for each step."""
    db.release_session()
    page = client.get("/").text
    part = re.search(r'first-steps-title">(.*?)</section>', page, re.DOTALL)
    found: dict[str, str] = {}
    for step in re.findall(r"<li>(.*?)</li>", part[1] if part else "", re.DOTALL):
        words = re.search(r"(?:Done: |<strong>|href=\"[^\"]*\">)([^<]+)", step)
        address = re.search(r'href="([^"]+)"', step)
        assert words
        found[words[1]] = "done" if "Done: " in step else address[1] if address else ""
    return found


def test_an_administrator_is_led_from_the_first_group_to_the_rota(client: FlaskClient) -> None:
    keeper = make.log_in(client, make.administrator())
    assert steps(client) == {
        "Create the first group": "/groups/new",
        "Invite people": "",
        "Plan a meeting": "",
        "Put yourself on the on-call rota": "/moderation/rota",
    }
    group = groups.create_group(keeper, slug="harbour", name="Harbour")
    assert steps(client) == {
        "Create the first group": "done",
        "Invite people": "/groups/harbour/invitations",
        "Plan a meeting": "/groups/harbour/meetings/new",
        "Put yourself on the on-call rota": "/moderation/rota",
    }
    make.person()
    make.meeting(group)
    assert steps(client)["Invite people"] == steps(client)["Plan a meeting"] == "done"
    rota.take_shift(keeper, group, clock.now(), 4)
    assert steps(client) == {}


def test_neither_members_nor_a_forum_with_people_in_it_see_first_steps(client: FlaskClient) -> None:
    make.log_in(client, make.person())
    assert steps(client) == {}
    make.log_in(client, make.administrator())
    assert steps(client)
    for _ in range(3):
        make.person()
    assert steps(client) == {}
