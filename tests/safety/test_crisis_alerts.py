"""Posts that need a review soon: who is alerted, and that no post is ever lost for it."""

from datetime import timedelta

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import func, select

from forum import wiring
from forum.accounts.policy import Viewer
from forum.core import clock, db, events
from forum.core.db import current_session
from forum.core.errors import Forbidden, LoginNeeded, NotFound
from forum.privacy import service as privacy
from forum.safety import detector, detector_evaluation, queries
from forum.safety.events import PostCrisisDetected
from forum.safety.models import SELF_HARM, CrisisAlert
from forum.threads import service as threads
from forum.threads.models import Post
from tests.support import factories as make
from tests.support.permissions.matrix_world import ROLES, silent

DANGER, CALM = "I don't want to live any more.", "I slept well and I'm dying to see the sea."


@pytest.fixture
def spotted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[PostCrisisDetected]:
    """Return what is announced within transactions, as it happens."""
    found: list[PostCrisisDetected] = []
    within = {**wiring.WITHIN_TRANSACTION, PostCrisisDetected: [found.append]}
    events.subscribe(within, wiring.AFTER_COMMIT)
    return found


@pytest.fixture
def author(app: Flask) -> Viewer:
    """Return a member of the only group."""
    return make.join(make.person(), make.group(slug="here"))


def here() -> int:
    from forum.groups.models import Group

    return current_session().scalars(select(Group.id).where(Group.slug == "here")).one()


def flags() -> list[int]:
    db.release_session()
    return list(current_session().scalars(select(CrisisAlert.post_id).order_by(CrisisAlert.id)))


def test_a_post_is_spotted_with_ids_and_no_words(
    author: Viewer, spotted: list[PostCrisisDetected]
) -> None:
    opening = make.thread(author, here(), body=DANGER)
    calm = make.post(author, opening.thread_id, body=CALM)
    assert flags() == [opening.id]
    [event] = spotted
    assert (event.post_id, event.thread_id, event.group_id) == (
        opening.id,
        opening.thread_id,
        here(),
    )
    assert (event.author_id, event.kind) == (author.id, SELF_HARM)
    threads.edit_post(author, calm.id, body=DANGER)
    threads.edit_post(author, calm.id, body=DANGER + " Not today.")
    threads.edit_post(author, calm.id, body=CALM)
    assert flags() == [opening.id, calm.id]
    assert len(spotted) == 2
    row = current_session().execute(select(CrisisAlert.detector_version, CrisisAlert.kind)).first()
    assert row == (detector.self_harm().version, SELF_HARM)


def test_other_changes_are_not_looked_at(author: Viewer, spotted: list[PostCrisisDetected]) -> None:
    keeper = make.join(make.person(), here(), "moderator")
    place = make.thread(author, here(), body=CALM)
    with db.transaction() as session:
        session.get_one(Post, place.id).body = DANGER
    threads.react(keeper, place.id, "hug", on=True)
    threads.hide_post(keeper, place.id)
    threads.restore_post(keeper, place.id)
    assert not spotted


def test_what_is_brought_in_from_long_ago_is_nobodys_danger_now(
    author: Viewer, spotted: list[PostCrisisDetected]
) -> None:
    make.thread(author, here(), body=DANGER, at=clock.now() - timedelta(days=2))
    assert not flags()
    make.thread(author, here(), body=DANGER, at=clock.now() - timedelta(hours=2))
    assert len(flags()) == 1


