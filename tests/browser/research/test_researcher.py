"""A researcher's day in a real browser: the study, its figures, and a release from the page."""

import io
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from forum.accounts import queries as account_queries
from forum.accounts import service as accounts
from forum.core import db
from forum.groups import service as groups
from forum.research import service
from forum.research.studies import planning, researchers
from tests.support import factories
from tests.support.browsers.chromium import axe, screenshot
from tests.support.browsers.thread_browsers import BrowserWorld, room  # noqa: F401 - a fixture
from tests.support.research.study_world import ALL, PASSWORD

DOCUMENT = "# What we record\n\nThat you take part and how often, **never what you write**."


def study(room: BrowserWorld, slug: str) -> int:  # noqa: F811
    study_id = planning.create_study(
        slug,
        title="Sleep and company",
        about="Whether being together at night helps.",
        run_by="Dr Wren, University of Somewhere",
        ethics="Board 7, 2026-12",
        contact="the study desk",
        document=DOCUMENT,
        group_ids=[room.group_id],
        ends_on="2030-01-31",
    )
    planning.open_study(study_id)
    for _ in range(16):
        person = factories.person()
        groups.join(person, room.group_id)
        service.give_consent(person, slug, version=1, clauses=ALL)
    return study_id


def somebody(room: BrowserWorld, handle: str, role: str = "member") -> None:  # noqa: F811
    found = account_queries.viewer(accounts.create_account(handle, password=PASSWORD, role=role))
    assert found
    room.viewers[handle] = found


def looked_at(page: Page, name: str) -> None:
    """Let axe look at a page as it is, and at a narrow, dark screen; keep a picture of both."""
    for scheme, width in (("light", 1000), ("dark", 320)):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        screenshot(page, f"{name}-{scheme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("script", [True, False])
def test_the_form_shows_what_the_chosen_kind_uses(room: BrowserWorld, script: bool) -> None:  # noqa: F811
    somebody(room, "quill")
    slug = "kinds-live" if script else "kinds-still"
    researchers.name_researcher(None, study(room, slug), "quill")
    db.release_session()
    page = room.open("quill", f"/research/{slug}/releases", java_script_enabled=script)
    used = {"aggregate": {"epsilon"}, "panel": {"alike", "guesses"}}
    used["events"] = {"recipient", "agreement", "hours"}
    used["microdata"] = {"recipient", "alike", "guesses", "columns"}
    for tier, names in used.items():
        page.locator(f"[name=tier][value={tier}]").check()
        shown = page.locator(".of-kind :is(input, fieldset):visible")
        assert set(shown.evaluate_all("all => all.map(one => one.id)")) - {""} == names
    page.locator("[name=tier][value=microdata]").check()
    page.locator("#alike").fill("3")
    page.locator("[name=tier][value=aggregate]").check()
    page.get_by_label("Why", exact=True).fill("The yearly report")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Ask for this release").click()
    expect(page.locator("#alike")).to_be_visible()  # a refusal names it
    expect(page.locator("#columns")).to_be_hidden()


def test_a_researcher_asks_for_a_release_and_downloads_it(room: BrowserWorld) -> None:  # noqa: F811
    study_id = study(room, "nights")
    somebody(room, "quill")
    researchers.name_researcher(None, study_id, "quill")
    db.release_session()
    page = room.open("quill", "/account", accept_downloads=True)
    page.get_by_role("link", name="See their figures and releases").click()
    looked_at(page, "research")
    page.get_by_role("link", name="Sleep and company").click()
    page.get_by_role("link", name="Study", exact=True).click()
    looked_at(page, "research-study")
    page.locator(".tabs summary").click()
    page.get_by_role("link", name="Consent document").click()
    page.get_by_role("textbox", name="Consent document").fill(DOCUMENT + "\n\nMore.")
    page.get_by_role("button", name="Preview").click()
    looked_at(page, "research-document")
    page.get_by_role("button", name="Propose this").click()
    expect(page.get_by_text("Your text now needs an administrator's approval")).to_be_visible()
    page.get_by_role("link", name="Releases").click()
    page.get_by_label("Why", exact=True).fill("The yearly report")
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Ask for this release").click()
    expect(page.get_by_text("That isn't your password").first).to_be_visible()
    expect(page.get_by_label("Why", exact=True)).to_have_value("The yearly report")
    looked_at(page, "research-releases")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Ask for this release").click()
    expect(page.get_by_role("heading", name="Ready to download")).to_be_visible(timeout=60_000)
    looked_at(page, "research-release")
    with page.expect_download() as given:
        page.get_by_role("link", name="Download").click()
    with given.value.path().open("rb") as file:
        names = {name.split("/")[1] for name in ZipFile(io.BytesIO(file.read())).namelist()}
    assert {"people.csv", "disclosure.html", "CHECKSUMS"} <= names
    page.locator(".tabs summary").click()
    page.get_by_role("link", name="Log").click()
    expect(page.get_by_text("Downloaded a release")).to_be_visible()
    looked_at(page, "research-log")


def test_an_administrator_plans_a_study_and_names_a_researcher(room: BrowserWorld) -> None:  # noqa: F811
    somebody(room, "boss", role="administrator")
    db.release_session()
    page = room.open("boss", "/research")
    page.get_by_role("link", name="Plan a study").click()
    page.get_by_label("Address").fill("days")
    page.get_by_label("Title").fill("Days and company")
    page.get_by_label("What it is for").fill("Whether **company** helps by day.")
    page.get_by_label("Who runs it").fill("A university")
    page.get_by_label("Ethics approval").fill("Board 7")
    page.get_by_role("textbox", name="Contact").fill("the study desk")
    page.locator(f"input[name=group][value='{room.group_id}']").check()
    page.get_by_label("Consent document").fill(DOCUMENT)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    looked_at(page, "research-new")
    page.get_by_role("button", name="Plan this study").click()
    looked_at(page, "research-edit")
    page.get_by_role("button", name="Open this study").click()
    expect(page.get_by_text("members of its groups are invited")).to_be_visible()
    page.locator(".tabs summary").click()
    page.get_by_role("link", name="Researchers").click()
    page.get_by_label("Username").fill("heron")
    page.get_by_role("button", name="Name as researcher").click()
    expect(page.get_by_text("moderates Night owls").first).to_be_visible()
    page.get_by_label("Why they may").fill("There is nobody else.")
    page.get_by_role("button", name="Name as researcher").click()
    expect(page.get_by_role("heading", name="heron")).to_be_visible()
    looked_at(page, "research-researchers")
    page.goto(f"{room.server.url}/research/ledger")
    looked_at(page, "research-ledger")
