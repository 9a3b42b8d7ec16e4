"""What counts as reading, in the script itself, against a second by second account in Python."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.support.suite.thoroughness import examples

SOURCE = (
    Path("static/js/threads/reader/reading_timer.js")
    .read_text()
    .replace("export class", "globalThis.ReadingTimer = class")
)
PLAY = """
([began, acts]) => {
  const one = new ReadingTimer(1000 * began, 0);
  let now = began;
  for (const [seconds, act, post] of acts) {
    now += seconds;
    const at = 1000 * now;
    if (act === "look") one.setReadable(true, at);
    else if (act === "away") one.setReadable(false, at);
    else if (act === "alive") one.noteActivity(at);
    else if (act === "show") one.setOnScreen(String(post), true, at);
    else one.setOnScreen(String(post), false, at);
  }
  one.advance(1000 * now);
  return {low: one.low / 1000, high: one.high / 1000, seen: [...one.seen].sort()};
}
"""
ACTS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2, 5, 30, 59, 60, 61, 100]),
        st.sampled_from(["look", "away", "alive", "alive", "show", "show", "hide"]),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=25,
)
Act = tuple[int, str, int]


@pytest.fixture(scope="module")
def script(browser: Browser) -> Any:
    """Return a page with nothing but the script's class in it."""
    page = browser.new_page()
    page.add_script_tag(content=SOURCE)
    yield page
    page.close()


def account(began: int, acts: list[Act]) -> dict[str, Any]:
    """Return what should be counted, by looking at each second between the acts by itself."""
    looking, posts, now = False, dict[int, int](), began
    signs, seconds = [began], list[tuple[int, int, dict[int, int]]]()
    steady, first = 0, 0
    for wait, act, post in acts:
        if looking and posts:
            seconds += [(second, steady, dict(posts)) for second in range(now, now + wait)]
        now += wait
        was = looking and bool(posts)
        if act == "alive" or ((act == "look") != looking and act in {"look", "away"}):
            signs.append(now)
        looking = {"look": True, "away": False}.get(act, looking)
        if act == "show":
            posts.setdefault(post, now)
        elif act == "hide":
            posts.pop(post, None)
        if looking and posts and not was:
            steady, first = now, first or min(now, 60)
    low = high = 0
    seen = set[str]()
    for second, since, shown in seconds:
        last = max(sign for sign in signs if sign <= second)
        after = [sign for sign in signs if sign > second]
        if second < last + 60:
            high += 1
            seen |= {str(post) for post, at in shown.items() if second >= max(at, since)}
        if after and after[0] - last <= 60 and second >= since + 1:
            low += 1
    return {"low": low, "high": high + first, "seen": sorted(seen)}


@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(began=st.integers(1, 5), acts=ACTS)
@example(began=1, acts=[(0, "look", 0), (60, "show", 1), (1, "alive", 0)])
def test_the_script_counts_as_the_account_does(script: Page, began: int, acts: list[Act]) -> None:
    counted = script.evaluate(PLAY, [began, acts])
    assert counted == account(began, acts)
    assert 0 <= counted["low"] <= counted["high"]


@pytest.mark.parametrize(
    ("acts", "low", "high"),
    [
        # Looked at for 40 seconds, and left: all of it but the first second is certain.
        ([(0, "look", 0), (0, "show", 1), (40, "away", 0)], 39, 41),
        # A minute after the last sign of life nobody is counted any longer.
        ([(0, "look", 0), (0, "show", 1), (10, "alive", 0), (600, "away", 0)], 9, 71),
        # A reader who moves again within a minute was there in between.
        ([(0, "look", 0), (0, "show", 1), (50, "alive", 0), (50, "away", 0)], 99, 101),
        # Without a post on screen nothing is read.
        ([(0, "look", 0), (30, "alive", 0), (10, "away", 0)], 0, 0),
    ],
)
def test_some_ways_to_read(script: Page, acts: list[Act], low: int, high: int) -> None:
    counted = script.evaluate(PLAY, [1, acts])
    assert (counted["low"], counted["high"]) == (low, high)
