"""Answering a questionnaire in a browser: by keyboard, on a phone, help at once, seen by axe."""

from playwright.sync_api import Page, expect

from forum.core import db
from forum.research import service
from forum.research.studies import planning, researchers
from forum.research.waves import planning as wave_planning
from forum.research.waves.plan_fields import EVERY_WAVE
from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import BrowserWorld, room  # noqa: F401 - a fixture

WHERE = "/studies/sleep/questionnaires"


def study(room: BrowserWorld, slug: str) -> int:  # noqa: F811
    """Plan a study with PHQ-9."""
    study_id = planning.create_study(
        slug,
        title="Sleep and company",
        about="Whether company helps.",
        run_by="A university",
        ethics="Board 7",
        contact="the study desk",
        document="We ask you a few questions now and then.",
        group_ids=[room.group_id],
    )
    wave_planning.plan_waves(None, study_id, {"phq-9": EVERY_WAVE}, danger_watch="Dr Example")
    return study_id


def choose(page: Page, number: int, answer: str) -> None:
    """Choose an answer by keyboard."""
    item = page.locator(f"fieldset[id='phq-9.{number}']")
    item.get_by_label(answer, exact=True).focus()
    page.keyboard.press("Space")
    expect(item.get_by_label(answer, exact=True)).to_be_checked()


def test_answering_page_by_page(room: BrowserWorld) -> None:  # noqa: F811
    planning.open_study(study(room, "sleep"))
    wren = room.viewers["wren"]
    service.give_consent(wren, "sleep", version=1, clauses=["record", "answer"])
    db.release_session()
    page = room.open("wren", WHERE)
    check_page(page, "questionnaires")
    page.get_by_role("link", name="See the questions").click()
    expect(page.get_by_text("10 questions, about 2 minutes")).to_be_visible()
    check_page(page, "questionnaire-begin")
    page.get_by_role("link", name="Begin").click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    check_page(page, "questionnaire-page")
    choose(page, 1, "Several days")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check_page(page, "questionnaire-missing")
    for number in (2, 3, 4, 5):
        choose(page, number, "I'd rather not say")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Page 2 of 3")).to_be_visible()
    page.get_by_role("button", name="Go back a page").click()
    expect(page.locator("fieldset").first.get_by_label("Several days")).to_be_checked()
    page.get_by_role("button", name="Go on").click()
    for number, answer in ((6, "Not at all"), (7, "Not at all"), (8, "Not at all")):
        choose(page, number, answer)
    choose(page, 9, "Several days")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="You don't have to be alone")).to_be_visible()
    check_page(page, "questionnaire-help")
    page.get_by_role("button", name="Tell a facilitator").click()
    expect(page.get_by_text("We've told them that you'd like to talk.").first).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("link", name="Go on where you stopped").click()
    page.get_by_label("Not difficult at all").check()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    check_page(page, "questionnaire-thanks")


def test_planning_on_the_page(room: BrowserWorld) -> None:  # noqa: F811
    planned = study(room, "company")
    researchers.name_researcher(None, planned, "ash")
    db.release_session()
    page = room.open("ash", "/research/company/questionnaires")
    check_page(page, "questionnaires-plan")
    page.get_by_label("Who watches for answers").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("choose PHQ-8, which is the same").first).to_be_visible()
    check_page(page)
