"""The table of acts: what can be done to what is said and to people, and by whom."""

from dataclasses import dataclass

from forum.moderation.queue_models import ROOM_MESSAGE

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
class Act:
    """One thing that can be done; `about` says in a sentence what comes of it.

    `field` is the part of the subject's state that it sets, so that it can be undone; an act
    without one cannot be. `switch` is what it sets that to; else `asks` names the value that has
    to be given: note, body, seconds, days, group, posts, thread or role. `own` is whether one may
    do it alone to one's own words, and `because` whether an act on a person needs a reason.
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


ACTS: dict[str, Act] = {
    "hide": Act(
        "Hide",
        "A post was hidden",
        "Only its author and those who look after the group see it then.",
        POST,
        FACILITATOR,
        "hidden",
        switch=True,
    ),
    "restore": Act(
        "Show again",
        "A hidden post was shown again",
        "Everybody sees it at its place again.",
        POST,
        FACILITATOR,
        "hidden",
        switch=False,
        own=False,
    ),
    "content_note": Act(
        "Change the content note",
        "A content note was changed",
        "The post is folded up behind a few words, so that readers can choose.",
        POST,
        FACILITATOR,
        "content_note",
        asks="note",
    ),
    "edit": Act(
        "Change the words",
        "Words were changed",
        "To leave out what must not stand there; the post is marked as edited.",
        POST,
        MODERATOR,
        "body",
        asks="body",
    ),
    "delete": Act(
        "Delete for good",
        "A post was deleted for good",
        "Its words are gone, also from its history. This cannot be undone.",
        POST,
        MODERATOR,
        second=True,
    ),
    "lock": Act(
        "Lock",
        "A conversation was locked",
        "It can be read, and only those who look after the group can add to it.",
        THREAD,
        FACILITATOR,
        "locked",
        switch=True,
    ),
    "unlock": Act(
        "Unlock",
        "A conversation was unlocked",
        "Members can write in it again.",
        THREAD,
        FACILITATOR,
        "locked",
        switch=False,
    ),
    "slow": Act(
        "Slow down",
        "A conversation was slowed down",
        "Each member waits a while between two posts.",
        THREAD,
        FACILITATOR,
        "slow_seconds",
        asks="seconds",
    ),
    "pin": Act(
        "Pin to the top",
        "A conversation was pinned",
        "It stands first on the group's page.",
        THREAD,
        MODERATOR,
        "pinned",
        switch=True,
    ),
    "unpin": Act(
        "Unpin",
        "A conversation was unpinned",
        "It stands where its last reply puts it.",
        THREAD,
        MODERATOR,
        "pinned",
        switch=False,
    ),
    "review": Act(
        "Look at replies before they are shown",
        "Replies to a conversation are looked at before they are shown",
        "What members write waits until one of you has looked at it.",
        THREAD,
        FACILITATOR,
        "reviewed",
        switch=True,
    ),
    "unreview": Act(
        "Show replies at once again",
        "Replies to a conversation are shown at once again",
        "What waits already still wants your look.",
        THREAD,
        FACILITATOR,
        "reviewed",
        switch=False,
    ),
    "move": Act(
        "Move to another group",
        "A conversation was moved to another group",
        "To a group that you look after too, and that is no more open. Its address stays.",
        THREAD,
        MODERATOR,
        "group_id",
        asks="group",
    ),
    "split": Act(
        "Split off some posts",
        "Posts were given a conversation of their own",
        "They become a conversation of their own in this group, with a line that leads there.",
        THREAD,
        MODERATOR,
        "posts",
        asks="posts",
    ),
    "merge": Act(
        "Join with another conversation",
        "Two conversations were joined",
        "All posts stand in the older one, in order of time; the other's address leads there.",
        THREAD,
        MODERATOR,
        "posts",
        asks="thread",
    ),
    "hide_message": Act(
        "Hide",
        "A message in a room was hidden",
        "Only its author and those who look after the group see it then.",
        ROOM_MESSAGE,
        FACILITATOR,
        "hidden",
        switch=True,
    ),
    "restore_message": Act(
        "Show again",
        "A hidden message in a room was shown again",
        "Everybody in the room sees it again.",
        ROOM_MESSAGE,
        FACILITATOR,
        "hidden",
        switch=False,
    ),
    "room_mute": Act(
        "Let listen only",
        "Somebody was asked to listen only in a room",
        "They hear what is said, and cannot write in this meeting.",
        ROOM,
        FACILITATOR,
        "muted",
        switch=True,
    ),
    "room_unmute": Act(
        "Let speak again",
        "Somebody was let speak again in a room",
        "They can write in this meeting as before.",
        ROOM,
        FACILITATOR,
        "muted",
        switch=False,
    ),
    "room_remove": Act(
        "Send out of the room",
        "Somebody was sent out of a room",
        "They leave this meeting, and cannot come back to it.",
        ROOM,
        FACILITATOR,
        "removed",
        switch=True,
    ),
    "room_let_back": Act(
        "Let back in",
        "Somebody was let back into a room",
        "They can come back to this meeting.",
        ROOM,
        FACILITATOR,
        "removed",
        switch=False,
    ),
    "note": Act(
        "Note for moderators",
        "A note was written",
        "Only moderators read it.",
        PERSON,
        MODERATOR,
        told=False,
    ),
    "warn": Act(
        "Warn", "A warning was given", "They read why. Nothing else changes.", PERSON, MODERATOR
    ),
    "silence": Act(
        "Silence for a time",
        "A silence was imposed",
        "They can read in this group, and not write, react or speak in its meetings.",
        PERSON,
        MODERATOR,
        "silence",
        asks="days",
    ),
    "unsilence": Act(
        "Let write again",
        "A silence was lifted",
        "They can take part in this group as before.",
        PERSON,
        MODERATOR,
        "silence",
    ),
    "role": Act(
        "Change the role",
        "A role in a group was changed",
        "Moderators may do everything in the group, facilitators most things.",
        PERSON,
        MODERATOR,
        STANDING,
        asks="role",
        because=False,
    ),
    "remove": Act(
        "Remove from the group",
        "Somebody was removed from a group",
        "They can't come back until a moderator of the group lets them. The invitation that they "
        "came by ends, and so do those that they made.",
        PERSON,
        FACILITATOR,
        STANDING,
        because=False,
    ),
    "let_back": Act(
        "Let back into the group",
        "Somebody who was removed may join again",
        "They can join the group again, as anyone can.",
        PERSON,
        MODERATOR,
        STANDING,
        because=False,
    ),
    "suspend": Act(
        "Suspend for a time",
        "An account was suspended",
        "They can do nothing but look after their account, and object.",
        PERSON,
        ADMINISTRATOR,
        "suspension",
        asks="days",
        site=True,
    ),
    "ban": Act(
        "Close the account to taking part",
        "An account was banned",
        "As a suspension, without an end.",
        PERSON,
        ADMINISTRATOR,
        "suspension",
        second=True,
        site=True,
    ),
    "unsuspend": Act(
        "Lift the suspension",
        "A suspension was lifted",
        "They can take part as before.",
        PERSON,
        ADMINISTRATOR,
        "suspension",
        site=True,
    ),
    "end_sessions": Act(
        "Log out everywhere",
        "An account was logged out everywhere",
        "They have to log in anew on each device.",
        PERSON,
        ADMINISTRATOR,
        site=True,
    ),
}
# These take away what another act has set, and fit only then.
LIFTED = ("unsilence", "unsuspend")
