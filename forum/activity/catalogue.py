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
    "at": "When it happened, in UTC.",
    "kind": "One of the kinds below.",
    "participant": "A random number for one person in one study, not an account's number.",
    "consent_id": "The consent that permits this row.",
    "group_id": "The group in which it happened.",
    "thread_id": "The thread in which it happened.",
    "post_id": "The post that was written or got a reaction.",
    "meeting_id": "The meeting that was attended.",
    "previous_author": "Who wrote the latest earlier post by someone else in the thread, if their "
    "consent to the same study covers it. The reply may be meant for another person.",
    "words": "How many words were written or said, never which.",
    "minutes_since": "Minutes since that post, if its author takes part.",
    "to_newcomer": "Whether it is the first reply after their first post, if they take part.",
    "reaction": "One of the five reactions.",
    "seconds_low": "Least seconds of reading or staying: between two signs of life.",
    "seconds_high": "Most seconds: until 60 seconds after the last sign of life.",
    "posts_seen": "How many posts were on screen for a second or longer, never which.",
    "minutes_present": "Minutes spent in the meeting.",
    "turns": "How many turns were taken in the meeting.",
}
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

Nothing is recorded about anyone who hasn't agreed to it. The record contains no text, names,
usernames, addresses or devices. Participants can see every row about themselves, except
{of_another}, which would show who else takes part.
Researchers see only what a release contains.

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
    types = {column.key: column.type.python_type.__name__ for column in ActivityEvent.__table__.c}
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
