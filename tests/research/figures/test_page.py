"""A study's figures are for administrators, and are drawn from the record of participants."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import NotFound
from forum.research.figures import figure_jobs, figure_store, filters
from forum.research.studies import audit_log, researchers
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_ages import three_weeks_old


def page(app: Flask, viewer: Viewer | None, slug: str) -> tuple[int, str]:
    client = app.test_client()
    if viewer:
        factories.log_in(client, viewer)
    response = client.get(f"/research/{slug}")
    return response.status_code, response.text


def test_an_administrator_sees_the_figures_and_no_handle(app: Flask, tmp_path: Path) -> None:
    room, people = three_weeks_old(agreed=10)
    before = page(app, factories.administrator(), room.slug)
    assert before[0] == 200
    assert "Nothing to show yet" in before[1]
    figure_jobs.draw_figures(tmp_path, room.slug)
    status, text = page(app, factories.administrator(), room.slug)
    assert status == 200
    assert "3 weeks from" in text
    assert "10 participants" in text  # ten of twelve agreed
    assert text.count('<svg class="chart"') >= 4
    assert not any(str(person.handle) in text for person in people)


def test_each_figure_can_be_downloaded_as_the_page_shows_it(app: Flask, tmp_path: Path) -> None:
    room, people = three_weeks_old(agreed=10)
    figure_jobs.draw_figures(tmp_path, room.slug)
    client = app.test_client()
    factories.log_in(client, factories.administrator())
    page = client.get(f"/research/{room.slug}").text
    files = re.findall(r'href="(/research/[^"]+/figures/[^"]+)"', page)
    assert len(files) > 10
    for file in files:
        answer = client.get(file.replace("&amp;", "&"))
        kind = "image/svg+xml" if ".svg" in file else "text/csv"
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert not any(str(person.handle) in answer.text for person in people)
    assert client.get(f"/research/{room.slug}/figures/none-such.csv").status_code == 404
    assert client.get(f"/research/{room.slug}/figures/measures.svg").status_code == 404
    factories.log_in(client, people[0])
    assert client.get(files[0].replace("&amp;", "&")).status_code == 404


def test_figures_of_an_earlier_version_are_shown_as_tables(app: Flask, tmp_path: Path) -> None:
    room, _ = three_weeks_old(agreed=10)
    figure_jobs.draw_figures(tmp_path, room.slug)
    file = figure_jobs.figures_folder(tmp_path, room.slug) / figure_store.EDITION
    edition = json.loads(file.read_text())
    for figure in edition["all.0"]["figures"]:
        figure["chart"] = figure.pop("drawing") and {"bars": []}
    file.write_text(json.dumps(edition))
    status, text = page(app, factories.administrator(), room.slug)
    assert status == 200
    assert '<svg class="chart"' not in text
    assert "Used the forum" in text


def test_nobody_else_sees_that_there_is_such_a_page(app: Flask) -> None:
    room, people = three_weeks_old(agreed=10)
    facilitator = factories.join(factories.person(), room.group_id, "facilitator")
    for viewer in (people[0], people[11], facilitator):
        assert page(app, viewer, room.slug)[0] == 404
    assert page(app, None, room.slug)[0] == 401
    assert page(app, factories.administrator(), "no-such-study")[0] == 404


def test_seven_who_agreed_are_too_few(app: Flask, tmp_path: Path) -> None:
    room, _ = three_weeks_old(agreed=7)
    figure_jobs.draw_figures(tmp_path, room.slug)
    assert "Nothing to show yet" in page(app, factories.administrator(), room.slug)[1]


def test_a_study_that_was_never_opened_has_nothing_to_draw(app: Flask, tmp_path: Path) -> None:
    room = study_world.study(opened=False)
    with pytest.raises(NotFound):
        figure_jobs.draw_figures(tmp_path, room.slug)
    assert list(tmp_path.glob("research/*")) == []


def test_access_to_figures_is_logged_with_the_choice(app: Flask, tmp_path: Path) -> None:
    room, _ = three_weeks_old(agreed=10)
    figure_jobs.draw_figures(tmp_path, room.slug)
    researcher = factories.person()
    researchers.name_researcher(None, room.study_id, researcher.handle)
    assert page(app, researcher, room.slug)[0] == 200
    assert page(app, researcher, f"{room.slug}?period=all&group=99")[0] == 200
    db.release_session()
    looks = audit_log.entries(room.slug, researcher, 1)
    assert [each.action for each in looks] == ["figures_seen"] * 2
    assert [each.details for each in looks] == [{"choice": "all.0"}] * 2
    assert filters.in_words(looks[0].details["choice"]) == "From the beginning, all groups"
