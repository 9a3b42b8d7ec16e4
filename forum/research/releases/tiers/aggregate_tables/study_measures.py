"""Tier A's third table: every measure of everybody together, over all who share.

It lists what it finds: a measure is put into a release by its file in `activity/measures/`.

What has been published once is published again with more time behind it, of the same people or of
people who differ by eight at least: that is for the release as a whole to see to.
"""

import pyarrow as pa

from forum.activity import measures
from forum.activity.measures import suppression
from forum.activity.measures.study_record import Record
from forum.research.releases.package.schema import Field, Table

ABOUT = "Every measure of all participants together, from the first day to the last."
FIELDS = (
    Field("measure", "string", "The measure."),
    Field("version", "integer", "The version of its computation."),
    Field("construct", "string", "What it is a measure of."),
    Field("unit", "string", "The unit of the value."),
    Field(
        "value",
        "number",
        "The value. Counts of people are rounded to 5; shares (0 to 1) move in steps of 5 of what "
        "they are shares of, or of 0.01; other numbers have two digits.",
    ),
    Field("why_empty", "string", "Why there is no value, where there is none."),
    Field("definition", "string", "How it is defined, of participants who share alone."),
    Field("source", "string", "Where the definition comes from."),
)
TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
SCHEMA = pa.schema([(field.name, TYPES[field.type]) for field in FIELDS])


def table(record: Record) -> Table:
    """Return the table of an open snapshot, which must hold those alone who share."""
    rows = []
    for name, one in measures.study_measures().items():
        released = suppression.suppressed(record, one)
        rows.append(
            {
                "measure": name,
                "version": one.version,
                "construct": one.construct,
                "unit": one.unit,
                "value": released.value,
                "why_empty": released.reason,
                "definition": one.definition,
                "source": one.source,
            }
        )
    return Table("measures", ABOUT, FIELDS, pa.Table.from_pylist(rows, SCHEMA).to_batches)
