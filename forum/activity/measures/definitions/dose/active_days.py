"""Days with at least one act of one's own."""

from forum.activity.measures.event_conditions import OWN
from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter
from forum.activity.measures.measures_in_releases import Bands, PeriodBands
from forum.core.translation import lazy

enter(
    PersonMeasure(
        name="active_days",
        label=lazy("Active days"),
        construct="dose",
        version=2,
        unit="days",
        source=DIRECT_COUNT,
        definition="Days with at least one login, visit, reading, post, reaction given, meeting, "
        "report or joining of a group by the person. Before the consent, only posts, reactions "
        "given and joining are known. Days are in the person's own time zone if they have set "
        "one, otherwise in the study's.",
        sql=f"count(DISTINCT day) FILTER ({OWN})",
        noise_bound=40,
        bands=Bands(
            (*range(11), 12, 14, 17, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 180, 270, 360, 540),
            (0, 3, 8, 20, 60, 180, 540),
            weight=1.0,
            is_noisy=True,
            is_dose=True,
        ),
        period_bands=PeriodBands(
            (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 25), (0, 1, 4, 10, 18), share=3.0
        ),
    )
)
