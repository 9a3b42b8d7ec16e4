"""Frequency and dose: how often, how long and how much; each can be told for every period."""

from dataclasses import dataclass

# What somebody does themselves; being reacted to, leaving and consenting are no use of the forum.
USE = (
    "kind IN ('signed_in', 'session', 'thread_read', 'thread_started', 'reply_posted', "
    "'reaction_given', 'meeting_attended', 'report_made', 'group_joined')"
)
MORNING = 5
POSTED = "kind IN ('thread_started', 'reply_posted')"


@dataclass(frozen=True)
class Dose:
    """One dose: its version, unit and definition, and the SQL aggregate over somebody's acts."""

    version: int
    unit: str
    definition: str
    sql: str
    shortest: str = "day"


def _count(definition: str, unit: str, condition: str) -> Dose:
    return Dose(1, unit, definition, f"count(*) FILTER ({condition})")


def _sum(definition: str, unit: str, column: str, kind: str, divisor: int = 1) -> Dose:
    """Return a sum over one kind of act; exact decimals, so that no order of rows changes it."""
    total = f"sum({column}::DECIMAL(18, 3)) FILTER (kind IN ({kind}))"
    return Dose(1, unit, definition, f"coalesce({total}, 0)::DOUBLE / {divisor}")


DOSES = {
    "sign_ins": _count("Times signed in.", "times", "kind = 'signed_in'"),
    "sessions": _count(
        "Visits to the study's groups; half an hour of silence ends one.",
        "visits",
        "kind = 'session'",
    ),
    "active_days": Dose(
        2,
        "days",
        "Days with at least one act of one's own, in one's own time zone where one is set, or in "
        "the study's.",
        f"count(DISTINCT day) FILTER ({USE})",
    ),
    "night_acts": _count(
        "Acts of one's own between midnight and five in the morning, in the same time zone.",
        "acts",
        f"{USE} AND hour < {MORNING}",
    ),
    "active_weeks": Dose(
        2,
        "weeks",
        "Weeks, counted from the first day looked at, with at least one act of one's own.",
        f"count(DISTINCT week) FILTER ({USE})",
        shortest="week",
    ),
    "session_minutes": _sum(
        "Length of all visits, at most.", "minutes", "seconds_high", "'session'", divisor=60
    ),
    "reading_minutes_low": _sum(
        "Visible reading time, at least.", "minutes", "seconds_low", "'thread_read'", divisor=60
    ),
    "reading_minutes_high": _sum(
        "Visible reading time, at most.", "minutes", "seconds_high", "'thread_read'", divisor=60
    ),
    "page_reads": _count("Thread pages opened.", "pages", "kind = 'thread_read'"),
    "posts_seen": Dose(
        1,
        "posts",
        "Posts that were on screen for a second or longer, anew for each page opened.",
        "coalesce(sum(posts_seen) FILTER (kind = 'thread_read'), 0)::BIGINT",
    ),
    "posts": _count("Threads started and replies posted.", "posts", POSTED),
    "words": _sum(
        "Words in threads started and replies posted.",
        "words",
        "words",
        "'thread_started', 'reply_posted'",
    ),
    "reactions_given": _count("Reactions given.", "reactions", "kind = 'reaction_given'"),
    "reactions_received": _count("Reactions received.", "reactions", "kind = 'reaction_received'"),
    "meetings": _count("Meetings attended.", "meetings", "kind = 'meeting_attended'"),
    "meeting_minutes": _sum(
        "Minutes present in meetings.", "minutes", "minutes_present", "'meeting_attended'"
    ),
    "interactions": _count(
        "Posts, reactions given and meetings attended, together.",
        "acts",
        f"{POSTED} OR kind IN ('reaction_given', 'meeting_attended')",
    ),
}
