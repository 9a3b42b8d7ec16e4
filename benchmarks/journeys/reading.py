"""Back the next day: on a phone, by keyboard alone, without scripts."""

from playwright.sync_api import expect

from benchmarks.journeys.person import Person
from benchmarks.journeys.stage import Stage

THREAD = "What small thing did today hold?"


def back_next_day(stage: Stage) -> None:
    """Read what is new on a phone, and give a reaction."""
    fernway = stage.person("fernway", phone=True)
    fernway.begin()
    _to_first_unread(stage, fernway)
    post = fernway.page.locator("#first-new + li")
    fernway.tap(post.locator(".react-menu summary"))
    fernway.tap(post.locator(".react-menu [value=hug]"))
    expect(post.locator(".post-reactions > [value=hug]")).to_be_visible()
    stage.note(fernway, "a reaction given")


def keyboard_alone(stage: Stage) -> None:
    """Read and answer without a mouse."""
    lantern = stage.person("old_lantern", keyboard=True)
    lantern.begin()
    _to_first_unread(stage, lantern)
    _answer(stage, lantern, "It was the light on the stairs.")


def no_script(stage: Stage) -> None:
    """Read and answer in a browser that runs no scripts."""
    hazelmoor = stage.person("hazelmoor", script=False)
    hazelmoor.begin()
    _to_first_unread(stage, hazelmoor)
    _answer(stage, hazelmoor, "Somebody let me go first in a queue.")


def _to_first_unread(stage: Stage, person: Person) -> None:
    main = person.page.get_by_role("main")
    person.tap(main.get_by_role("link", name=THREAD).first)
    person.see(person.page.locator("#first-new + li"))
    stage.note(person, "first unread")


def _answer(stage: Stage, person: Person, words: str) -> None:
    page = person.page
    person.write(page.locator("textarea[name=body]"), words)
    if person.keyboard:
        person.press("Control+Enter")
    else:
        person.tap(page.get_by_role("button", name="Send reply"))
    expect(page.locator(".post").get_by_text(words).last).to_be_visible()
    stage.note(person, "a reply sent")
