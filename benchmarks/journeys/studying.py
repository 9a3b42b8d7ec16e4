"""A researcher who wants data, and a participant who agrees, looks, and withdraws."""

from playwright.sync_api import expect

from benchmarks.journeys.stage import PASSWORDS, Stage


def researcher(stage: Stage) -> None:
    """Ask for a release and download it. How long it takes to be made is nobody's time."""
    abacus = stage.person("quiet_abacus")
    page = abacus.page
    abacus.begin()
    abacus.tap(page.get_by_role("link", name="Go to your studies"))
    abacus.tap(page.get_by_role("link", name="Does company help?"))
    stage.note(abacus, "figures")
    abacus.tap(page.get_by_role("link", name="Releases", exact=True))
    abacus.write(page.get_by_label("Why", exact=True), "To compare groups.")
    abacus.write(page.get_by_label("Your password"), PASSWORDS["quiet_abacus"])
    abacus.tap(page.get_by_role("button", name="Ask for this release"))
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=180_000)
    stage.note(abacus, "a release made")
    abacus.begin()
    abacus.tap(page.get_by_role("link", name="you asked for is ready to download"))
    with page.expect_download():
        abacus.tap(page.get_by_role("link", name="Download").first)
    stage.note(abacus, "release downloaded")


def participant(stage: Stage) -> None:
    """Agree, look at what is held, and withdraw, on a phone."""
    keeper = stage.person("keeper", phone=True)
    page = keeper.page
    keeper.begin("/studies/company")
    for box in page.locator("form[action$='/consent'] [type=checkbox]").all():
        keeper.tap(box)
    keeper.tap(page.get_by_role("button", name="Take part"))
    keeper.see(page.get_by_text("You've taken part since"))
    stage.note(keeper, "agreed")
    keeper.begin("/studies/company")
    keeper.tap(page.get_by_role("link", name="See what is held about you"))
    keeper.see(page.get_by_role("heading", name="What is held about you"))
    stage.note(keeper, "what is held seen")
    keeper.begin("/studies/company")
    keeper.tap(page.get_by_role("link", name="Stop taking part"))
    keeper.tap(page.get_by_role("button", name="Stop and keep what was recorded"))
    page.wait_for_url("**/account*")
    stage.note(keeper, "withdrawn")
