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
from forum.activity.small_cells import FEW_MOST, in_words, rounded_count, rounded_share, sum_shown
from forum.research.figures import charts
from forum.research.figures.figure import Figure

HOUR, DAY = 60, 24 * 60
BANDS = [
    ("1 h", HOUR),
    ("6 h", 6 * HOUR),
    ("1 day", DAY),
    ("3 days", 3 * DAY),
    ("1 week", 7 * DAY),
]
LATER, NEVER = "later", "no reply"


def retention(record: Record) -> Figure:
    """Return Kaplan-Meier curves of using the forum and of staying in the study, by month.

    A share is told only where more than 7 are still looked at, and more than 7 have gone.
    """
    days = range(0, record.window.days + 1, MONTH if record.window.days > 2 * MONTH else WEEK)
    use, study = (_shown(record, follow_up, days) for follow_up in (NON_USAGE, drop_out(record)))
    last = next(
        ((day, share) for day, share in reversed(list(zip(days, use, strict=True))) if share), None
    )
    summary = _how_many_stay(record, last)
    weeks = [day // WEEK for day in days]
    return Figure(
        "retention",
        "Who stays",
        summary,
        charts.lines(
            {
                "Use the forum": list(zip(weeks, use, strict=True)),
                "In the study": list(zip(weeks, study, strict=True)),
            },
            [(week, str(week)) for week in weeks],
            [(value / 4, f"{value * 25}%") for value in range(5)],
            "Weeks since joining",
        ),
        ["Weeks since joining", "Use the forum", "In the study"],
        [
            [str(week), *("too few to tell" if share is None else f"{share:.0%}" for share in pair)]
            for week, *pair in zip(weeks, use, study, strict=True)
        ],
    )


def reply_times(record: Record) -> Figure:
    """Return how many threads had their first reply by another participant how soon."""
    rows = record.base.execute(FIRST_REPLIES).fetchall()
    threads, starters = dict[str, int](), dict[str, set[int]]()
    for starter, _, _, minutes in rows:
        band = _band(minutes)
        threads[band] = threads.get(band, 0) + 1
        starters.setdefault(band, set()).add(int(starter))
    found = [
        (band, rounded_count(threads.get(band, 0), len(starters.get(band, ()))))
        for band in (*(words for words, _ in BANDS), LATER, NEVER)
    ]
    shown = [count for _, count in found]
    soon = sum_shown(shown[:3])
    return Figure(
        "reply-times",
        "How soon threads are answered",
        f"Of about {sum_shown(shown):,} threads that are told here, about {soon:,} had a reply by "
        f"another participant within a day.{_half(record, shown)} Replies by people outside the "
        "study are not recorded.",
        charts.bars([words for words, _ in found], shown, "First reply within"),
        ["First reply within", "Threads"],
        [[words, "too few to tell" if count is None else in_words(count)] for words, count in found]
        + [["All that are told", f"{sum_shown(shown):,}"]],
    )


def _half(record: Record, shown: list[int | None]) -> str:
    """Say how long it takes until half of the threads have a reply, those without one included."""
    minutes = minutes_until_half_answered(record)
    if minutes is None or sum_shown(shown) <= 2 * FEW_MOST:
        return ""
    hours = max(1, round(minutes / HOUR))
    return f" Half of all threads had one after about {hours:,} hour{'s' if hours > 1 else ''}."


def _band(minutes: float | None) -> str:
    if minutes is None:
        return NEVER
    return next((words for words, most in BANDS if minutes <= most), LATER)


def _how_many_stay(record: Record, last: tuple[int, float | None] | None) -> str:
    """Say what share still used the forum at the last day for which that may be told."""
    if not can_show_non_usage(record.window):
        return (
            f"{record.window.days // WEEK} weeks are too short to tell who has stopped using the "
            f"forum: that takes {SILENCE_DAYS} days of silence. Choose a longer period."
        )
    if not last or not last[0]:
        return (
            "Too few have stopped using the forum to tell when. Somebody counts as having stopped "
            f"after {SILENCE_DAYS} days without doing anything here."
        )
    return (
        f"{last[1]:.0%} still used the forum {last[0] // WEEK} weeks after joining, or after their "
        "first visit in this period. Only people who were here in this period count. Somebody "
        f"counts as having stopped after {SILENCE_DAYS} days without doing anything here; people "
        "who leave the study or its groups count until then."
    )


def _shown(record: Record, follow_up: str, days: range) -> list[float | None]:
    """Return the share that stays at each day, where it may be told.

    At the first day it is everybody; later only where more than 7 have ended, and more than 7 are
    still looked at.
    """
    days_shown = [
        int(record.row(f"SELECT count(*) FROM ({follow_up}) WHERE time >= {day}")[0])  # noqa: S608
        for day in days
    ]
    curve, shown = kaplan_meier(record, follow_up), list[float | None]([1.0])
    for day, still in list(zip(days, days_shown, strict=True))[1:]:
        past = [step for step in curve if step.time <= day]
        tells = sum(step.events for step in past) > FEW_MOST and still > FEW_MOST
        shown.append(rounded_share(past[-1].survival, days_shown[0]) if tells else None)
    return shown
