"""A moderator who has forty minutes, and a queue."""

from playwright.sync_api import expect

from benchmarks.journeys.stage import Stage


def forty_minutes(stage: Stage) -> None:
    """Settle a report that says enough, and one that has to be read in its place."""
    lantern = stage.person("old_lantern")
    page = lantern.page
    reports = page.locator(".queue-row:not([data-urgency='0'])").filter(has_text="Report of")
    lantern.begin()
    lantern.tap(page.get_by_role("link", name="in the moderation queue").first)
    expect(page.locator("[data-queue][data-joined]")).to_have_count(1)
    waiting = reports.count()
    row = reports.first
    lantern.tap(row.locator(".queue-resolve summary"))
    lantern.tap(row.get_by_role("button", name="No action needed"))
    expect(reports).to_have_count(waiting - 1)
    stage.note(lantern, "queue item resolved")
    lantern.begin_again()
    lantern.tap(reports.locator(".thread-row-title").first)
    bar = page.get_by_role("navigation", name="This item")
    lantern.tap(bar.get_by_text("Resolve", exact=True))
    lantern.tap(bar.get_by_role("button", name="No action needed"))
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    stage.note(lantern, "another, read in its place")
