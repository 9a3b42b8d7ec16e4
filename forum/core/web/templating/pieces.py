"""Pieces of pages that hold nothing but what they are given, and are kept by it.

A piece asks nobody who is looking: whatever of its reader it shows is given to it, and so is part
of what it is kept by. What was made for one reader is shown to another only where both were given
the same, to the letter, in one language.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, current_app
from markupsafe import Markup

from forum.core.translation.caches import cached_by_language

PIECES = 2_000  # are kept at once, of some 3 kB each


def init(app: Flask) -> None:
    """Let templates show pieces by the name of their template."""

    # Typed: words that are HTML already are not what the same words as plain text are.
    @cached_by_language(PIECES, typed=True)
    def piece(name: str, **given: Any) -> Markup:
        return Markup(app.jinja_env.get_template(name).render(given))  # noqa: S704 - a template

    app.jinja_env.globals["piece"] = piece


def draw(name: str, **given: Any) -> Markup:
    """Return a piece of a page, for views."""
    piece = cast("Callable[..., Markup]", current_app.jinja_env.globals["piece"])
    return piece(name, **given)
