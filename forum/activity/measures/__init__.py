"""Measures of participation: `registry.MEASURES` lists all that `definitions/` holds."""

from importlib import import_module
from pkgutil import iter_modules

from forum.activity.measures import definitions
from forum.activity.measures.registry import MEASURES

for found in iter_modules(definitions.__path__, f"{definitions.__name__}."):
    import_module(found.name)

# As documents and pages list them: by construct, in the order of the design; new ones last.
CONSTRUCTS = (
    "dose", "lurking", "superusers", "inequality", "attrition", "responsiveness", "network",
)  # fmt: skip


def _place(name: str) -> int:
    construct = MEASURES[name].construct
    return CONSTRUCTS.index(construct) if construct in CONSTRUCTS else len(CONSTRUCTS)


ORDER = sorted(MEASURES, key=_place)
