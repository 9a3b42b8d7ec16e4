"""What an attack is called on pages and in refusals, in the reader's language.

Files and the ledger name attacks in English, so that releases compare.
"""

import re

from forum.core.translation import lazy

_NAMES = {
    "four known points": lazy("four known points"),
    "four known points of people who wrote or met": lazy(
        "four known points of people who wrote or met"
    ),
    "everything visible": lazy("everything visible"),
    "everything visible, and what follows from it": lazy(
        "everything visible, and what follows from it"
    ),
    "everything visible, pooled by friends who strike out their own rows": lazy(
        "everything visible, pooled by friends who rule out their own rows"
    ),
    "posts and their lengths": lazy("posts and their lengths"),
    "reactions": lazy("reactions"),
    "attendance of meetings": lazy("attendance at meetings"),
    "the order of joining": lazy("the order of joining"),
    "posts of every period": lazy("posts in every period"),
    "posts of the first period": lazy("posts in the first period"),
    "posts of the last two periods": lazy("posts in the last two periods"),
    "reactions of every period": lazy("reactions in every period"),
    "attendance of meetings in every period": lazy("attendance at meetings in every period"),
    "active days of every period": lazy("active days in every period"),
    "following ids through all releases": lazy("following ids through all releases"),
    "joining with all earlier releases at once": lazy("joining with all earlier releases at once"),
}
_JOINED = re.compile(r"joining with (release|microdata|panel) (\d+)")
_ROWS_BEFORE = re.compile(r"rows of microdata (\d+), joined with all releases at once")


def label(attack: str) -> str:
    """Return what an attack is called; one of an older forum keeps its English name."""
    if joined := _JOINED.fullmatch(attack):
        tier, number = joined.groups()
        return {
            "release": lazy("joining with release %(number)s of the same kind", number=number),
            "microdata": lazy("joining with microdata release %(number)s", number=number),
            "panel": lazy("joining with panel release %(number)s", number=number),
        }[tier]
    if rows := _ROWS_BEFORE.fullmatch(attack):
        return lazy(
            "rows of microdata release %(number)s, joined with all releases at once",
            number=rows[1],
        )
    return _NAMES.get(attack, attack)
