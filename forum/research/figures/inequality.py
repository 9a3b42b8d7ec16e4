"""How unevenly posts are spread: Lorenz curve with 1-9-90 shares, and Zipf plot with fit.

Points are of at least 8 people each, and shares of posts are shown only where at least 8 people
with posts are behind them.
"""

from math import ceil, exp, log

from forum.activity.measures.definitions.inequality.gini import gini
from forum.activity.measures.queries.post_shares import POSTS
from forum.activity.measures.statistics.zipf import zipf_line
from forum.activity.measures.study_record import Record
from forum.activity.small_cells import FEW_MOST, rounded_count, rounded_share
from forum.core.translation import _, formats, lazy
from forum.research.figures.charts.chart import LineChart, Point
from forum.research.figures.figure import TO, TOO_FEW, Figure, share_in_words

FINEST = (10, 5, 4, 2)
PARTS = (
    (
        (lazy("The top 1%"), 0, 0.01),
        (lazy("The next 9%"), 0.01, 0.10),
        (lazy("The other 90%"), 0.10, 1),
    ),
    ((lazy("The top 10%"), 0, 0.10), (lazy("The other 90%"), 0.10, 1)),
)


def lorenz(record: Record) -> Figure:
    """Return the share of posts that come from the share of people with the fewest."""
    title, columns = _("How posts are spread over people"), [_("People"), _("Share of posts")]
    posts = _posts(record)
    cuts = next((cuts for cuts in FINEST if _writers(posts, 0, 1 / cuts) > FEW_MOST), None)
    if cuts is None:
        return Figure("lorenz", title, str(TOO_FEW), None, columns, [])
    curve = [(part / cuts, _lowest(posts, part / cuts)) for part in range(1, cuts)]
    curve = [(0, 0), *curve, (1, 1)]
    shares = _one_nine_ninety(posts)
    summary = _(
        "The Gini coefficient is %(gini)s. It would be 0 if everyone wrote the same amount, and 1 "
        "if one person wrote everything.",
        gini=formats.number(round(gini(record) or 0, 2)),
    )
    rows = [[str(words), formats.percent(share)] for words, share in shares]
    summary = " ".join([summary, *(f"{words}: {share}." for words, share in rows)])
    rows += [
        [_("The %(part)s with the fewest", part=formats.percent(part)), share_in_words(share)]
        for part, share in curve[1:-1]
    ]
    return Figure(
        "lorenz",
        title,
        summary,
        LineChart(
            {
                _("Posts"): [Point(part, share) for part, share in curve],
                _("All equal"): [Point(0, 0), Point(1, 1)],
            },
            _("People, fewest posts first"),
            _("Share of posts"),
            "share",
            x_scale="share",
        ),
        columns,
        rows,
    )


def zipf(record: Record) -> Figure:
    """Return mean posts by rank, both on logarithmic axes, and the straight line through all."""
    title, columns = _("Posts by rank"), [_("Rank"), _("Mean posts")]
    writers = [count for count in _posts(record) if count]
    fit = zipf_line(record, POSTS)
    if len(writers) <= 2 * FEW_MOST + 1 or fit is None:
        return Figure("zipf", title, str(TOO_FEW), None, columns, [])
    bins = _doubling(writers)
    points = [(log((low + high) / 2), log(mean)) for low, high, mean in bins]
    last = log(rounded_count(len(writers)) or 1)
    top = max(1.0, *(up for _rank, up in points))
    slope, intercept = round(fit.slope, 1), round(fit.intercept, 1)
    ends = [(rank, min(top, max(0.0, intercept + slope * rank))) for rank in (points[0][0], last)]
    summary = _("Everyone has written the same amount, so there is no slope.")
    if fit.r2 is not None:
        summary = _(
            "The straight line has a slope of about %(slope)s (log posts by log rank) and explains "
            "%(share)s of the variance of log posts. It does so in almost any community. Ranks are "
            "in groups of 8, 16, 32 and so on; the last rank is rounded to 5.",
            slope=formats.number(slope),
            share=formats.percent(fit.r2),
        )
    return Figure(
        "zipf",
        title,
        summary,
        LineChart(
            {_("Posts"): _plain(points), _("Straight line"): _plain(ends)},
            _("Rank, most posts first"),
            _("Posts"),
            "log",
            x_scale="log",
        ),
        columns,
        [[f"{low}{TO}{high}", formats.number(mean)] for low, high, mean in bins],
    )


def _plain(logarithms: list[tuple[float, float]]) -> list[Point]:
    return [Point(round(exp(x), 4), round(exp(y), 4)) for x, y in logarithms]


def _posts(record: Record) -> list[int]:
    rows = record.base.execute(f"SELECT x FROM ({POSTS}) ORDER BY x DESC").fetchall()  # noqa: S608
    return [int(row[0]) for row in rows]


def _cut(posts: list[int], begin: float, end: float) -> list[int]:
    return posts[ceil(begin * len(posts)) : ceil(end * len(posts))]


def _share(posts: list[int], begin: float, end: float) -> float:
    """Return a part's share of all posts, in steps that stand for 5 posts or more."""
    return rounded_share(sum(_cut(posts, begin, end)) / (sum(posts) or 1), sum(posts) or 1)


def _lowest(posts: list[int], part: float) -> float | None:
    """Return the share of the part with the fewest posts, unless only a few of it have written."""
    writers = _writers(posts, 1 - part, 1)
    return _share(posts, 1 - part, 1) if writers == 0 or writers > FEW_MOST else None


def _writers(posts: list[int], begin: float, end: float) -> int:
    return sum(count > 0 for count in _cut(posts, begin, end))


def _one_nine_ninety(posts: list[int]) -> list[tuple[str, float]]:
    """Return the shares of the finest parts that each have more than 7 people who wrote."""
    for parts in PARTS:
        if all(_writers(posts, begin, end) > FEW_MOST for _words, begin, end in parts[:-1]):
            return [(words, _share(posts, begin, end)) for words, begin, end in parts]
    return []


def _doubling(writers: list[int]) -> list[tuple[int, int, float]]:
    """Return first rank, last rank and mean of bins that double in size, from 8 people on.

    The very last rank is rounded to 5, and means have two digits.
    """
    bins, low, size = list[tuple[int, int, float]](), 1, FEW_MOST + 1
    while low <= len(writers):
        high = low + size - 1
        if len(writers) - high <= FEW_MOST:
            high = len(writers)
        part = writers[low - 1 : high]
        shown = high if high < len(writers) else max(low, rounded_count(high) or low)
        bins.append((low, shown, float(f"{sum(part) / len(part):.2g}")))
        low, size = high + 1, size * 2
    return bins
