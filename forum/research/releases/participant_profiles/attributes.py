"""What microdata tell of a person that is no measure of what they did; what forms call both."""

from forum.activity import measures
from forum.core.translation import lazy

DEFINITIONS = {
    "groups": "Groups of the study that the participant belongs to or belonged to.",
    "joined": "When the participant joined a group of the study, or agreed to be recorded if the "
    "time before is not included.",
    "left_study": "Whether the participant has left the study (drop-out).",
}
LABELS = {
    "groups": lazy("Number of groups"),
    "joined": lazy("Month of joining"),
    "left_study": lazy("Left the study"),
}


def label_of(column: str) -> str:
    """Return what forms call a column of microdata."""
    measure = measures.person_measures().get(column)
    return measure.label if measure else LABELS[column]
