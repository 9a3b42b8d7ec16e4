"""The figures in a real browser: readable for everyone, at every width, and choosable."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from flask import Flask, render_template, request
from playwright.sync_api import Page, Route, expect

from forum.app import create_app
from forum.core import db
from forum.core.translation import catalogues
from forum.research.figures import figure_store
from forum.research.figures.page import figures_page
from forum.settings.environment import from_environment
from tests.support.browsers.chromium import check_page
from tests.support.databases.real_databases import Databases
from tests.support.research.simulated import snapshot
from tests.support.research.study_records import BEGIN

PLACE = "http://forum.test"
GROUPS = {1: "Night Ward", 2: "Low Water", 3: "Steady Now", 4: "Long Haul"}
PAGE = """{% extends "core/base.html" %}
{% block title %}A study{% endblock %}
{% block head %}<link rel="stylesheet" href="{{ asset('css/research/charts.css') }}">{% endblock %}
{% block main %}<h1>A study</h1>{% include "research/figures/_figures.html" %}{% endblock %}"""

FIGURES = 9


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    today = BEGIN.date() + timedelta(days=182)
    record = snapshot(folder / "record", 300)
    with pytest.MonkeyPatch.context() as patch:  # these tests read them in English alone
        patch.setattr(catalogues, "codes", lambda: ["en"])
        figure_store.update(folder / "study", record, BEGIN.date(), today, "UTC", list(GROUPS))
    return folder / "study"


@pytest.fixture(scope="module")
def forum(home: Path, real_databases: Databases) -> Iterator[Flask]:
    """Return the application with a page that shows the figures."""
    plain = from_environment({"FORUM_INSTANCE": str(home.parent), "FORUM_RATE_LIMITS": "off"})
    app = create_app(replace(plain, database_url=real_databases.sqlite()))

    @app.get("/figures")
    def show() -> str:
        asked = request.args
        page = figures_page(home, GROUPS, asked.get("period", ""), asked.get("group", ""))
        template = app.jinja_env.from_string(PAGE)
        study = SimpleNamespace(zone="UTC", slug="sleep")
        return render_template(template, figures=page, study=study)

    yield app
    db.release_session()
    db.engine().dispose()


@pytest.fixture
def visit(page: Page, forum: Flask) -> Callable[[str], Page]:
    """Return how to open a page without any server: the application answers the browser itself."""
    client = forum.test_client()

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        response = client.get(f"{parts.path}?{parts.query}")
        route.fulfill(
            status=response.status_code, headers=dict(response.headers), body=response.data
        )

    def opened(address: str) -> Page:
        page.route(f"{PLACE}/**", answer)
        page.goto(PLACE + address)
        return page

    return opened


def test_axe_finds_nothing_and_nothing_is_cut_off(visit: Callable[[str], Page]) -> None:
    page = visit("/figures")
    expect(page.get_by_role("img")).to_have_count(FIGURES)
    for summary in page.get_by_text("The numbers").all():
        summary.click()
    check_page(page, "figures", widths=(320, 800, 1280))


def test_drawings_have_words_and_no_styles_of_their_own(
    visit: Callable[[str], Page],
) -> None:
    page = visit("/figures")
    complaints = list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.reload()
    drawings = page.get_by_role("img")
    expect(drawings).to_have_count(FIGURES)
    expect(drawings.first).to_have_accessible_name("Participants who were active, week by week")
    expect(drawings.first).to_have_accessible_description(
        re.compile("When most people used the forum, about [0-9]+ of the [0-9]+ participants")
    )
    assert page.locator("main [style]").count() == 0
    assert not [line for line in complaints if "Content Security Policy" in line]


def test_drawings_follow_the_colours_of_the_page(visit: Callable[[str], Page]) -> None:
    page = visit("/figures")
    fills = set()
    for scheme, forced in (("light", "none"), ("dark", "none"), ("light", "active")):
        page.emulate_media(color_scheme=scheme, forced_colors=forced)  # type: ignore[arg-type]
        colour = page.evaluate(
            """() => [
            getComputedStyle(document.querySelector("#active-days-title ~ .chart text")).fill,
            getComputedStyle(document.body).backgroundColor]"""
        )
        assert colour[0] != colour[1]
        fills.add(tuple(colour))
    assert len(fills) == 3


def test_a_group_is_chosen_by_form(visit: Callable[[str], Page]) -> None:
    page = visit("/figures")
    page.get_by_label("Group").select_option("Low Water")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**group=2*")
    expect(page.get_by_label("Group")).to_have_value("2")
    expect(
        page.get_by_text(
            re.compile("weeks from [0-9]+ [A-Z][a-z]+ 2026. About [0-9]+ participants")
        )
    ).to_be_visible()
    assert "300 participants" not in page.content()


@pytest.mark.parametrize(
    "asked",
    [
        "group=99",
        "group=-1",
        "group=x",
        "group=" + "9" * 40,
        "period=yesterday",
        "period=4-weeks&group=77",
    ],
)
def test_what_is_not_on_offer_shows_everybody(forum: Flask, asked: str) -> None:
    page = forum.test_client().get(f"/figures?{asked}")
    assert page.status_code == 200
    assert "26 weeks from 5 January 2026. About 300 participants" in page.text


def test_before_the_first_figures_the_page_says_so(tmp_path: Path) -> None:
    page = figures_page(tmp_path, GROUPS, "", "")
    assert page.shown == {}
    assert page.groups == {}
