"""Who stays, and how soon people are answered."""

from forum.activity.measures.attrition import Step, drop_out, kaplan_meier, non_usage
from forum.activity.measures.record import MONTH, WEEK, Record
from forum.activity.measures.response import FIRST_REPLIES
from forum.activity.small_cells import FEW_MOST, in_words, told, told_share, total
from forum.research import charts
from forum.research.figure import Figure, people

HOUR, DAY = 60, 24 * 60
BANDS = [
    ("1 h", HOUR), ("6 h", 6 * HOUR), ("1 day", DAY), ("3 days", 3 * DAY),
    ("1 week", 7 * DAY),
]  # fmt: skip
LATER, NEVER = "later", "no reply"


def retention(record: Record) -> Figure:
    """Return Kaplan-Meier curves of using the forum and of staying in the study, by month.

    A share is told only where more than 7 are still looked at, and more than 7 have gone.
    """
    days = range(0, record.window.days + 1, MONTH if record.window.days > 2 * MONTH else WEEK)
    everyone = people(record)
    use = _shown(kaplan_meier(record.base, non_usage(record)), days, everyone)
    study = _shown(kaplan_meier(record.base, drop_out(record)), days, everyone)
    last = next(
        ((day, share) for day, share in reversed(list(zip(days, use, strict=True))) if share), None
    )
    summary = (
        f"{last[1]:.0%} still used the forum {last[0] // WEEK} weeks after joining, or after the "
        "first day looked at. Who is silent for 28 days counts as no longer using it."
        if last and last[0]
        else "Too few have stopped using the forum to tell when. Who is silent for 28 days would "
        "count as no longer using it."
    )
    weeks = [day // WEEK for day in days]
    return Figure(
        "retention", "Who stays", summary,
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
    )  # fmt: skip


def reply_times(record: Record) -> Figure:
    """Return how many threads had their first reply by another participant how soon."""
    rows = record.base.execute(FIRST_REPLIES).fetchall()
    threads, starters = dict[str, int](), dict[str, set[int]]()
    for starter, _, minutes in rows:
        band = _band(minutes)
        threads[band] = threads.get(band, 0) + 1
        starters.setdefault(band, set()).add(int(starter))
    found = [
        (band, told(threads.get(band, 0), len(starters.get(band, ()))))
        for band in (*(words for words, _ in BANDS), LATER, NEVER)
    ]
    shown = [count for _, count in found]
    soon = total(shown[:3])
    return Figure(
        "reply-times", "How soon threads are answered",
        f"Of about {total(shown):,} threads that are told here, about {soon:,} had a reply by "
        "another participant within a day. Replies by people outside the study are not recorded.",
        charts.bars([words for words, _ in found], shown, "First reply within"),
        ["First reply within", "Threads"],
        [[words, "too few to tell" if count is None else in_words(count)]
         for words, count in found]
        + [["All that are told", f"{total(shown):,}"]],
    )  # fmt: skip


def _band(minutes: float | None) -> str:
    if minutes is None:
        return NEVER
    return next((words for words, most in BANDS if minutes <= most), LATER)


def _shown(curve: list[Step], days: range, everyone: int) -> list[float | None]:
    """Return the share that stays at each day, where it may be told."""
    shown: list[float | None] = [1.0]
    for day in days[1:]:
        past = [step for step in curve if step.day <= day]
        gone = sum(step.ended for step in past)
        at_risk = past[-1].at_risk - past[-1].ended if past else everyone
        tells = gone > FEW_MOST and at_risk > FEW_MOST
        shown.append(told_share(past[-1].stay, everyone) if tells else None)
    return shown
