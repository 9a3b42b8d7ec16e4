"""What microdata and panels tell of a person that is no measure of what they did."""

DEFINITIONS = {
    "groups": "Groups of the study that the participant belongs to or belonged to.",
    "joined": "When the participant joined a group of the study, or agreed to be recorded if the "
    "time before is not included.",
    "left_study": "Whether the participant has left the study (drop-out).",
}
