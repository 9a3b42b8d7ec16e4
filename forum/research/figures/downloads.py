"""A figure's table and its drawing, as files of their own."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from forum.core.errors import NotFound
from forum.core.text.csv_cells import safe_cell
from forum.core.translation import _
from forum.research.figures.charts import svg
from forum.research.figures.page import FiguresPage

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it, spreadsheets take UTF-8 for another encoding


def figure_named(page: FiguresPage, name: str) -> Mapping[str, Any]:
    """Return the figure of a page that has this name. Raises NotFound."""
    found = (figure for figure in page.shown.get("figures", []) if figure["name"] == name)
    figure: Mapping[str, Any] | None = next(found, None)
    if figure is None:
        raise NotFound
    return figure


def as_csv(figure: Mapping[str, Any]) -> str:
    """Return a figure's table, in which no cell can be taken for a formula."""
    written = io.StringIO()
    rows = [figure["columns"], *figure["rows"]]
    csv.writer(written).writerows([safe_cell(cell) for cell in row] for row in rows)
    return MARK + written.getvalue()


def as_svg(figure: Mapping[str, Any]) -> str:
    """Return a figure's drawing as a file of its own. Raises NotFound where it has none."""
    drawing = figure.get("drawing")
    if not drawing:
        raise NotFound
    words = figure["summary"]
    if drawing["hatched"]:
        hatched = _("Hatched: hidden, because too few people, or all but a few, are behind it.")
        words = f"{words} {hatched}"
    return svg.as_file(
        drawing["inside"], drawing["width"], drawing["height"], figure["title"], words
    )
