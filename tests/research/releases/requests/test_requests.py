"""Releases from the page: queued, made one at a time, told when they fail, gone after a month."""

import errno
import hashlib
import io
import os
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask

from forum.accounts.policy import VISITOR
from forum.core import clock
from forum.core.errors import Conflict, Forbidden, Gone, Invalid, LoginNeeded, NotFound
from forum.research import queries
from forum.research.releases import pipeline
from forum.research.releases.disclosure import column_costs
from forum.research.releases.ledger import queries as ledger
from forum.research.releases.ledger import released_profiles
from forum.research.releases.release_request import COLUMNS, ReleaseRequest
from forum.research.releases.requests import forms as request_forms
from forum.research.releases.requests import queue, worker
from forum.research.releases.requests import service as jobs
from forum.research.studies import researcher_access, researchers
from forum.settings.environment import Settings
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.release_desk import ReleaseWorld, desk
from tests.support.research.study_world import PASSWORD

__all__ = ["desk"]


def test_a_release_is_made_downloaded_and_logged(app: Flask, desk: ReleaseWorld) -> None:
    job_id = desk.ask(tier="events", recipient="Prof Example", agreement=b"By the day", hours=24)
    assert (desk.job(job_id).state, desk.left()) == ("waiting", [])
    desk.work()
    job = desk.job(job_id)
    assert (job.state, job.problem, job.agreement) == ("ready", "", None)
    assert desk.left() == [str(job_id), f"{job_id}/release.zip"]
    entry = ledger.entry(job.release_id or 0)
    assert (entry.made_by, entry.recipient) == ("Dr Example", "Prof Example")
    assert entry.agreement_digest == hashlib.sha256(b"By the day").hexdigest()
    client = app.test_client()
    factories.log_in(client, desk.researcher)
    given = client.get(f"/research/sleep/releases/{job_id}/download")
    archive = ZipFile(io.BytesIO(given.data))
    found = {name.split("/")[1]: archive.read(name) for name in archive.namelist()}
    assert entry.checksums == {n: hashlib.sha256(data).hexdigest() for n, data in found.items()}
    assert {"disclosure.html", "codebook.md", "CHECKSUMS"} < set(found)
    assert desk.acts() == ["asked", "made", "downloaded"]
    assert "Dr Example" in client.get(f"/research/sleep/releases/{job_id}").text
    assert f"releases/{job_id}/download" in client.get("/research/sleep/releases").text


def test_who_may_ask_download_and_remove(app: Flask, desk: ReleaseWorld) -> None:
    job_id = desk.ask()
    desk.work()
    outsider, member = factories.person(password=PASSWORD), desk.people[0]
    two_roles = factories.person(password=PASSWORD)
    researchers.name_researcher(None, desk.room.study_id, two_roles.handle)
    factories.join(two_roles, desk.room.group_id, "moderator")
    for viewer, refusal in (
        (outsider, NotFound),
        (member, NotFound),
        (two_roles, Forbidden),
        (VISITOR, LoginNeeded),
    ):
        with pytest.raises(refusal):
            desk.ask(viewer)
        with pytest.raises(refusal):
            jobs.archive_path(viewer, "sleep", job_id, desk.instance)
        with pytest.raises(refusal):
            jobs.remove(viewer, "sleep", job_id, desk.instance)
        with pytest.raises(refusal):
            jobs.retry(viewer, "sleep", job_id, PASSWORD)
    study_world.study("other")
    boss = factories.administrator()
    with pytest.raises(NotFound):  # another study's address does not open this one's files
        jobs.archive_path(boss, "other", job_id, desk.instance)
    assert jobs.archive_path(boss, "sleep", job_id, desk.instance).exists()


def test_the_password_is_asked_for_once_more(desk: ReleaseWorld) -> None:
    asked = ReleaseRequest("sleep", "Sleep", "aggregate", made_by="", reason="A paper")
    with pytest.raises(Invalid) as refused:
        jobs.request_release(desk.researcher, asked, "another password")
    assert set(refused.value.fields) == {"password", "made_by"}
    job_id = desk.ask()
    with pytest.raises(Invalid):
        jobs.retry(desk.researcher, "sleep", job_id, "")
    assert len(jobs.recent_jobs(queries.study_at("sleep"))) == 1


