"""Somebody at a browser, whose every act is counted."""

from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.journeys.effort import Effort

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
MOST_TABS = 250
# How many screens further down or up something is; what is behind a bar is not in view either.
SCREENS_AWAY = """(what) => {
  const box = what.getBoundingClientRect();
  const middle = box.top + Math.min(box.height, innerHeight) / 2;
  const bars = [...document.querySelectorAll("header, .site-nav")].map((bar) => {
    const at = bar.getBoundingClientRect();
    return /fixed|sticky/.test(getComputedStyle(bar).position) && !bar.contains(what) ? at : null;
  }).filter((at) => at && at.height < innerHeight / 3);
  const top = Math.max(0, ...bars.filter((at) => at.top <= 0).map((at) => at.bottom));
  const end = Math.min(innerHeight, ...bars.filter((at) => at.top > 0).map((at) => at.top));
  const off = middle < top ? top - middle : middle > end ? middle - end : 0;
  return Math.ceil(off / (0.8 * (end - top)));
}"""
IS_BEHIND = """(what) => Boolean(
  what.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"""


class Person:
    """A person with a browser of their own: at a phone, a desk, or with the keyboard alone."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        phone: bool = False,
        keyboard: bool = False,
        script: bool = True,
    ) -> None:
        self._context = browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=script,
        )
        self.url, self.keyboard, self.script = url, keyboard, script
        self.effort, self.problems = Effort(), list[str]()
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("domcontentloaded", self._count_load)
        self.page.on("pageerror", lambda error: self.problems.append(f"{error}"))

    def log_in(self, handle: str, password: str) -> None:
        """Be logged in, as before the journey."""
        self.page.goto(f"{self.url}/login")
        self.page.fill("[name=handle]", handle)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def begin(self, path: str = "/") -> None:
        """Open the page on which the journey begins; from here on all is counted."""
        self.page.goto(self.url + path)
        self.begin_again()

    def begin_again(self) -> None:
        """Count from here on."""
        self.effort = Effort()

    def tap(self, what: Locator) -> None:
        """Find something, scrolling as far as needed, and choose it."""
        self.effort.decisions += 1
        if self.keyboard:
            self._move_to(what)
            self._press("Enter")
        else:
            self.see(what)
            self.effort.points += 1
            what.click()

    def write(self, what: Locator, words: str) -> None:
        """Go to a field and write in it."""
        if self.keyboard:
            self._move_to(what)
        elif not what.evaluate("what => what === document.activeElement"):
            self.see(what)
            self.effort.points += 1
            what.click()
        what.fill(words)

    def choose(self, what: Locator, value: str) -> None:
        """Choose from a list."""
        self.see(what)
        self.effort.points += 2
        self.effort.decisions += 1
        what.select_option(value)

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        self.effort.decisions += 1
        self._press(key)

    def see(self, what: Locator) -> None:
        """Scroll until something is in view, from where the page's address leads by itself."""
        expect(what).to_be_visible()
        self.page.wait_for_load_state()
        self.effort.screens += what.evaluate(SCREENS_AWAY)
        what.evaluate("what => what.scrollIntoView({block: 'center', behavior: 'instant'})")

    def go_away(self) -> None:
        """Close the browser."""
        self._context.close()

    def _press(self, key: str) -> None:
        self.effort.keys += 1
        self.page.keyboard.press(key)

    def _move_to(self, what: Locator) -> None:
        expect(what).to_be_visible()
        at_top = self.page.evaluate("document.activeElement === document.body")
        if at_top and what.evaluate("what => Boolean(what.closest('main'))"):
            self._press("Tab")  # to the link that skips the bars
            self._press("Enter")
        key = "Shift+Tab" if what.evaluate(IS_BEHIND) else "Tab"
        for _ in range(MOST_TABS):
            if what.evaluate("what => what === document.activeElement"):
                return
            self._press(key)
        raise AssertionError(f"The keyboard does not reach {what} on {self.page.url}")

    def _count_load(self, _page: Page) -> None:
        self.effort.loads += 1
