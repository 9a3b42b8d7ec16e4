"""Measures of participation; each module holds one construct, `registry.MEASURES` lists all."""

from forum.activity.measures import (  # noqa: F401  (each enters its measures in the list)
    attrition,
    inequality,
    lurkers,
    network,
    response,
)
from forum.activity.measures.registry import MEASURES

# As documents and pages list them: by construct, in the order of the design.
CONSTRUCTS = (
    "dose", "lurking", "superusers", "inequality", "attrition", "responsiveness", "network",
)  # fmt: skip
ORDER = sorted(MEASURES, key=lambda name: CONSTRUCTS.index(MEASURES[name].construct))
