"""Who stays, and how soon people are answered."""

from forum.activity.measures.definitions.responsiveness.minutes_until_half_answered import (
    minutes_until_half_answered,
)
from forum.activity.measures.queries.first_replies import FIRST_REPLIES
from forum.activity.measures.queries.follow_up import (
    NON_USAGE,
    SILENCE_DAYS,
    can_show_non_usage,
    drop_out,
)
from forum.activity.measures.statistics.kaplan_meier import kaplan_meier
from forum.activity.measures.study_record import MONTH, WEEK, Record
from forum.activity.small_cells import (
    FEW_MOST,
    rounded_both_sides,
    rounded_count,
    rounded_share,
    sum_shown,
)
from forum.core.translation import _, formats, lazy, ngettext
from forum.research.figures.charts import intervals
from forum.research.figures.charts.chart import LineChart, Point
from forum.research.figures.figure import HIDDEN, TO, Figure, count_bars, in_words, share_in_words

HOUR, DAY = 60, 24 * 60
BANDS = [
    (lazy("up to 1 h"), HOUR),
    (lazy("1 to 6 h"), 6 * HOUR),
    (lazy("6 h to 1 day"), DAY),
    (lazy("1 to 3 days"), 3 * DAY),
    (lazy("3 days to 1 week"), 7 * DAY),
]
LATER, NEVER = lazy("later"), lazy("no reply")


