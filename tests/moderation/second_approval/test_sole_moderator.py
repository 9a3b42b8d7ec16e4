"""What a sole moderator reads who would need a second person."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.accounts.identity import public_ids
from forum.core import clock, db
from forum.moderation.actions import service
from tests.support import factories as make


@pytest.mark.parametrize("second", ["nobody", "suspended", "somebody"])
def test_a_sole_administrator_reads_how_to_find_a_second(app: Flask, second: str) -> None:
    me, person = make.administrator(), make.person()
    if second != "nobody":
        other = make.administrator()
        if second == "suspended":
            until = clock.now() + timedelta(days=9)
            accounts.suspend(other.id or 0, until=until, because="Rest")
    client = app.test_client()
    make.log_in(client, me)
    page = f"/moderation/actions/new?target_kind=person&id={public_ids.of(person.id)}"
    assert "A second person has to approve it" in client.get(page).text
    form = client.get(f"{page}&action=ban").text
    assert ("forum user create HANDLE --role administrator" in form) == (second != "somebody")
    assert ("a second person has to approve it in the log" in form) == (second == "somebody")
    assert "second person" not in client.get(f"{page}&action=suspend").text
    service.take_action(me, "ban", person.id or 0, reason="Threats")
    db.release_session()
    assert ("There is no one yet" in client.get("/moderation/log").text) == (second != "somebody")


def test_a_sole_moderator_reads_who_can_appoint_another(app: Flask) -> None:
    group = make.group()
    me = make.join(make.person(), group, "moderator")
    place = make.thread(make.join(make.person(), group), group)
    client = app.test_client()
    make.log_in(client, me)
    page = f"/moderation/actions/new?target_kind=post&id={place.id}&action=delete"
    assert "/members" in client.get(page).text
    assert "There is no one yet" in client.get(page).text
    make.administrator()
    assert "There is no one yet" not in client.get(page).text
