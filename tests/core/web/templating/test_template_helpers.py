"""The frame of every page, its drawings, its colours and what is vendored."""

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from forum.core.web.templating import assets, template_helpers
from forum.core.web.templating.avatars import THREADS, draw_avatar

STATIC = assets.folder("static")
VENDOR = STATIC / "vendor"
TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})")
TEXT_ON = {
    "ink": ("paper", "sheet", "shade", "warm-soft", "accent-soft", "danger-soft"),
    "ink-soft": ("paper", "sheet", "shade", "warm-soft"),
    "accent": ("paper", "sheet", "shade", "accent-soft", "warm-soft"),
    "accent-strong": ("paper", "sheet", "accent-soft"),
    "on-accent": ("accent", "accent-strong"),
    "warm": ("paper", "sheet"),
    "danger": ("paper", "sheet", "danger-soft"),
}


def colours(sheet: str) -> dict[str, str]:
    return dict(TOKEN.findall((STATIC / "css" / "core" / f"{sheet}.css").read_text()))


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sheet", ["tokens", "dark"])
def test_every_text_colour_has_aa_contrast_on_its_background(sheet: str) -> None:
    scheme = colours(sheet)
    low = {
        (text, ground): round(contrast(scheme[text], scheme[ground]), 2)
        for text, grounds in TEXT_ON.items()
        for ground in grounds
        if contrast(scheme[text], scheme[ground]) < 4.5
    }
    assert not low


@pytest.mark.parametrize("sheet", ["tokens", "dark"])
def test_borders_of_fields_focus_and_avatars_stand_out(sheet: str) -> None:
    scheme = colours(sheet)
    for ground in ("paper", "sheet"):
        for line in (scheme["line-strong"], scheme["focus"]):
            assert contrast(line, scheme[ground]) >= 3
    assert min(contrast(thread, scheme["sheet"]) for thread in THREADS) >= 3


def test_the_dark_scheme_sets_every_colour() -> None:
    assert colours("dark").keys() == colours("tokens").keys()


def test_vendored_files_are_the_ones_in_the_readme() -> None:
    listed = dict(re.findall(r"`([^`]+)` \| `([0-9a-f]{64})`", (VENDOR / "README.md").read_text()))
    there = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.suffix in {".js", ".svg", ".woff2"}
    }
    assert there == listed


def test_style_sheets_name_only_files_that_are_there() -> None:
    for sheet in (STATIC / "css").rglob("*.css"):
        for named in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / named).resolve().is_file(), f"{sheet.name}: {named}"


@pytest.mark.parametrize("handle", ["quiet_river", "Zoë", "<script>", "\ud800", "x" * 500])
def test_avatar_is_small_steady_and_well_formed(handle: str) -> None:
    drawn = draw_avatar(handle)
    assert len(drawn) < 400
    assert drawn == draw_avatar(handle.upper().lower())
    assert ElementTree.fromstring(drawn).get("aria-hidden") == "true"  # noqa: S314
    assert "style=" not in drawn


def test_avatars_tell_people_apart() -> None:
    assert len({draw_avatar(f"person{n}") for n in range(500)}) > 490
    assert draw_avatar(None) == draw_avatar("")


@pytest.mark.parametrize("icon", sorted((VENDOR / "lucide").glob("*.svg")), ids=lambda p: p.stem)
def test_icons_are_well_formed_and_silent(icon: Path) -> None:
    drawn = ElementTree.fromstring(template_helpers.draw_icon(icon.stem))  # noqa: S314
    assert drawn.get("aria-hidden") == "true"
    assert len(drawn)


@pytest.mark.parametrize(
    ("current", "last", "steps"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (4, 6, [1, 2, 3, 4, 5, 6]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_steps_between_pages(current: int, last: int, steps: list[int | None]) -> None:
    assert template_helpers.page_steps(current, last) == steps


def test_times_are_given_in_utc() -> None:
    at = datetime(2026, 11, 3, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    assert template_helpers.iso(at) == "2026-11-02T23:05:00Z"
    assert template_helpers.moment(at) == "2 Nov 2026, 23:05"
    assert (
        template_helpers.moment_in_full(at.astimezone(UTC)) == "Monday, 2 November 2026, 23:05 UTC"
    )


FIELD = """{% from "core/_forms.html" import field, area, problems, check, choice %}
{{ problems(errors) }}
{{ field("handle", "Handle", value, errors.handle, hint="Short", required=true) }}
{{ field("password", "Password", value, type="password") }}{{ area("body", "Words", value) }}
{{ choice("kind", "Kind", [("a", "A"), ("b", "B")], "b") }}{{ check("ok", "Fine", true) }}"""


def test_an_error_is_next_to_its_field_and_nothing_typed_is_lost(app: Flask) -> None:
    with app.test_request_context():
        page = render_template_string(FIELD, value='\n"<b>', errors={"handle": "Too short."})
    assert 'aria-describedby="handle-hint handle-error" aria-invalid="true"' in page
    assert 'id="handle-error">Too short.</p>' in page
    assert 'role="alert"' in page
    assert '<a href="#handle">Too short.</a>' in page
    assert page.count("&#34;&lt;b&gt;") == 2, "in the field and the area, never in the password"
    assert 'rows="6">\n\n&#34;' in page, "browsers swallow one line break"
    assert 'value="b" checked' in page


def test_every_page_has_the_way_out_and_help(client: FlaskClient) -> None:
    for address in ("/help-now", "/no-such-page"):
        page = client.get(address).text
        assert 'href="/help-now"' in page
        assert 'href="https://www.wikipedia.org/" rel="noreferrer" data-leave' in page
        assert 'class="skip" href="#main"' in page
        assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*nonce)", page)
