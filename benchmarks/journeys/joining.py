"""A new member on a phone: from the first page to the first words in a group."""

from playwright.sync_api import expect

from benchmarks.journeys.stage import Stage

WORDS = "Hello. I have read here for a while, and thought that I would say so."


def new_member(stage: Stage) -> None:
    """Find a group, sign up, join, and say hello."""
    newcomer = stage.person(phone=True)
    page = newcomer.page
    newcomer.begin()
    newcomer.tap(page.get_by_role("link", name="See the groups"))
    newcomer.tap(page.get_by_role("link", name="Low Water", exact=True))
    newcomer.tap(page.get_by_role("link", name="Join this group"))
    newcomer.tap(page.get_by_role("link", name="Create an account"))
    newcomer.write(page.get_by_label("Username", exact=True), "quiet_heather")
    newcomer.write(page.get_by_label("Password", exact=True), "moss under old stones")
    newcomer.tap(page.get_by_role("checkbox", name="I'll follow these guidelines"))
    newcomer.tap(page.get_by_role("button", name="Sign up"))
    newcomer.see(page.get_by_role("heading", name="Welcome, quiet_heather"))
    stage.note(newcomer, "an account")
    newcomer.tap(page.get_by_role("link", name="I've saved my codes"))
    newcomer.tap(page.get_by_role("button", name="Join this group"))
    newcomer.see(page.get_by_role("heading", name="Welcome to Low Water"))
    stage.note(newcomer, "in a group")
    newcomer.tap(page.get_by_role("link", name="Say hello in"))
    newcomer.write(page.locator("textarea[name=body]"), WORDS)
    newcomer.tap(page.get_by_role("button", name="Send reply"))
    expect(page.get_by_text(WORDS).last).to_be_visible()
    stage.note(newcomer, "said something")
