"""The first administrator of a forum in which there is nobody and nothing yet."""

from datetime import date, timedelta

from benchmarks.journeys.person import Person
from benchmarks.journeys.stage import Stage

HANDLE, PASSWORD = "first_keeper", "twelve keys on a ring"
CHOSEN = "a lamp in every window"


def first_administrator(stage: Stage) -> None:
    """Log in, found a group, let people in, and plan its first meeting."""
    keeper = Person(stage.browser, stage.empty)
    page = keeper.page
    keeper.begin()
    keeper.tap(page.get_by_role("link", name="Log in").first)
    keeper.write(page.get_by_label("Username", exact=True), HANDLE)
    keeper.write(page.get_by_label("Password", exact=True), PASSWORD)
    keeper.press("Enter")
    keeper.write(page.get_by_label("New password"), CHOSEN)
    keeper.press("Enter")
    page.wait_for_url("**/account")
    keeper.tap(page.get_by_role("link", name="Common Thread").first)
    keeper.tap(page.get_by_role("link", name="Create the first group"))
    keeper.write(page.get_by_label("Name", exact=True), "Harbour")
    keeper.tap(page.get_by_role("button", name="Create this group"))
    keeper.see(page.get_by_role("heading", name="Harbour"))
    stage.note(keeper, "a group founded")
    keeper.tap(page.get_by_role("link", name="Invite people"))
    stage.note(keeper, "where people are invited")
    keeper.tap(page.get_by_role("link", name="Common Thread").first)
    keeper.tap(page.get_by_role("link", name="Plan a meeting"))
    tomorrow = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011 - any day will do
    keeper.write(page.get_by_label("Title", exact=True), "First evening")
    keeper.write(page.get_by_label("First day"), tomorrow)
    keeper.tap(page.get_by_role("button", name="Plan meeting"))
    keeper.see(page.get_by_role("main").get_by_text("First evening").first)
    stage.note(keeper, "a meeting planned")
