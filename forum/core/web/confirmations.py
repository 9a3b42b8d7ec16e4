"""What the next page says of what was just done, and how to undo it.

It waits in the session's cookie, so it needs neither a script nor an address that repeats it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Flask, session

_KEY = "confirmation"


@dataclass(frozen=True)
class Undo:
    """The form that takes an act back: where it is sent, and what it holds."""

    address: str
    fields: Mapping[str, str] = field(default_factory=dict)


def init(app: Flask) -> None:
    """Let every page say what was done."""
    app.jinja_env.globals["take_confirmation"] = take


def keep(words: str, undo: Undo | None = None) -> None:
    """Keep a confirmation for the next page that this browser loads."""
    session[_KEY] = as_json(words, undo)


def take() -> dict[str, Any]:
    """Return what the page says, once; empty where nothing was done."""
    return session.pop(_KEY) if _KEY in session else {}


def as_json(words: str, undo: Undo | None = None) -> dict[str, Any]:
    """Return a confirmation as programs get it; `undo` is there where there is one."""
    said = str(words)  # a text for any language, kept in the session
    return {"said": said, "undo": asdict(undo)} if undo else {"said": said}
