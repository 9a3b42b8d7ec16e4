"""A study's page in a real browser: two clicks to agree, two to withdraw, seen by axe."""

from playwright.sync_api import expect
from sqlalchemy import update

from forum.accounts.login import passwords
from forum.accounts.models import Account
from forum.core import db
from forum.core.db import transaction
from forum.research.studies import planning
from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import BrowserWorld, room  # noqa: F401 - a fixture

PASSWORD = "violet harbour lantern"


def test_agreeing_seeing_and_withdrawing(room: BrowserWorld) -> None:  # noqa: F811
    slug = "sleep-and-company"
    where = f"/studies/{slug}"
    study_id = planning.create_study(
        slug,
        title="Sleep and company",
        about="We want to know whether being **together at night** helps people sleep.",
        run_by="The sleep group of a university",
        ethics="Board 7, 2026-12",
        contact="the study desk",
        document="We record that you take part and how often, never what you write.",
        group_ids=[room.group_id],
    )
    planning.open_study(study_id)
    kept = passwords.hashed(PASSWORD)
    with transaction() as session:
        of_wren = update(Account).where(Account.handle == "wren")
        session.execute(of_wren.values(password_hash=kept))
    room.thread()
    db.release_session()
    page = room.open("wren", where)
    check_page(page)
    page.get_by_label("Record my participation").check()
    page.get_by_label("Include what I did").check()
    page.get_by_role("button", name="Take part").click()
    expect(page.get_by_role("heading", name="What is held about you")).to_be_visible()
    expect(page.get_by_text("· Started a thread")).to_be_visible()
    page.get_by_role("link", name="Stop taking part").click()
    expect(page.get_by_role("heading", name="Stop taking part")).to_be_in_viewport()
    page.get_by_role("link", name="See what is held about you").click()
    expect(page.get_by_role("heading", name="What is held about you")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")  # what the header covers is no smaller target for that
    check_page(page, "study")
    page.get_by_role("link", name="Withdraw and delete my data").click()
    check_page(page)
    page.get_by_label("Your password").fill("not my password")
    page.get_by_role("button", name="Withdraw and delete my data").click()
    expect(page.get_by_text("That isn't your password.").first).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Withdraw and delete my data").click()
    expect(page.get_by_text("invitation: taking part is optional")).to_be_visible()
    check_page(page)
    page.goto(room.server.url + where)
    expect(page.get_by_text("· Started a thread")).to_have_count(0)
