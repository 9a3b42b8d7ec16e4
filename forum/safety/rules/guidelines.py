"""What is asked of everybody here, accepted when signing up: our Markdown, or the operator's."""

from pathlib import Path

from markupsafe import Markup

from forum.core import text
from forum.settings.values import BadSettings

SHIPPED = Path(__file__).parent / "guidelines.md"
LONGEST = 20_000


def load(own: Path | None) -> Markup:
    """Return the guidelines as HTML. Raises BadSettings if the operator's file cannot be used."""
    path = own or SHIPPED
    try:
        words = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadSettings(f"FORUM_GUIDELINES: {path} cannot be read.") from problem
    if not 0 < len(words) <= LONGEST:
        raise BadSettings(f"FORUM_GUIDELINES: {path} must hold 1 to {LONGEST:,} characters.")
    return Markup(text.render(words))  # noqa: S704 - cleaned by the only sanitiser
