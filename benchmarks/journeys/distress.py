"""Somebody in distress: a visitor who wants help at once, and a member who writes of it."""

from playwright.sync_api import expect

from benchmarks.journeys.stage import Stage


def somebody_in_distress(stage: Stage) -> None:
    """Find somebody to call, leave in a hurry, and be offered help where one writes."""
    visitor = stage.person(phone=True)
    page = visitor.page
    visitor.begin("/groups/low-water")
    visitor.tap(page.get_by_role("link", name="Get help now").first)
    visitor.see(page.locator("main a[href^='tel:']").first)
    stage.note(visitor, "a number to call")
    page.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
    visitor.begin_again()
    visitor.tap(page.get_by_role("link", name="Quick exit"))
    page.wait_for_url("https://www.wikipedia.org/**")
    stage.note(visitor, "away", judged=False)

    member = stage.person("fernway", phone=True)
    page = member.page
    member.begin("/groups/low-water")
    member.tap(page.get_by_role("link", name="Start a thread"))
    member.write(page.get_by_label("Title", exact=True), "Tonight")
    member.write(page.locator("textarea[name=body]"), "I want to end my life tonight.")
    member.see(page.locator("main a[href^='/help-now'], main a[href^='tel:']").first)
    stage.note(member, "help offered while writing")
    member.tap(page.locator("[data-send]"))
    page.wait_for_url("**/threads/*post=*")
    expect(page.locator("main a[href^='tel:'], main a[href^='/help-now']").first).to_be_visible()
    stage.note(member, "help offered after sending")
