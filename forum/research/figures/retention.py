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
    (lazy("1 h"), HOUR),
    (lazy("6 h"), 6 * HOUR),
    (lazy("1 day"), DAY),
    (lazy("3 days"), 3 * DAY),
    (lazy("1 week"), 7 * DAY),
]
LATER, NEVER = lazy("later"), lazy("no reply")


def retention(record: Record) -> Figure:
    """Return Kaplan-Meier curves of using the forum and of staying in the study, by month.

    A share is shown only where more than 7 are still looked at, and more than 7 have gone.
    """
    days = range(0, record.window.days + 1, MONTH if record.window.days > 2 * MONTH else WEEK)
    usage = _curve(record, NON_USAGE, days)
    curves = {
        _("Use the forum"): usage,
        _("In the study"): _curve(record, drop_out(record), days),
    }
    last = next((point for point, _told in reversed(usage) if point.y), None)
    columns = [
        [
            (share_in_words(point.y), intervals.in_words(point.interval), followed)
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
    soon = sum_shown(shown[:3])
    return Figure(
        "reply-times",
        _("How soon threads are answered"),
        " ".join(filter(None, (_soon(sum_shown(shown), soon), _half(record, shown)))),
        count_bars(_("Threads, by first reply within"), found),
        [_("First reply within"), _("Threads")],
        [[str(words), str(HIDDEN) if count is None else in_words(count)] for words, count in found]
        + [[_("Sum of the numbers shown"), formats.number(sum_shown(shown))]],
    )


def _soon(threads: int, soon: int) -> str:
    return _(
        "Of about %(threads)s threads shown here, about %(soon)s had a reply from another "
        "participant within a day. Replies from people outside the study are not recorded.",
        threads=formats.number(threads),
        soon=formats.number(soon),
    )


def _half(record: Record, shown: list[int | None]) -> str:
    """Say how long it takes until half of the threads have a reply, those without one included."""
    minutes = minutes_until_half_answered(record)
    if minutes is None or sum_shown(shown) <= 2 * FEW_MOST:
        return ""
    hours = max(1, round(minutes / HOUR))
    return ngettext(
        "Half of all threads had a first reply after about %(count)s hour.",
        "Half of all threads had a first reply after about %(count)s hours.",
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
        "%(share)s still used the forum %(count)s week after joining, or after their first visit "
        "in this period. Only people who were here in this period count. Someone counts as having "
        "stopped after %(days)s days without doing anything here. People who leave the study or "
        "its groups count until then.",
        "%(share)s still used the forum %(count)s weeks after joining, or after their first visit "
        "in this period. Only people who were here in this period count. Someone counts as having "
        "stopped after %(days)s days without doing anything here. People who leave the study or "
        "its groups count until then.",
        int(last.x),
        share=formats.percent(last.y or 0),
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


def _short(told: str) -> str:
    return TO if told == HIDDEN else told
