"""Sessions: each is a row; ending one ends it, and nobody ends another person's."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from forum.accounts import queries, service
from forum.accounts.events import SessionsEnded
from forum.accounts.login import session_queries
from forum.accounts.models import LoginSession, PasswordReset
from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock, events
from forum.core.db import current_session, transaction
from forum.core.errors import LoginNeeded, NotFound
from forum.core.web import private_ids
from tests.support.factories import log_in, person
from tests.support.worlds.account_forms import (
    JSON,
    NEW_PASSWORD,
    PASSWORD,
    code_of,
    fields_of,
    log_in_browser,
    post_form,
    register_member,
)


def ended() -> list[SessionsEnded]:
    """Return a list that takes what is announced from now on."""
    seen: list[SessionsEnded] = []
    events.subscribe({}, {SessionsEnded: [seen.append]})
    return seen


def sessions(viewer: Viewer, count: int) -> list[Viewer]:
    """Open several sessions for somebody; return them as seen by each."""
    assert viewer.id is not None
    opened = [queries.viewer_of_session(service.open_session(viewer.id)) for _turn in range(count)]
    return [me for me in opened if me]


def test_sessions_are_listed_with_device_and_this_one_marked(app: Flask) -> None:
    register_member("fern")
    clients = [log_in_browser(app, "fern") for _turn in range(2)]
    rows = clients[0].get("/account/sessions", headers=JSON).get_json()["sessions"]
    assert [row["current"] for row in rows].count(True) == 1
    page = clients[0].get("/account/sessions").text
    assert page.count("Another device</strong>") == 1
    assert page.count("<strong>This device</strong>") == 1


def test_ending_one_session_cuts_it_alone(app: Flask) -> None:
    register_member("fern")
    here, there = log_in_browser(app, "fern"), log_in_browser(app, "fern")
    rows = here.get("/account/sessions", headers=JSON).get_json()["sessions"]
    other = next(row["id"] for row in rows if not row["current"])
    seen = ended()
    assert post_form(here, f"/account/sessions/{other}/end").status_code == 303
    assert there.get("/account").status_code == 401
    assert here.get("/account").status_code == 200
    ended_id = private_ids.id_of(other)
    assert [event.session_ids for event in seen] == [(ended_id,)]
    mine = private_ids.id_of(next(row["id"] for row in rows if row["current"]))
    assert queries.open_sessions([mine, ended_id]) == {mine}
    assert post_form(here, f"/account/sessions/{other}/end", as_json=True).status_code == 404


def test_ending_the_session_in_use_logs_out(app: Flask) -> None:
    me = log_in(client := app.test_client(), person())
    mine = private_ids.of(me.session_id or 0)
    assert post_form(client, f"/account/sessions/{mine}/end").headers["Location"] == "/"
    assert client.get("/account").status_code == 401


def test_ending_all_others_keeps_this_one(app: Flask) -> None:
    fern = person()
    here, there = app.test_client(), app.test_client()
    log_in(here, fern)
    log_in(there, fern)
    seen = ended()
    assert post_form(here, "/account/sessions/end-others").status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 401
    post_form(here, "/account/sessions/end-others")
    assert len(seen) == 1


def test_ending_all_ends_this_one_too(app: Flask) -> None:
    log_in(client := app.test_client(), person())
    assert post_form(client, "/account/sessions/end-all", as_json=True).get_json()["ok"]
    assert client.get("/account").status_code == 401
    assert post_form(client, "/account/sessions/end-all", as_json=True).status_code == 401


def test_nobody_ends_another_persons_session(app: Flask) -> None:
    (mine,), (theirs,) = sessions(person(), 1), sessions(person(), 1)
    assert theirs.session_id is not None
    for guess in (theirs.session_id, 0, -1, 2**31 - 1):
        with pytest.raises(NotFound):
            service.end_session(mine, guess)
    service.end_other_sessions(mine)
    service.end_all_sessions(mine)
    assert len(session_queries.sessions_of(theirs)) == 1
    log_in(client := app.test_client(), mine)
    for path in (private_ids.of(theirs.session_id), theirs.session_id, 2**40, 2**70):
        assert post_form(client, f"/account/sessions/{path}/end", as_json=True).status_code == 404


def test_visitors_have_no_sessions(app: Flask) -> None:
    for act in (service.end_other_sessions, service.end_all_sessions):
        with pytest.raises(LoginNeeded):
            act(VISITOR)
    service.log_out(VISITOR)
    client = app.test_client()
    for path in ("end-others", "end-all", f"{private_ids.of(1)}/end"):
        assert post_form(client, f"/account/sessions/{path}", as_json=True).status_code == 401


def test_a_new_password_ends_all_other_sessions(app: Flask) -> None:
    register_member("fern")
    here, there = log_in_browser(app, "fern"), log_in_browser(app, "fern")
    before = here.get_cookie("forum_session")
    seen = ended()
    answer = post_form(here, "/account/password", current=PASSWORD, new=NEW_PASSWORD)
    assert answer.headers["Location"] == "/account"
    assert "New password saved" in here.get("/account").text
    assert there.get("/account").status_code == 401
    assert len(seen[0].session_ids) == 2
    stale = app.test_client()
    assert before is not None
    stale.set_cookie("forum_session", before.value)
    assert stale.get("/account").status_code == 401
    assert log_in_browser(app, "fern", NEW_PASSWORD)
    wrong = post_form(app.test_client(), "/login", as_json=True, handle="fern", password=PASSWORD)
    assert wrong.status_code == 422


def test_changing_the_password_takes_the_old_one_and_a_good_new_one(app: Flask) -> None:
    register_member("fern")
    client = log_in_browser(app, "fern")
    for current, new, field in (
        ("wrong", NEW_PASSWORD, "current"),
        (PASSWORD, "weak", "new"),
        ("", NEW_PASSWORD, "current"),
    ):
        answer = post_form(client, "/account/password", as_json=True, current=current, new=new)
        assert (answer.status_code, fields_of(answer)) == (422, {field})
    page = post_form(client, "/account/password", current="wrong-guess", new="another-secret")
    assert page.status_code == 422
    assert "wrong-guess" not in page.text
    assert "another-secret" not in page.text
    assert client.get("/account").status_code == 200


def test_suspension_ends_all_sessions(app: Flask) -> None:
    fern = person()
    mine = sessions(fern, 3)
    seen = ended()
    assert fern.id is not None
    service.suspend(fern.id, until=clock.now() + timedelta(days=1), because="")
    assert seen[0].session_ids == tuple(sorted(me.session_id or 0 for me in mine))
    with pytest.raises(NotFound):
        service.suspend(10**6, until=clock.now(), because="")


def test_erasing_ends_all_sessions_and_leaves_no_row(app: Flask) -> None:
    fern = person()
    sessions(fern, 2)
    seen = ended()
    assert fern.id is not None
    service.erase(fern.id)
    assert len(seen[0].session_ids) == 2
    assert current_session().scalar(select(func.count()).select_from(LoginSession)) == 0
    with pytest.raises(NotFound):
        service.erase(fern.id)


def test_when_a_session_was_used_is_noted_every_ten_minutes(app: Flask) -> None:
    me = log_in(client := app.test_client(), person())
    before = current_session().scalar(select(LoginSession.seen_at))
    client.get("/account")
    assert current_session().scalar(select(LoginSession.seen_at)) == before
    _age(me, timedelta(minutes=11))
    client.get("/account")
    after = current_session().scalar(select(LoginSession.seen_at))
    assert after is not None
    assert after > clock.now() - timedelta(minutes=1)


def test_old_sessions_and_resets_are_forgotten(app: Flask) -> None:
    fern = register_member("fern", email="fern@example.org")
    long_ago, unused, recent = sessions(fern, 3)
    service.request_password_reset("fern@example.org")
    for me in (long_ago, recent):
        service.end_session(me, me.session_id or 0)
    _age(unused, timedelta(days=91))
    with transaction() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.id == long_ago.session_id)
            .values(ended_at=clock.now() - timedelta(days=31))
        )
        session.execute(update(PasswordReset).values(expires_at=clock.now()))
    service.forget_old_sessions()
    assert current_session().scalars(select(LoginSession.id)).all() == [recent.session_id]
    assert current_session().scalars(select(PasswordReset.digest)).all() == []


def _age(me: Viewer, by: timedelta) -> None:
    with transaction() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.id == me.session_id)
            .values(seen_at=clock.now() - by)
        )


def test_a_page_of_one_account_does_nothing_for_another(app: Flask) -> None:
    register_member("heron")
    register_member("fern")
    client = log_in_browser(app, "fern")
    told = client.get("/session", headers=JSON).get_json()
    fern = told["account"]
    assert fern
    headers = {**JSON, "X-CSRFToken": told["csrf_token"], "X-Account": fern}
    form = {"about": "Hello", "invisible": ""}
    assert client.post("/account/profile", data=form, headers=headers).status_code == 200
    other = log_in_browser(app, "heron")
    now = other.get("/session", headers=JSON).get_json()
    headers["X-CSRFToken"] = now["csrf_token"]
    answer = other.post("/account/profile", data=form, headers=headers)
    assert (answer.status_code, code_of(answer)) == (409, "other_account")
    visitor = app.test_client()
    headers["X-CSRFToken"] = visitor.get("/session", headers=JSON).get_json()["csrf_token"]
    answer = visitor.post("/account/profile", data=form, headers=headers)
    assert (answer.status_code, code_of(answer)) == (401, "login_needed")
    assert "heron" not in other.get("/session").text
