"""Posts that were on screen for a second or longer, anew for each page opened."""

from forum.activity.measures.measure import DIRECT_COUNT, PersonMeasure, enter

enter(
    PersonMeasure(
        name="posts_seen",
        construct="reading",
        version=1,
        unit="posts",
        source=DIRECT_COUNT,
        definition="Posts that were on screen for a second or longer, counted again for each page "
        "opened.",
        sql="coalesce(sum(posts_seen) FILTER (kind = 'thread_read'), 0)::BIGINT",
    )
)
