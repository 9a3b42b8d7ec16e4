"""A chart's axes hold every value that is drawn on them."""

from itertools import pairwise
from math import exp, log

from hypothesis import given
from hypothesis import strategies as st

from forum.research.figures import charts


@given(st.floats(min_value=2.5, max_value=1e7))
def test_a_logarithmic_axis_reaches_the_most_and_its_labels_keep_apart(most: float) -> None:
    ticks = charts.log_counts(most)
    places = [place for place, _ in ticks]
    assert places[0] == 0
    assert places[-1] >= log(most) - 1e-6
    assert all(later - earlier >= log(2) - 1e-9 for earlier, later in pairwise(places))
    assert [float(words.replace(",", "")) for _, words in ticks] == [
        round(exp(place)) for place in places
    ]


def test_a_value_a_little_above_a_power_of_ten_is_drawn_inside() -> None:
    """Twelve posts on an axis that ended at ten stood above the drawing."""
    ticks = charts.log_counts(12)
    drawn = charts.lines({"Posts": [(0, log(12)), (1, 0)]}, [(0, "0"), (1, "1")], ticks, "Rank")
    assert [words for _, words in ticks] == ["1", "10", "20"]
    assert all(charts.TOP <= y <= charts.HEIGHT - charts.BOTTOM for _, y in drawn.lines[0].dots)
