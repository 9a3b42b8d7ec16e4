"""What templates need besides the words: moments, icons, small drawings, steps between pages."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from flask import Flask, request
from markupsafe import Markup

from forum.core.text import isolated, isolated_text
from forum.core.translation import formats
from forum.core.translation.caches import cached_by_language
from forum.core.web.forms import edit_conflicts
from forum.core.web.templating import assets
from forum.core.web.templating.avatars import draw_avatar

THREAD = Markup(
    '<svg class="thread-line" width="96" height="24" viewBox="0 0 96 24" fill="none"'
    ' stroke-width="2.5" stroke-linecap="round" aria-hidden="true">'
    '<path class="thread-one" d="M4 18C20 18 20 6 36 6s16 12 28 12 14-8 28-12"/>'
    '<path class="thread-two" d="M4 6c16 0 16 12 32 12S52 6 64 6s14 8 28 12"/></svg>'
)


def init(app: Flask) -> None:
    """Give the filters and drawings to all templates."""
    app.jinja_env.globals.update(
        draw_avatar=draw_avatar,
        draw_badge=draw_badge,
        draw_icon=draw_icon,
        draw_day=draw_day,
        draw_moment=draw_moment,
        draw_thread=lambda: THREAD,
        page_steps=page_steps,
        version_field=version_field,
    )
    app.jinja_env.filters.update(
        at_most_100=at_most_100,
        day=formats.day,
        day_and_month=formats.day_and_month,
        iso=iso,
        isolated=isolated,
        isolated_text=isolated_text,
        listed=formats.listed,
        moment=moment,
        moment_in_full=moment_in_full,
        month=formats.month,
        number=formats.number,
        time_of_day=formats.time_of_day,
        weekday=formats.weekday,
        weekday_and_time=formats.weekday_and_time,
    )


@lru_cache(maxsize=256)
def draw_icon(name: str) -> Markup:
    """Return a vendored Lucide icon to go beside words. Raises FileNotFoundError."""
    drawn = (assets.folder("static") / "vendor" / "lucide" / f"{name}.svg").read_text()
    inside = re.sub(r"^.*?<svg[^>]*>|</svg>.*$|(?<=>)\s+(?=<)", "", drawn, flags=re.DOTALL)
    return Markup(  # noqa: S704 - our own file
        '<svg class="icon" width="20" height="20" viewBox="0 0 24 24" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        f' aria-hidden="true">{inside}</svg>'
    )


@cached_by_language(4_096)
def draw_moment(at: datetime | None) -> Markup:
    """Return a moment as HTML, for people and programs; nothing for no moment."""
    if at is None:
        return Markup()
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        iso(at), moment_in_full(at), moment(at)
    )


def draw_day(at: datetime) -> Markup:
    """Return the day of a moment as HTML, where the hour says nothing."""
    return Markup('<time datetime="{}" title="{}" data-day>{}</time>').format(
        iso(at), moment_in_full(at), formats.short_day(at.astimezone(UTC))
    )


@cached_by_language(1_024)
def draw_badge(count: int, label: str = "") -> Markup:
    """Return a count beside words; nothing for none. A screen reader reads the `label` instead."""
    if not count:
        return Markup()
    shown = at_most_100(count)
    if not label:
        return Markup('<span class="badge">{}</span>').format(shown)
    return Markup(
        '<span class="badge"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>'
    ).format(shown, label)


def version_field(shown: str, errors: Mapping[str, str] | None = None) -> Markup:
    """Return the hidden field that says which version of a thing a form is made of.

    A form that is shown again for another reason keeps the version that it was made of; one whose
    thing has changed meanwhile has the new version, so it can be saved all the same.
    """
    changed = (errors or {}).get("")
    if isinstance(changed, edit_conflicts.Meanwhile):
        shown = changed.version
    elif request.method == "POST":
        shown = request.form.get(edit_conflicts.FIELD) or shown
    return Markup('<input type="hidden" name="{}" value="{}">').format(edit_conflicts.FIELD, shown)


def page_steps(current: int, last: int) -> list[int | None]:
    """Return the page numbers worth offering; None means pages that are left out."""
    wanted = sorted({1, current - 1, current, current + 1, last} & set(range(1, last + 1)))
    steps: list[int | None] = []
    for before, page in zip([0, *wanted], wanted, strict=False):
        if page - before == 2:
            steps.append(page - 1)
        elif page - before > 2:
            steps.append(None)
        steps.append(page)
    return steps


def at_most_100(count: int) -> str:
    """Return a count that fits into a badge; what counts this far stops at 101."""
    return str(count) if count <= 100 else "100+"


def iso(at: datetime) -> str:
    """Return a moment for programs, in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(at: datetime) -> str:
    """Return a moment for people, in UTC; the page turns it into local time where it can."""
    return formats.short_day_and_time(at.astimezone(UTC))


def moment_in_full(at: datetime) -> str:
    """Return a moment for people who want to know it exactly."""
    return f"{formats.day_and_time_in_full(at.astimezone(UTC))} UTC"


def add_limits(app: Flask, **limits: int) -> None:
    """Let pages tell the browser the limits of form fields as the rules have them: `limits`."""
    known = app.jinja_env.globals.get("limits")
    app.jinja_env.globals["limits"] = (known if isinstance(known, dict) else {}) | limits
