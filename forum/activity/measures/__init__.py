"""Measures of participation: `measure.MEASURES` lists all that `definitions/` holds."""

from importlib import import_module
from pkgutil import walk_packages

from forum.activity.measures import definitions
from forum.activity.measures.measure import MEASURES, Measure, PersonMeasure, StudyMeasure

for found in walk_packages(definitions.__path__, f"{definitions.__name__}."):
    import_module(found.name)

# As documents, pages and releases list them; new ones last.
CONSTRUCTS = (
    *("contributions", "meetings", "reading", "dose", "lurking", "superusers"),
    *("inequality", "attrition", "responsiveness", "network"),
)


def _rank(measure: Measure) -> tuple[int, str]:
    known = measure.construct in CONSTRUCTS
    return CONSTRUCTS.index(measure.construct) if known else len(CONSTRUCTS), measure.name


def person_measures() -> dict[str, PersonMeasure]:
    """Return the measures of one person, by name and in order."""
    ranked = sorted(MEASURES.values(), key=_rank)
    return {one.name: one for one in ranked if isinstance(one, PersonMeasure)}


def study_measures() -> dict[str, StudyMeasure]:
    """Return the measures of everybody together, by name and in order."""
    ranked = sorted(MEASURES.values(), key=_rank)
    return {one.name: one for one in ranked if isinstance(one, StudyMeasure)}
