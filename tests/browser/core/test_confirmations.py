"""What was done is said in view and above nothing, with Undo; with and without a script."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browsers.chromium import axe
from tests.support.servers.real_servers import Server


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_choice_is_confirmed_once(browser: Browser, shared_server: Server, script: bool) -> None:
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": 320, "height": 740}, color_scheme="light"
    )
    page = context.new_page()
    page.goto(f"{shared_server.url}/help-now?country=GB")
    page.get_by_role("button", name="Dark").click()
    said = page.locator("[data-confirmed]")
    expect(said).to_have_text("Dark colours are on.")
    expect(said).to_be_in_viewport()
    box, heading = said.bounding_box(), page.locator("h1").bounding_box()
    assert box
    assert heading
    assert box["y"] + box["height"] <= heading["y"]
    if script:
        axe(page)
    page.goto(f"{shared_server.url}/guidelines")
    expect(said).to_have_text("")
    context.close()
