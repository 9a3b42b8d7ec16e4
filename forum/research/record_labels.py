"""What pages call the events of a participant's record, and their fields.

Files and documents have the names as they are stored.
"""

from forum.activity.catalogue import EVENT_TYPES
from forum.core.translation import lazy

EVENTS = {
    "signed_in": lazy("Logged in"),
    "session": lazy("Visited the study's groups"),
    "thread_read": lazy("Read a thread"),
    "thread_started": lazy("Started a thread"),
    "reply_posted": lazy("Replied in a thread"),
    "reaction_given": lazy("Gave a reaction"),
    "reaction_received": lazy("Got a reaction"),
    "meeting_attended": lazy("Attended a meeting"),
    "private_message_sent": lazy("Sent a private message"),
    "report_made": lazy("Reported something"),
    "group_joined": lazy("Joined a group"),
    "group_left": lazy("Left a group"),
    "consent_given": lazy("Agreed to take part"),
    "consent_withdrawn": lazy("Stopped taking part"),
}
FIELDS = {
    "consent_id": lazy("consent"),
    "group_id": lazy("group"),
    "thread_id": lazy("thread"),
    "post_id": lazy("post"),
    "meeting_id": lazy("meeting"),
    "previous_author": lazy("who wrote the post before"),
    "words": lazy("number of words"),
    "minutes_since": lazy("minutes since the post before"),
    "to_newcomer": lazy("whether it is the first reply to a newcomer"),
    "reaction": lazy("which reaction"),
    "seconds_low": lazy("shortest possible time in seconds"),
    "seconds_high": lazy("longest possible time in seconds"),
    "posts_seen": lazy("number of posts seen"),
    "minutes_present": lazy("minutes in the meeting"),
    "turns": lazy("number of turns"),
}


def described() -> list[tuple[str, str]]:
    """Return what each kind of event is, and the labels of its fields in one line."""
    return [
        (kind.about, ", ".join(str(FIELDS[name]) for name in kind.fields))
        for kind in EVENT_TYPES.values()
    ]
