"""A figure's drawing says what its table says, fits its axes, and follows the page's colours."""

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from matplotlib.figure import Figure as Canvas

from forum.activity.measures.study_record import Window
from forum.core.web.templating import assets
from forum.research.figures import downloads
from forum.research.figures.charts import drawing, intervals, line_names, svg
from forum.research.figures.charts.chart import Bar, BarChart, LineChart, Point
from forum.research.figures.figure import Figure, share_in_words
from forum.research.figures.registry import figures
from tests.support.research.simulated import snapshot
from tests.support.research.study_records import BEGIN


@pytest.fixture(scope="module", params=[40, 300])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Figure]:
    """Return the figures of a small and of a large community."""
    folder = tmp_path_factory.mktemp("record")
    return figures(snapshot(folder, request.param), Window(BEGIN.date(), 182))


def words_of(inside: str) -> list[str]:
    """Return what is written in a drawing."""
    root = ET.fromstring(f"<svg>{inside}</svg>")  # noqa: S314 - our own
    return ["".join(one.itertext()).strip() for one in root.iter("text")]


def cells(figure: Figure) -> set[str]:
    return {cell for row in figure.rows for cell in row}


def test_every_value_of_a_drawing_is_in_its_table(drawn: list[Figure]) -> None:
    for figure in drawn:
        if isinstance(figure.chart, BarChart):
            for bar in figure.chart.bars:
                assert set(bar.words) <= cells(figure) | {"7 or fewer", "hidden"}, figure.name
        if isinstance(figure.chart, LineChart) and figure.name != "zipf":
            points = [point for line in figure.chart.lines.values() for point in line]
            for point in points:
                if point.y is not None and point.x > 0 and not point.y == point.x == 1:
                    said = share_in_words(point.y) if point.y <= 1 else f"{point.y:,}"
                    assert said in cells(figure), figure.name
                if point.interval:
                    assert intervals.in_words(point.interval) in cells(figure)
            for told in figure.chart.at_risk.values():
                assert set(told) <= cells(figure) | {"\N{EN DASH}"}


def test_suppressed_values_are_hatched_and_labelled(drawn: list[Figure]) -> None:
    hatched = 0
    for figure in drawn:
        if figure.chart:
            made = drawing.draw(figure.chart, figure.name)
            assert made.hatched == ("<pattern" in made.inside), figure.name
            few = {cell for cell in cells(figure) if cell.startswith(("7 or fewer", "hidden"))}
            assert few or not made.hatched, figure.name
            hatched += made.hatched
    assert hatched


def test_drawings_have_no_styles_and_no_ids_of_each_other(drawn: list[Figure]) -> None:
    for figure in drawn:
        if figure.chart:
            inside = drawing.draw(figure.chart, figure.name).inside
            assert not re.search(r"style=|<style|<metadata|xlink|ns0:", inside), figure.name
            assert all(
                one.startswith(f"{figure.name}-") for one in re.findall(r'id="([^"]+)"', inside)
            )
            unknown = set(re.findall(r"#[0-9a-f]{6}", inside)) - set(svg.COLOURS.values())
            assert not unknown, figure.name
            assert "#" not in re.sub(r'url\(#[^)]+\)|href="#[^"]+"', "", svg.for_page(inside))


def test_the_same_numbers_make_the_same_drawing() -> None:
    chart = BarChart([Bar("One", [10], ["10"]), Bar("Two", [None], ["7 or fewer"])], "People", 7)
    assert drawing.draw(chart, "one") == drawing.draw(chart, "one")


def test_its_colours_are_those_of_the_style_sheet() -> None:
    tokens = (assets.folder("static") / "css" / "core" / "tokens.css").read_text()
    assert all(f"--{name}: {colour};" in tokens for name, colour in svg.COLOURS.items())


@pytest.mark.parametrize("most", [3, 12, 97, 1_234, 54_321])
def test_an_axis_fits_what_is_drawn(most: int) -> None:
    line = {"Posts": [Point(1, most), Point(9, 1)]}
    chart = LineChart(line, "Rank", "Posts", "log", x_scale="log")
    said = [word.replace(",", "") for word in words_of(drawing.draw(chart, "x").inside)]
    ticks = [int(word) for word in said if word.isdecimal()]
    assert max(ticks) <= most * 5
    assert max(ticks) * 10 >= most


def test_one_week_is_drawn_too() -> None:
    chart = LineChart({"Wrote": [Point(1, 10)]}, "Week", "People", "count")
    assert "Week" in words_of(drawing.draw(chart, "x").inside)


def test_two_lines_that_end_together_have_two_names() -> None:
    lines = {"Above": [Point(0, 0.0), Point(1, 1.0)], "Below": [Point(0, 0.01), Point(1, 0.99)]}
    said = words_of(drawing.draw(LineChart(lines, "x", "y", "share"), "x").inside)
    assert {"Above", "Below"} <= set(said)


def test_names_of_lines_that_are_one_upon_the_other_are_apart() -> None:
    same = [Point(0, 1.0), Point(4, None), Point(8, None), Point(12, 0.9), Point(16, 0.85)]
    chart = LineChart({"Above": same, "Below": list(same)}, "Weeks", "Share", "share", steps=True)
    page = Canvas()
    axes = page.add_subplot()
    axes.set(xlim=(0, 16), ylim=(0, 1))
    line_names.draw(axes, chart)
    page.draw_without_rendering()
    above, below = (text.get_window_extent() for text in axes.texts)
    assert not above.overlaps(below)


@pytest.mark.parametrize(
    ("share", "people", "interval"),
    [
        (0.5, 100, (0.4, 0.6)),
        (0.0, 10, (0.0, 0.28)),
        (1.0, 10, (0.72, 1.0)),
        (0.2, 40, (0.1, 0.35)),
    ],
)
def test_an_interval_is_wilsons(share: float, people: int, interval: tuple[float, float]) -> None:
    assert intervals.share_interval(share, people) == interval


def test_survival_is_less_certain_than_a_share_of_all() -> None:
    low, high = intervals.survival_interval(0.5, 20)  # of 100, of whom some were lost to follow-up
    assert (low, high) == intervals.share_interval(0.5, 40)
    assert high - low > 0.2


def test_files_say_what_the_page_says(drawn: list[Figure], tmp_path: Path) -> None:
    figure = next(one for one in drawn if one.name == "retention")
    assert figure.chart
    made = vars(drawing.draw(figure.chart, figure.name))
    stored = {**vars(figure), "drawing": made, "title": "Who stays & <goes>"}
    table = list(csv.reader(io.StringIO(downloads.as_csv(stored).removeprefix("\ufeff"))))
    assert table == [figure.columns, *figure.rows]
    root = ET.fromstring(downloads.as_svg(stored).encode())  # noqa: S314 - our own
    assert root.findtext("{*}title") == "Who stays & <goes>"
    assert (root.findtext("{*}desc") or "").startswith(figure.summary)
    assert "var(" not in downloads.as_svg(stored)