def test_a_failing_check_costs_nobody_their_post(
    author: Viewer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(DANGER)

    monkeypatch.setattr(detector, "detects_crisis", broken)
    first = make.thread(author, here(), body=DANGER)
    monkeypatch.undo()
    events.subscribe(
        {**wiring.WITHIN_TRANSACTION, PostCrisisDetected: [broken]},
        wiring.AFTER_COMMIT,
    )
    second = make.post(author, first.thread_id, body=DANGER)
    db.release_session()
    kept = current_session().scalar(select(func.count()).select_from(Post))
    assert (kept, second.number) == (2, 2)
    assert flags() == []
    logged = "".join(capfd.readouterr())
    assert logged.count("crisis_check_failed") == 2
    assert "want to live" not in logged


@pytest.mark.parametrize("remove", [True, False])
def test_erasing_oneself_takes_the_alerts_along(author: Viewer, remove: bool) -> None:
    make.thread(author, here(), body=DANGER)
    assert flags()
    privacy.erase(author.id or 0, remove=remove)
    assert not flags()


def test_moderators_alone_learn_of_alerts(app: Flask) -> None:
    world = silent(app, "open", "visible")
    moderator = make.join(make.person(), world.group_id, "moderator")
    post = make.post(world.people["author"], world.thread_id, body=DANGER)
    sees = {role for role in ROLES if _flagged(world.people[role], post.id)}
    assert sees == {"administrator"}
    assert _flagged(moderator, post.id)
    assert not _flagged(moderator, world.post_id)
    assert queries.crisis(world.people["facilitator"], post.id).alerted_at is None


def _flagged(viewer: Viewer, post_id: int) -> bool:
    try:
        return queries.crisis(viewer, post_id).alerted_at is not None
    except (LoginNeeded, Forbidden, NotFound):
        return False


@pytest.mark.parametrize("state", ["visible", "hidden", "deleted"])
def test_the_crisis_page_shows_a_post_to_its_carers_alone(app: Flask, state: str) -> None:
    world = silent(app, "readable_by_all", state)
    shown = set()
    for role in ROLES:
        answer = world.client(role).get(f"/safety/crisis?post={world.post_id}")
        if answer.status_code == 200:
            shown.add(role)
        else:
            assert "unmistakablewords" not in answer.text, role
    assert shown == {"facilitator", "administrator"}


@pytest.mark.parametrize("role", ["visitor", "member", "suspended", "outsider"])
def test_whoever_worries_is_shown_help_and_how_to_tell(app: Flask, role: str) -> None:
    world = silent(app, "readable_by_all", "visible")
    client = world.client(role)
    answer = client.get(f"/safety/crisis?post={world.post_id}")
    assert answer.status_code == (401 if role == "visitor" else 403)
    main = answer.text[answer.text.index("<main") :]
    assert 'href="/help-now"' in main
    way = "/complaints" if role == "visitor" else f"/posts/{world.post_id}/report"
    assert f'href="{way}"' in main
    program = client.get("/safety/crisis", headers={"Accept": "application/json"})
    assert program.get_json()["error"]["code"] in {"login_needed", "forbidden", "suspended"}


@pytest.mark.parametrize("asked", ["999999", "x", "-1", "9" * 40, "\u0661"])
def test_a_post_that_is_none_is_not_found(app: Flask, asked: str) -> None:
    client = app.test_client()
    make.log_in(client, make.administrator())
    assert client.get("/safety/crisis", query_string={"post": asked}).status_code == 404


def test_nobody_else_reads_of_an_alert_anywhere(app: Flask) -> None:
    """Page, JSON, notifications and the download of its author say nothing of it."""
    world = silent(app, "open", "visible")
    author = world.people["author"]
    make.post(author, world.thread_id, body=DANGER)
    for role in ("author", "member"):
        client = world.client(role)
        for path in (f"/threads/{world.thread_id}", "/notifications", "/", "/account"):
            for accept in ("application/json", "text/html"):
                text = client.get(path, headers={"Accept": accept}).text
                assert SELF_HARM not in text
                assert "word list" not in text
    with pytest.raises(NotFound):
        queries.crisis(make.person(), 10**6)


def test_moderators_alone_read_how_well_the_word_lists_work(author: Viewer, app: Flask) -> None:
    address, answers = "/safety/detectors", []
    for viewer in (author, make.join(make.person(), here(), "moderator")):
        client = app.test_client()
        make.log_in(client, viewer)
        answers.append(client.get(address))
    refused, shown = answers
    assert (refused.status_code, shown.status_code) == (403, 200)
    measured = detector_evaluation.measured(app.extensions["forum.known_numbers"])
    assert f"These figures come from {sum(one.total for one in measured)} short texts" in shown.text
    missed = [text for one in measured for text in one.missed]
    assert missed
    assert all(f"\u201c{escape(text)}\u201d" in shown.text for text in missed)