def retention(record: Record) -> Figure:
    """Return Kaplan-Meier curves of using the forum and of staying in the study, by month.

    A share is shown only where more than 7 are still looked at, and more than 7 have gone.
    """
    days = range(0, record.window.days + 1, MONTH if record.window.days > 2 * MONTH else WEEK)
    usage = _curve(record, NON_USAGE, days)
    curves = {
        _("Haven't stopped"): usage,
        _("In the study"): _curve(record, drop_out(record), days),
    }
    last = next((point for point, _told in reversed(usage) if point.y and point.interval), None)
    columns = [
        [
            (share_in_words(point.y), _interval_in_words(point), followed)
            for point, followed in curve
        ]
        for curve in curves.values()
    ]
    return Figure(
        "retention",
        _("Who stays"),
        _how_many_stay(record, last),
        LineChart(
            {name: [point for point, _told in curve] for name, curve in curves.items()},
            _("Weeks since joining"),
            _("Share of people"),
            "share",
            steps=True,
            at_risk={
                name: [_short(told) for _point, told in curve] for name, curve in curves.items()
            },
        ),
        [
            _("Weeks since joining"),
            *(words for name in curves for words in (name, _("95% interval"), _("Still followed"))),
        ],
        [[str(day // WEEK), *use, *study] for day, use, study in zip(days, *columns, strict=True)],
    )


def reply_times(record: Record) -> Figure:
    """Return how many threads had their first reply by another participant how soon."""
    rows = record.base.execute(FIRST_REPLIES).fetchall()
    threads, starters = dict[str, int](), dict[str, set[int]]()
    for starter, *_between, minutes in rows:
        band = _band(minutes)
        threads[band] = threads.get(band, 0) + 1
        starters.setdefault(band, set()).add(int(starter))
    found = [
        (band, rounded_count(threads.get(band, 0), len(starters.get(band, ()))))
        for band in (*(words for words, _most in BANDS), LATER, NEVER)
    ]
    shown = [count for _label, count in found]
    return Figure(
        "reply-times",
        _("How soon threads are answered"),
        " ".join(filter(None, (_soon(shown), _half(record, shown)))),
        count_bars(_("Threads, by time to the first reply"), found),
        [_("First reply after"), _("Threads")],
        [[str(words), str(HIDDEN) if count is None else in_words(count)] for words, count in found]
        + [[_("Sum of the numbers shown"), formats.number(sum_shown(shown))]],
    )


def _soon(shown: list[int | None]) -> str:
    """Say how many threads were answered within a day: of how many, if no number is hidden."""
    soon = formats.number(sum_shown(shown[:3]))
    if not any(shown[:3]):
        return _(
            "How many threads were answered within a day can't be shown. Replies from people "
            "outside the study are not recorded."
        )
    if None in shown:
        return _(
            "About %(soon)s threads are shown as answered by another participant within a day. "
            "How many were answered later or never can't all be shown, so this is no share. "
            "Replies from people outside the study are not recorded.",
            soon=soon,
        )
    return _(
        "Of about %(threads)s threads, about %(soon)s had a reply from another participant within "
        "a day. Replies from people outside the study are not recorded.",
        threads=formats.number(sum_shown(shown)),
        soon=soon,
    )


def _half(record: Record, shown: list[int | None]) -> str:
    """Say how long it takes until half of the threads have a reply, those without one included."""
    minutes = minutes_until_half_answered(record)
    if minutes is None or sum_shown(shown) <= 2 * FEW_MOST:
        return ""
    hours = max(1, round(minutes / HOUR))
    return ngettext(
        "Half of all threads had a first reply within about %(count)s hour.",
        "Half of all threads had a first reply within about %(count)s hours.",
        hours,
    )


def _band(minutes: float | None) -> str:
    if minutes is None:
        return NEVER
    return next((words for words, most in BANDS if minutes <= most), LATER)


def _how_many_stay(record: Record, last: Point | None) -> str:
    """Say what share still used the forum at the last day for which that may be told."""
    if not can_show_non_usage(record.window):
        return ngettext(
            "This period of %(count)s week is too short to tell who has stopped using the forum. "
            "That takes %(days)s days of silence. Choose a longer period.",
            "This period of %(count)s weeks is too short to tell who has stopped using the forum. "
            "That takes %(days)s days of silence. Choose a longer period.",
            record.window.days // WEEK,
            days=SILENCE_DAYS,
        )
    if not last or not last.x:
        return _(
            "Too few have stopped using the forum to tell when. Someone counts as having stopped "
            "after %(days)s days without doing anything here.",
            days=SILENCE_DAYS,
        )
    return ngettext(
        "%(count)s week after joining, an estimated %(share)s (95%% interval %(interval)s) hadn't "
        "stopped using the forum. Someone counts as having stopped after %(days)s days without "
        "doing anything here. People who joined earlier, or whose joining isn't recorded, count "
        "from their first visit in this period. People who leave the study or its groups are "
        "followed until then.",
        "%(count)s weeks after joining, an estimated %(share)s (95%% interval %(interval)s) hadn't "
        "stopped using the forum. Someone counts as having stopped after %(days)s days without "
        "doing anything here. People who joined earlier, or whose joining isn't recorded, count "
        "from their first visit in this period. People who leave the study or its groups are "
        "followed until then.",
        int(last.x),
        share=formats.percent(last.y or 0),
        interval=intervals.in_words(last.interval),
        days=SILENCE_DAYS,
    )


def _curve(record: Record, follow_up: str, days: range) -> list[tuple[Point, str]]:
    """Return the share that stays at each day, and how many are still followed then.

    At the first day it is everybody. Later a share is shown only where more than 7 have ended, and
    more than 7 are still followed; a number, where more than 7 are, and more than 7 are no longer.
    """
    followed = [
        int(record.row(f"SELECT count(*) FROM ({follow_up}) WHERE time >= {day}")[0])  # noqa: S608
        for day in days
    ]
    everyone = followed[0]
    found = [(Point(0, 1.0), in_words(rounded_count(everyone)))]
    steps = kaplan_meier(record, follow_up)
    for day, still in list(zip(days, followed, strict=True))[1:]:
        told = rounded_both_sides(still, everyone)
        past = [step for step in steps if step.time <= day]
        point = Point(day // WEEK, None)
        if still > FEW_MOST and sum(step.events for step in past) > FEW_MOST:
            share = rounded_share(past[-1].survival, everyone)
            point = Point(day // WEEK, share, _interval(share, told))
        found.append((point, str(HIDDEN) if told is None else in_words(told)))
    return found


def _interval(share: float, at_risk: int | None) -> tuple[float, float] | None:
    return None if at_risk is None else intervals.survival_interval(share, at_risk)


def _interval_in_words(point: Point) -> str:
    """Return the interval of a point; at the first day all are there, and nothing is estimated."""
    return intervals.in_words(point.interval) if point.x else _("does not apply")


def _short(told: str) -> str:
    return TO if told == HIDDEN else told
