"""Measures of participation; each module holds one construct, `registry.MEASURES` lists all."""

from forum.activity.measures import (  # noqa: F401  (each enters its measures in the list)
    attrition,
    inequality,
    lurkers,
    network,
    response,
)
