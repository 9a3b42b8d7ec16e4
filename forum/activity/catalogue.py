"""Every kind of event that may be recorded, every field, and why. Nothing else can be stored."""

from dataclasses import dataclass

from forum.activity.models import ActivityEvent
from forum.core.translation import lazy

# Recorded only if the author of the post before takes part in the same study.
ABOUT_OTHERS = ("previous_author", "minutes_since", "to_newcomer")
ALWAYS = ("id", "at", "kind", "participant", "consent_id")


@dataclass(frozen=True)
class EventType:
    """One kind of event: what happened, why it is recorded, and which fields it may have."""

    about: str
    why: str
    fields: tuple[str, ...] = ()


FIELDS = {
    "id": "A random number, which says nothing about the order of events.",
    "at": "When it happened: a timestamp in UTC, to the microsecond.",
    "kind": "One of the kinds below.",
    "participant": "A random number for one person in one study, not an account's number.",
    "consent_id": "The consent that permits this row.",
    "group_id": "The group in which it happened.",
    "thread_id": "The thread in which it happened.",
    "post_id": "The post that was written or got a reaction.",
    "meeting_id": "The meeting that was attended.",
    "previous_author": "The participant who wrote the last post by anyone else in the thread, if "
    "their consent covers it. Empty if they don't take part, or if nobody else wrote before. The "
    "reply may be meant for another person.",
    "words": "How many words were written or said, never which.",
    "minutes_since": "Minutes since the post in `previous_author`. Empty if that is empty.",
    "to_newcomer": "Whether this is the first reply to the first post that `previous_author` ever "
    "wrote here. Empty if that is empty.",
    "reaction": "One of the five reactions.",
    "seconds_low": "Shortest possible time of reading or of the visit, in seconds: between signs "
    "of activity (a key, a touch, the mouse, scrolling, switching windows) at most a minute apart. "
    "Empty without JavaScript.",
    "seconds_high": "Longest possible time in seconds: up to 60 seconds after the last activity. "
    "Empty without JavaScript.",
    "posts_seen": "How many posts were on screen for a second or longer, never which.",
    "minutes_present": "Minutes in the meeting, with gaps of up to two minutes in the connection.",
    "turns": "How many turns were taken in the meeting.",
}
TYPES = {"int": "integer", "float": "number", "bool": "yes or no", "str": "text"}
_POST = ("group_id", "thread_id", "post_id", "words")
_REACTION = ("group_id", "thread_id", "post_id", "reaction")
EVENT_TYPES = {
    "signed_in": EventType(lazy("Someone logged in."), "How often people come."),
    "session": EventType(
        lazy(
            "Someone visited the study's groups. A visit ends after half an hour without reading."
        ),
        "How often and how long people come.",
        ("seconds_low", "seconds_high"),
    ),
    "thread_read": EventType(
        lazy(
            "Someone opened a page of a thread. Seconds count while it was visible, in focus and "
            "had a post on screen. Without JavaScript there are no seconds."
        ),
        "Most who take part read without writing.",
        ("group_id", "thread_id", "seconds_low", "seconds_high", "posts_seen"),
    ),
    "thread_started": EventType(lazy("Someone started a thread."), "Asking for support.", _POST),
    "reply_posted": EventType(
        lazy("Someone replied in a thread."),
        "Giving support, and how soon it comes.",
        (*_POST, *ABOUT_OTHERS),
    ),
    "reaction_given": EventType(
        lazy("Someone gave a reaction."), "Support without words.", _REACTION
    ),
    "reaction_received": EventType(
        lazy("Someone's post got a reaction. The forum doesn't record whose."),
        "Support received.",
        _REACTION,
    ),
    "meeting_attended": EventType(
        lazy("Someone was in a meeting. The time is when they joined."),
        "Mutual help groups meet regularly.",
        ("group_id", "meeting_id", "minutes_present", "turns", "words"),
    ),
    "private_message_sent": EventType(
        lazy("Someone sent a private message. The forum doesn't record to whom, or what it said."),
        "Support between two people.",
    ),
    "report_made": EventType(
        lazy("Someone reported something."), "How safe a group is.", ("group_id",)
    ),
    "group_joined": EventType(
        lazy("Someone joined a group."), "When taking part began.", ("group_id",)
    ),
    "group_left": EventType(
        lazy("Someone left a group."), "When taking part ended.", ("group_id",)
    ),
    "consent_given": EventType(lazy("Someone agreed to take part."), "When recording began."),
    "consent_withdrawn": EventType(lazy("Someone stopped taking part."), "When recording ended."),
}


def check(kind: str, fields: set[str]) -> None:
    """Raise ValueError for a kind or a field that the catalogue does not have."""
    if kind not in EVENT_TYPES:
        raise ValueError(f"{kind} is not in the catalogue")
    if unknown := fields - {*ALWAYS, *EVENT_TYPES[kind].fields}:
        raise ValueError(f"{kind} has no {', '.join(sorted(unknown))} in the catalogue")


_DOCUMENT = """# Data catalogue: what a study records

Nothing is recorded about anyone who hasn't agreed to it. The record holds the numbers of groups,
threads, posts and meetings, which lead to what was written, but no text, names, usernames,
addresses or devices. Anyone who can read the database or the group can look up who wrote a post,
and the group alone can reveal a health condition. Participants can download every row about
themselves, except {of_another}, which would
show who else takes part.

Researchers see figures, and what a release contains. Aggregates, microdata and panels (tiers A and
B) contain only measures made of these fields. Event data (tier C) contain all of them except `id`
and `consent_id`. There, numbers of people, groups, threads, posts and meetings are replaced by new
ones, times are rounded down to hours or more, and words and minutes are rounded.

Nothing is recorded when someone edits or deletes a post or changes their time zone. A field that
a kind doesn't have is empty.

This page is generated from `forum/activity/catalogue.py`.

## Fields

| field | type | meaning |
|---|---|---|
{fields}

## Kinds

Each has {always}, and:

| kind | what happened | why it is recorded | fields |
|---|---|---|---|
{kinds}
"""


def document() -> str:
    """Return the catalogue as Markdown, for docs/data-catalogue.md."""
    types = {
        column.key: TYPES.get(column.type.python_type.__name__, "timestamp")
        for column in ActivityEvent.__table__.c
    }
    return _DOCUMENT.format(
        always=", ".join(ALWAYS),
        of_another=" and ".join(
            [", ".join(f"`{name}`" for name in ABOUT_OTHERS[:-1]), f"`{ABOUT_OTHERS[-1]}`"]
        ),
        fields="\n".join(f"| {name} | {types[name]} | {about} |" for name, about in FIELDS.items()),
        kinds="\n".join(
            f"| {name} | {kind.about} | {kind.why} | {', '.join(kind.fields)} |"
            for name, kind in EVENT_TYPES.items()
        ),
    )
