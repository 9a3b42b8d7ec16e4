"""What a queue item's page offers: history, related items, colleagues, and staying on it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import Viewer
from forum.core.errors import Conflict, NotFound
from forum.moderation.actions import service as moderation
from forum.moderation.on_call import rota
from forum.moderation.queue import item_history, queries, service, triggers
from tests.support import factories as make
from tests.support.worlds.queue_world import QueueWorld

JSON = {"Accept": "application/json"}


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    app.config["WTF_CSRF_ENABLED"] = False
    return QueueWorld()


def browser(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    make.log_in(client, viewer)
    return client


def test_the_history_holds_what_was_done_to_the_post(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    service.claim(room["moderator"], item.id)
    moderation.take_action(room["moderator"], "hide", room.post, reason="Sharp")
    lines = item_history.history_of(room["second"], item)
    assert [line.words for line in lines] == ["Came to the queue", "Claimed", "A post was hidden"]
    assert [line.by for line in lines] == ["", "moderatorone", "moderatorone"]


def test_colleagues_offered_are_people_who_may_claim_the_item(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    rota.take_shift(room["second"], room.group, item.now, 2)
    found = queries.who_can_take(room["moderator"], item.id)
    assert found[0] == ("secondone", True)
    names = {handle for handle, _ in found}
    assert names == {"secondone", "facilitatorone", "administratorone"}


def test_acting_keeps_one_on_the_item(app: Flask, room: QueueWorld) -> None:
    room.report()
    here = f"/moderation/queue/{room.reported().id}"
    client = browser(app, room["moderator"])
    assert f'name="next" value="{here}"' in client.get(here).text
    hidden = client.post(f"/posts/{room.post}/hide", data={"next": here})
    assert hidden.location == here
    page = client.get(here).text
    assert "A post was hidden" in page
    assert ">Undo</button>" in page


def test_what_was_resolved_from_the_list_is_undone_there(app: Flask, room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    here, undo = f"/moderation/queue/{item.id}", f"/moderation/queue/{item.id}/reopen"
    client = browser(app, room["moderator"])
    asked = {"next": "/moderation?page=2", "outcome": "nothing"}
    assert client.post(f"{here}/resolve", data=asked).location == "/moderation?page=2"
    page = client.get("/moderation").text
    assert f'action="{undo}"' in page
    assert ">Undo</button>" in page
    assert client.post(undo, data={"next": "/moderation"}).location == "/moderation"
    assert room.reported().id == item.id
    told = client.post(f"{here}/resolve", data=asked, headers=JSON).get_json()
    assert (told["status"], told["said"]) == ("resolved", "Resolved.")
    assert told["undo"] == {"address": undo, "fields": {"next": "/moderation?page=2"}}
    again = client.post(told["undo"]["address"], data=told["undo"]["fields"], headers=JSON)
    assert again.get_json()["status"] == "open"
    assert client.post(f"{here}/resolve", data={"outcome": "nothing"}).location == here


def test_what_can_be_done_is_in_a_bar_behind_the_item(app: Flask, room: QueueWorld) -> None:
    room.report()
    here = f"/moderation/queue/{room.reported().id}"
    page = browser(app, room["moderator"]).get(here).text
    bar = page.partition('class="queue-bar"')[2].partition("</nav>")[0]
    for target in ("resolve", "hand-over-title", "person-title"):
        assert f'href="#{target}"' in bar
        assert f'id="{target}"' in page
    assert bar.count('name="outcome"') == 3
    triggers.add_crisis_alert(room.risk())
    item = next(one for one in queries.open_items(room["moderator"]) if one.is_crisis)
    page = browser(app, room["moderator"]).get(f"/moderation/queue/{item.id}").text
    assert 'name="outcome"' not in page.partition('class="queue-bar"')[2].partition("</nav>")[0]


def test_related_items_are_links(app: Flask, room: QueueWorld) -> None:
    room.report()
    first = room.reported()
    service.resolve(room["moderator"], first.id, outcome="nothing")
    room.report(by="other")
    page = browser(app, room["second"]).get(f"/moderation/queue/{room.reported().id}").text
    assert f'href="/moderation/queue/{first.id}"' in page


def test_in_a_crisis_claiming_comes_first_and_hiding_last(app: Flask, room: QueueWorld) -> None:
    triggers.add_crisis_alert(room.risk())
    item = next(one for one in queries.open_items(room["moderator"]) if one.is_crisis)
    page = browser(app, room["moderator"]).get(f"/moderation/queue/{item.id}").text
    main = page.partition("<main")[2]
    places = [
        main.index(f">{name}<")
        for name in (
            "Claim",
            "Write privately",
            "Write with suggested words",
            "Alert all moderators",
            "Hide the post",
        )
    ]
    assert places == sorted(places)
    assert main.count("Hide") == 1
    service.call(room["second"], item.id)
    assert item_history.history_of(room["second"], item)[-1].by == "secondone"


def test_only_a_crisis_is_called_for(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    with pytest.raises(Conflict):
        service.call(room["moderator"], item.id)
    with pytest.raises(NotFound):
        service.call(room["outsider"], item.id)


def test_a_profile_offers_what_a_moderator_may_do(app: Flask, room: QueueWorld) -> None:
    from forum.accounts.identity import public_ids

    place = f"/members/{public_ids.of(room['author'].id)}"
    page = browser(app, room["moderator"]).get(place).text
    assert "Moderate authorone" in page
    assert "action=silence" in page
    assert "Moderate authorone" not in browser(app, room["other"]).get(place).text