def test_requests_take_turns_and_a_failed_one_can_restart(
    desk: ReleaseWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = desk.ask(), desk.ask()
    claimed = queue.claim()
    assert claimed is not None
    assert claimed.id == first
    assert queue.claim() is None
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    moment += timedelta(seconds=40)
    queue.send_heartbeat(first)
    moment += timedelta(seconds=40)
    queue.fail_abandoned()
    assert desk.job(first).state == "running"
    moment += timedelta(seconds=10)
    queue.fail_abandoned()
    queue.report_step(first, "writing")  # a process that was only slow changes nothing now
    queue.finish(first, 1)
    assert (desk.job(first).state, desk.job(first).step) == ("failed", "")
    assert "was interrupted" in desk.job(first).problem
    assert queue.has_waiting()
    jobs.retry(desk.researcher, "sleep", first, PASSWORD)
    desk.work()
    assert [desk.job(each).state for each in (first, second)] == ["ready", "ready"]
    assert desk.acts() == ["asked", "asked", "failed", "asked", "made", "made"]


def test_a_refusal_says_what_to_do_and_can_be_tried_again(app: Flask, settings: Settings) -> None:
    room = study_world.study()
    researcher = factories.person(password=PASSWORD)
    researchers.name_researcher(None, room.study_id, researcher.handle)
    desk = ReleaseWorld(room, settings.instance, researcher, [])
    job_id = desk.ask(tier="microdata")
    desk.work()
    assert desk.job(job_id).state == "refused"
    assert "Fewer than 11 people share" in desk.job(job_id).problem
    assert (desk.left(), list(ledger.entries())) == ([], [])
    with pytest.raises(NotFound):
        jobs.archive_path(researcher, "sleep", job_id, desk.instance)
    jobs.retry(researcher, "sleep", job_id, PASSWORD)
    desk.work()
    assert desk.acts() == ["asked", "refused", "asked", "refused"]


def test_a_panel_is_asked_for_on_the_page_and_made_once_four_weeks_are_over(
    app: Flask, desk: ReleaseWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    factories.log_in(client, desk.researcher)
    form = {
        "tier": "panel",
        "made_by": "Dr Example",
        "reason": "Who stays",
        "hours": "24",
        "epsilon": "0.5",
        "password": PASSWORD,
    }
    wrong = client.post("/research/sleep/releases", data=form)
    assert (wrong.status_code, "only add noise with an epsilon" in wrong.text) == (422, True)
    answer = client.post(
        "/research/sleep/releases",
        data={**form, "epsilon": "", "alike": "12"},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.is_json) == (202, True)
    job_id = int(answer.get_json()["id"])
    desk.work()
    assert desk.job(job_id).state == "refused"
    assert "in the study for four whole weeks" in desk.job(job_id).problem
    later = clock.now() + timedelta(days=35)
    monkeypatch.setattr(clock, "now", lambda: later)
    jobs.retry(desk.researcher, "sleep", job_id, PASSWORD)
    desk.work()
    assert (desk.job(job_id).state, desk.job(job_id).problem) == ("ready", "")
    entry = ledger.entry(desk.job(job_id).release_id or 0)
    assert (entry.tier, "panel.parquet" in entry.checksums) == ("panel", True)


def test_what_cannot_be_written_leaves_nothing(desk: ReleaseWorld) -> None:
    job_id = desk.ask()
    folder = queue.release_folder(desk.instance, "sleep", job_id).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("Here is no room for a folder.")
    desk.work()
    assert desk.job(job_id).state == "failed"
    assert "Nothing was written" in desk.job(job_id).problem
    folder.unlink()
    with pytest.MonkeyPatch.context() as full:
        full.setattr(os, "fsync", disk_full)
        jobs.retry(desk.researcher, "sleep", job_id, PASSWORD)
        desk.work()
    assert "no room left" in desk.job(job_id).problem
    assert (desk.left(), list(ledger.entries())) == ([], [])


def disk_full(_file: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_after_thirty_days_files_and_page_are_gone_and_the_ledger_stays(
    desk: ReleaseWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, waiting = desk.ask(), 0
    desk.work()
    release = desk.job(kept).release_id
    moment = clock.now() + timedelta(days=29)
    monkeypatch.setattr(clock, "now", lambda: moment)
    waiting = desk.ask()
    queue.remove_expired(desk.instance)
    assert desk.job(kept).state == "ready"
    moment += timedelta(days=1, minutes=1)
    queue.remove_expired(desk.instance)
    with pytest.raises(NotFound):
        desk.job(kept)
    assert desk.job(waiting).state == "waiting"
    assert desk.left() == []
    assert ledger.entry(release or 0).reason == "The yearly report"


def test_a_release_can_be_removed_before_but_not_while_it_is_made(desk: ReleaseWorld) -> None:
    job_id, next_one = desk.ask(), desk.ask()
    queue.claim()
    with pytest.raises(Conflict):
        jobs.remove(desk.researcher, "sleep", job_id, desk.instance)
    jobs.remove(desk.researcher, "sleep", next_one, desk.instance)
    queue.give_up(job_id, "failed", "It broke.")
    jobs.retry(desk.researcher, "sleep", job_id, PASSWORD)
    desk.work()
    queue.remove_files(queue.release_folder(desk.instance, "sleep", job_id))
    with pytest.raises(Gone):
        jobs.archive_path(desk.researcher, "sleep", job_id, desk.instance)
    jobs.remove(desk.researcher, "sleep", job_id, desk.instance)
    assert list(jobs.recent_jobs(researcher_access.study_for(desk.researcher, "sleep"))) == []


@pytest.mark.parametrize("said", ["2", "0", "nan", "some"])
def test_an_epsilon_out_of_range_is_refused_at_its_field(desk: ReleaseWorld, said: str) -> None:
    refused = ReleaseRequest(
        "sleep", "Sleep", "aggregate", "R", "A paper", epsilon=request_forms.fraction(said)
    )
    with pytest.raises(Invalid) as problem:
        jobs.request_release(desk.researcher, refused, PASSWORD)
    assert list(problem.value.fields) == ["epsilon"]


def test_an_epsilon_asked_for_on_the_page_is_the_worker_s(
    desk: ReleaseWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id, asked = desk.ask(epsilon=request_forms.fraction("0.5")), dict[str, Any]()
    monkeypatch.setattr(pipeline, "make", lambda _slug, _out, **wishes: asked.update(wishes) or 1)
    monkeypatch.setattr(queue, "finish", lambda *_: None)
    desk.work()
    assert (asked["epsilon"], desk.job(job_id).epsilon) == (0.5, 0.5)
    assert request_forms.fraction("") is None


def test_columns_and_right_guesses_are_asked_for_on_the_page_and_the_worker_s(
    app: Flask, desk: ReleaseWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    factories.log_in(client, desk.researcher)
    shown = client.get("/research/sleep/releases").text
    ticked = set(re.findall(r'name="columns" type="checkbox" value="(\w+)" checked', shown))
    assert ticked == set(released_profiles.DOSE)
    labels = re.findall(r'name="columns".*?<span>([^<]*)</span>', shown)
    assert len(set(labels)) == len(COLUMNS)
    assert "Reading time, at most" in labels
    assert not [each for each in labels if "_" in each or not each[:1].isupper()]
    assert all(each in shown for _, kept in column_costs.rows() for each in kept)
    form: dict[str, Any] = {
        "tier": "microdata",
        "made_by": "Dr Example",
        "reason": "Dose",
        "password": PASSWORD,
        "hours": "24",
        "guesses": "10",
        "columns": ["sessions"],
    }
    wrong = client.post("/research/sleep/releases", data=form)
    assert wrong.status_code == 422
    assert {"right guesses from 2 to 9" in wrong.text, "Please choose some" in wrong.text} == {True}
    assert 'value="sessions" checked' in wrong.text
    assert 'value="posts" checked' not in wrong.text
    asked = list[Any]()

    def noted(slug: str, out: Path, **wishes: Any) -> int:
        asked.append((wishes["columns"], wishes["guesses"]))
        return pipeline.make(slug, out, **wishes)

    monkeypatch.setattr(worker, "pipeline", SimpleNamespace(make=noted))
    # Of other kinds than microdata, the ticks say nothing.
    for tier, guesses in (("microdata", "9"), ("aggregate", "")):
        wishes = form | {"tier": tier, "guesses": guesses, "columns": ["posts", "joined"]}
        answer = client.post("/research/sleep/releases", data=wishes)
        assert answer.status_code == 303
        desk.work()
    assert asked == [(("posts", "joined"), 9), ((), None)]
