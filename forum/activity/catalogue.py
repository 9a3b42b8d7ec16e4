"""Every kind of event that may be recorded, every field, and why. Nothing else can be stored."""

from dataclasses import dataclass

from forum.activity.models import ActivityEvent

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
    "id": "A random number, which tells nothing of the order of acts.",
    "at": "When it happened, in UTC.",
    "kind": "Which of the kinds below.",
    "participant": "A random number for one person in one study; it is no account's number.",
    "consent_id": "The consent that permits this row.",
    "group_id": "The group in which it happened.",
    "thread_id": "The thread in which it happened.",
    "post_id": "The post that was written, or reacted to.",
    "meeting_id": "The meeting that was attended.",
    "previous_author": "Who wrote the latest earlier post of somebody else in the thread, if their "
    "consent to the same study covers it; whether the reply is meant for them is not known.",
    "words": "How many words were written or said; never which.",
    "minutes_since": "Minutes since that post, if its author is recorded.",
    "to_newcomer": "Whether it is the first reply after their first post, if they are recorded.",
    "reaction": "Which of the five reactions.",
    "seconds_low": "Seconds that somebody certainly read, or stayed: between two signs of life.",
    "seconds_high": "Seconds at most: until 60 seconds after the last sign of life.",
    "posts_seen": "How many posts were on screen for a second or longer; never which.",
    "minutes_present": "Minutes spent in the meeting.",
    "turns": "How many turns were taken in the meeting.",
}
_POST = ("group_id", "thread_id", "post_id", "words")
_REACTION = ("group_id", "thread_id", "post_id", "reaction")
EVENT_TYPES = {
    "signed_in": EventType("Somebody logged in.", "How often people come."),
    "session": EventType(
        "Somebody visited the study's groups; half an hour without a page or reading ends a visit.",
        "How often and how long people come.",
        ("seconds_low", "seconds_high"),
    ),
    "thread_read": EventType(
        "Somebody opened a page of a thread. Seconds are those in which it was visible and in "
        "focus, with a post on screen; without them the browser told nothing.",
        "Most who take part read without writing.",
        ("group_id", "thread_id", "seconds_low", "seconds_high", "posts_seen"),
    ),
    "thread_started": EventType("Somebody started a thread.", "Asking for support.", _POST),
    "reply_posted": EventType(
        "Somebody replied in a thread.",
        "Giving support, and how soon it comes.",
        (*_POST, *ABOUT_OTHERS),
    ),
    "reaction_given": EventType("Somebody gave a reaction.", "Support without words.", _REACTION),
    "reaction_received": EventType(
        "Somebody's post got a reaction; by whom is not recorded.", "Support received.", _REACTION
    ),
    "meeting_attended": EventType(
        "Somebody was in a meeting; the moment is that of joining.",
        "Mutual help groups meet regularly.",
        ("group_id", "meeting_id", "minutes_present", "turns", "words"),
    ),
    "report_made": EventType("Somebody reported something.", "How safe a group is.", ("group_id",)),
    "group_joined": EventType("Somebody joined a group.", "When taking part began.", ("group_id",)),
    "group_left": EventType("Somebody left a group.", "When taking part ended.", ("group_id",)),
    "consent_given": EventType("Somebody agreed to take part.", "When recording began."),
    "consent_withdrawn": EventType("Somebody stopped taking part.", "When recording ended."),
}


def check(kind: str, fields: set[str]) -> None:
    """Raise ValueError for a kind or a field that the catalogue does not have."""
    if kind not in EVENT_TYPES:
        raise ValueError(f"{kind} is not in the catalogue")
    if unknown := fields - {*ALWAYS, *EVENT_TYPES[kind].fields}:
        raise ValueError(f"{kind} has no {', '.join(sorted(unknown))} in the catalogue")


_DOCUMENT = """# What is recorded of people who take part in a study

Generated from `forum/activity/catalogue.py`. Nothing is recorded of anybody who has not
agreed to it. No words, names, handles, addresses or devices are in it. Participants see every row
about themselves, but for {of_another}, which
would tell them who else takes part; researchers see what a release makes of them.

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
