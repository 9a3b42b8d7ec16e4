"""What browsers ask for besides pages: what an installed forum is called, and its icon."""

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app, jsonify, redirect
from werkzeug.wrappers import Response

ICONS = [("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable-512", 512, "maskable")]
PAPER = {"light": "#faf6ee", "dark": "#1e1a17"}  # as --paper in the style sheets
DAY_S = 24 * 3600


def init(app: Flask) -> None:
    """Answer where browsers look, and tell templates the colours of the paper."""
    app.jinja_env.globals["paper"] = PAPER
    app.add_url_rule("/site.webmanifest", "manifest", manifest)
    app.add_url_rule("/favicon.ico", "favicon", favicon)


def manifest() -> Response:
    """Answer what the forum is called on a home screen, and how it looks while it opens."""
    name = current_app.config["SITE_NAME"]
    answer = jsonify(
        name=name,
        short_name=name,
        id="/",
        start_url="/",
        display="standalone",
        background_color=PAPER["light"],
        theme_color=PAPER["light"],
        icons=[
            {
                "src": _asset(f"icons/{file}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for file, size, purpose in ICONS
        ],
    )
    answer.content_type = "application/manifest+json"
    return _kept_for_a_day(answer)


def favicon() -> Response:
    """Lead to the icon, for programs that look for it at its old address."""
    return _kept_for_a_day(redirect(_asset("icons/favicon.ico")))


def _asset(path: str) -> str:
    asset = cast("Callable[[str], str]", current_app.jinja_env.globals["asset"])
    return asset(path)


def _kept_for_a_day(answer: Response) -> Response:
    answer.cache_control.public = True
    answer.cache_control.max_age = DAY_S
    return answer
