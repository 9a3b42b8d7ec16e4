"""What an action is: what it is about, who may do it, and what it sets."""

from dataclasses import dataclass

from forum.moderation.queue.models import ROOM_MESSAGE

OUTSIDER, MEMBER, FACILITATOR, MODERATOR, ADMINISTRATOR = range(-1, 4)
POST, THREAD, PERSON = "post", "thread", "person"
ROOM = "room"  # one person in one meeting: the meeting is the subject
STANDING = "standing"  # of a person in a group: their role, or that they were removed
SUBJECTS = {  # what each is called, and its address
    POST: ("post", "/posts/{}"),
    THREAD: ("thread", "/threads/{}"),
    PERSON: ("person", "/members/{}"),
    ROOM_MESSAGE: ("message in a room", "/room-messages/{}"),
    ROOM: ("room", "/meetings/{}/room"),
}


@dataclass(frozen=True)
class Action:
    """One thing that can be done; `about` says in a sentence what comes of it.

    `field` is the part of the subject's state that it sets, so that it can be undone; an action
    without one cannot be. `switch` is what it sets that to; else `asks` names the value that has
    to be given: note, body, title, seconds, days, group, posts, thread or role. `own` is whether
    one may do it alone to one's own words, and `because` whether an action on a
    person needs a reason.
    """

    label: str
    done: str
    about: str
    on: str
    least: int
    field: str = ""
    asks: str = ""
    switch: bool | None = None
    second: bool = False
    site: bool = False
    told: bool = True
    own: bool = True
    because: bool = True
