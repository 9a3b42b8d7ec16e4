"""A request to join that was answered: who asked is notified, and nobody else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import Viewer
from forum.groups import service as groups
from forum.notifications import queries
from tests.support import factories as make
from tests.support.worlds.outbox_world import PostBox, send


class Requests:
    """A group that people ask to join, its moderator, and two who have asked."""

    def __init__(self) -> None:
        self.group = make.group(name="Sleepless", slug="sleepless", visibility="approval")
        self.moderator = make.join(make.person(), self.group, "moderator")
        self.fern, self.moss = make.person(), make.person()
        for one in (self.fern, self.moss):
            groups.ask_to_join(one, self.group)

    def answer(self, who: Viewer, *, accepted: bool) -> None:
        """Let somebody in, or not."""
        verb = groups.accept_request if accepted else groups.decline_request
        verb(self.moderator, self.group, who.id or 0)


@pytest.fixture
def requests(app: Flask) -> Requests:
    """Return them."""
    return Requests()


def lines(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the types and words of what somebody was notified of."""
    return [(one.type, one.about) for one in queries.lines(viewer) if one.type.startswith("join_")]


@pytest.mark.parametrize("accepted", [True, False])
def test_who_asked_is_notified_and_nobody_else(requests: Requests, accepted: bool) -> None:
    requests.answer(requests.fern, accepted=accepted)
    ((name, words),) = lines(requests.fern)
    assert name == ("join_accepted" if accepted else "join_declined")
    assert "“Sleepless”" in words
    assert lines(requests.moss) == lines(requests.moderator) == []


def test_it_leads_to_the_group_or_to_others(requests: Requests, client: FlaskClient) -> None:
    requests.answer(requests.fern, accepted=True)
    requests.answer(requests.moss, accepted=False)
    for who, place in ((requests.fern, "/groups/sleepless"), (requests.moss, "/groups")):
        make.log_in(client, who)
        (line,) = client.get("/notifications", headers={"Accept": "application/json"}).get_json()[
            "notifications"
        ]
        assert client.get(f"/notifications/{line['id']}").location == place


def test_who_takes_it_back_or_asks_again_hears_only_of_the_latest_answer(
    requests: Requests,
) -> None:
    groups.leave(requests.moss, requests.group)
    requests.answer(requests.moss, accepted=False)
    assert lines(requests.moss) == []
    for accepted in (False, False, True):
        requests.answer(requests.fern, accepted=accepted)
        groups.ask_to_join(requests.fern, requests.group)
    assert [one[0] for one in lines(requests.fern)] == ["join_accepted"]


def test_a_mail_names_no_group_and_is_not_sent_to_who_has_left(
    requests: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    for one in (requests.fern, requests.moss):
        requests.answer(one, accepted=True)
    groups.leave(requests.moss, requests.group)
    send()
    mine = [
        (who, one) for who, _key, one in box.taken if who in {requests.fern.id, requests.moss.id}
    ]
    ((who, message),) = mine
    assert who == requests.fern.id
    assert "Sleepless" not in repr(message)
