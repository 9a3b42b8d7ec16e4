"""Figures are drawn in every language of the forum, and shown in that of the page."""

from pathlib import Path

from flask import Flask

from forum.core.translation import using
from forum.research.figures import figure_jobs, figure_store
from forum.research.figures.filters import FigureFilter
from tests.support import factories
from tests.support.languages import made_up
from tests.support.research.study_ages import three_weeks_old


def test_figures_speak_the_language_of_the_page(app: Flask, tmp_path: Path) -> None:
    room, _ = three_weeks_old(agreed=10)
    with made_up.is_known():
        figure_jobs.draw_figures(tmp_path, room.slug)
        home = figure_jobs.figures_folder(tmp_path, room.slug)
        found = {}
        for language in ("en", made_up.CODE):
            with using(language):
                found[language] = figure_store.figures_of(home, FigureFilter())
    english, other = found["en"]["figures"], found[made_up.CODE]["figures"]
    assert [one["name"] for one in english] == [one["name"] for one in other]
    for one, same in zip(english, other, strict=True):
        assert one["title"] != same["title"]
        assert one["summary"] != same["summary"]
        if one["drawing"]:
            assert one["drawing"]["inside"] != same["drawing"]["inside"]
            assert "Weeks since joining" not in same["drawing"]["inside"]


def test_figures_that_were_drawn_in_english_alone_say_that_they_are_english(
    app: Flask, tmp_path: Path
) -> None:
    room, _ = three_weeks_old(agreed=10)
    figure_jobs.draw_figures(tmp_path, room.slug)
    client = app.test_client()
    factories.log_in(client, factories.administrator())
    with made_up.is_known():
        page = client.get(f"/research/{room.slug}", headers={"Accept-Language": made_up.CODE}).text
        title = "Participants who were active, week by week"
        assert f'<h2 id="participation-title" lang="en">{title}' in page
    assert 'title" lang="en"' not in client.get(f"/research/{room.slug}").text
