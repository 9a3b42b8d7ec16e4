"""Posts, reactions given and meetings attended, together."""

from forum.activity.measures.event_conditions import POSTED, count_of
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter

enter(
    PersonMeasure(
        name="interactions",
        construct="contributions",
        version=1,
        unit="acts",
        source=DIRECT_COUNT,
        definition="Posts, reactions given and meetings attended, together.",
        sql=count_of(f"{POSTED} OR kind IN ('reaction_given', 'meeting_attended')"),
    )
)
