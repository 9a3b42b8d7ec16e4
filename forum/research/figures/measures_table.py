"""Every measure of the registry in one table, as it may be told."""

from forum.activity import measures
from forum.activity.measures import suppression
from forum.activity.measures.record import Record
from forum.research.figures.figure import Figure


def every_measure(record: Record) -> Figure:
    """Return what may be told of each measure, with its version and definition."""
    rows = []
    for name, one in measures.study_measures().items():
        value = suppression.in_words(suppression.suppressed(record, one), one.unit)
        rows.append([name, value, one.unit, str(one.version), one.definition.replace("`", "")])
    return Figure(
        "measures",
        "All measures",
        f"All {len(rows)} measures of the guide for researchers, by their names. Name and version "
        "belong in a report beside the number.",
        None,
        ["Measure", "Value", "Unit", "Version", "Definition"],
        rows,
    )
