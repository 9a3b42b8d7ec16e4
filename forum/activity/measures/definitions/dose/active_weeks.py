"""Weeks, counted from the first day looked at, with at least one act of one's own."""

from forum.activity.measures.event_conditions import OWN
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter

enter(
    PersonMeasure(
        name="active_weeks",
        construct="dose",
        version=2,
        unit="weeks",
        source=DIRECT_COUNT,
        definition="Weeks with at least one active day, counted from the first day of the period.",
        sql=f"count(DISTINCT week) FILTER ({OWN})",
        shortest="week",
    )
)
