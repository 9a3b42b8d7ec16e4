"""Words that a form warns of, what it says then, and its hidden fields."""

import re

DANGER, PRIVATE = "I don't want to live any more.", "Write to me: fern@example.org"
BOTH = f"{DANGER}\n\n{PRIVATE}"
HELD = "Not sent yet: your text is still here."
OFFER = "You don't have to go through this alone."
ANONYMOUS = "Do you want to stay anonymous?"


def fields(html: str) -> dict[str, str]:
    """Return the hidden fields of a page's form for writing."""
    form = html[html.index("data-composer") :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
