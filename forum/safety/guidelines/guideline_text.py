"""What is asked of everybody here, accepted when signing up: our Markdown, or the operator's.

Beside `guidelines.md` there may be `guidelines.de.md` and so on, for readers in other languages.
"""

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from forum.core import text
from forum.core.translation import current
from forum.settings.values import BadSettings

SHIPPED = Path(__file__).parent / "guidelines.md"
LONGEST = 20_000


class Guidelines:
    """The guidelines as HTML, in the reader's language where there is a file in it."""

    def __init__(self, usual: Markup, others: Mapping[str, Markup]) -> None:
        self._usual, self._others = usual, others

    def __html__(self) -> Markup:
        return self._others.get(current(), self._usual)


def load(own: Path | None) -> Guidelines:
    """Return the guidelines. Raises BadSettings if the operator's files cannot be used."""
    path = own or SHIPPED
    translated = path.parent.glob(f"{path.stem}.*{path.suffix}")
    others = {one.name.split(".")[-2]: _read(one) for one in translated}
    usual = _read(path)
    # Ours is in English wherever no translation comes with the forum.
    return Guidelines(usual if own else Markup('<div lang="en">{}</div>').format(usual), others)


def _read(path: Path) -> Markup:
    try:
        words = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadSettings(f"FORUM_GUIDELINES: {path} cannot be read.") from problem
    if not 0 < len(words) <= LONGEST:
        raise BadSettings(f"FORUM_GUIDELINES: {path} must hold 1 to {LONGEST:,} characters.")
    return Markup(text.render(words))  # noqa: S704 - cleaned by the only sanitiser
