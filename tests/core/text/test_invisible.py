"""What shows nothing is an empty field, at every door."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.core import db, text
from forum.core.errors import Invalid
from forum.groups import service as groups
from forum.meetings.schedule import service as scheduling
from forum.moderation.canned_reasons import service as canned_reasons
from forum.moderation.watched_words import service as watched_words
from forum.threads import queries
from forum.threads import service as threads
from tests.support import factories
from tests.support.worlds import meeting_schedules
from tests.support.worlds.meeting_room import Meeting

INVISIBLE = [
    "\u200b",
    "\u200e",
    "\u2800",
    "\u00ad",
    "\u2060",
    "\u061c",
    "\u202e",
    "\u202d",
    "\u202c",
    "\U000e0020",
    "\u115f",
    "\u1160",
    "\u3164",
    "\uffa0",
    "\u180e",
    "\U0001d173",
    "\u17b4",
    "\u17b5",
    "\ufeff",
    "\u034f",
    "\ufe0f",
    "\U000e0100",
    "\u200c",
    "\u200d",
    "\u2065",
    "\u3000",
    "\u00a0",
    "\ufffc",
    "\u0301",
    "\U0001d159",
    "\u206a",
    "\ufff0",
    "\u2028",
]
VISIBLE = [
    "a",
    "é",
    "क्‍ष",
    "می‌خواهم",
    "👩‍🚒",
    "❤️",
    "?",
    "…",
    "•",
    "日",
    "🏴\U000e0067\U000e007f",
    "1",
]


@pytest.mark.parametrize("char", INVISIBLE)
def test_characters_without_a_mark_are_an_empty_field(char: str) -> None:
    assert text.one_line(char * 3, "content_note", most=80) == ""
    with pytest.raises(Invalid) as refusal:
        text.checked(f" {char} {char}\n{char}", "body", least=1, most=100)
    assert "few words" in refusal.value.fields["body"]


def test_a_mix_of_them_is_empty_too() -> None:
    assert text.is_blank("".join(INVISIBLE))


@pytest.mark.parametrize("words", VISIBLE)
def test_what_can_be_seen_stays_with_all_its_joiners(words: str) -> None:
    assert text.checked(words, "body", least=1, most=100) == words


@pytest.mark.parametrize("title", ["a\u200b\u200b", "\u2800ab", "\u202eab"])
def test_only_what_can_be_seen_counts_towards_the_least(title: str) -> None:
    with pytest.raises(Invalid):
        text.one_line(title, "title", least=3, most=100)
    assert text.one_line(title + "cd", "title", least=3, most=100) == title + "cd"


@given(st.text(max_size=30))
def test_adding_what_cannot_be_seen_changes_nothing(words: str) -> None:
    assert text.is_blank(words) == text.is_blank("\u200b".join(words) + "\u2060")


class Doors:
    """A group with a thread and a meeting's room, and every verb that needs words."""

    def __init__(self) -> None:
        self.room = Meeting.made()
        self.group = self.room.group_id
        self.wren, self.fern = self.room.members[0], self.room.fern
        self.post = factories.thread(self.wren, self.group)
        self.administrator = factories.administrator()

    def title(self, words: str) -> Any:
        """Name a thread."""
        return threads.start_thread(self.wren, self.group, title=words, body="Words")

    def reply(self, words: str) -> Any:
        """Reply."""
        return threads.post_reply(self.wren, self.post.thread_id, body=words)

    def edit(self, words: str) -> Any:
        """Edit a post."""
        return threads.edit_post(self.wren, self.post.id, body=words)

    def group_name(self, words: str) -> Any:
        """Name a group."""
        return groups.create_group(None, slug="quiet", name=words)

    def meeting_title(self, words: str) -> Any:
        """Name a series of meetings."""
        return scheduling.schedule_series(
            self.fern, self.group, meeting_schedules.form(title=words)
        )

    def message(self, words: str) -> Any:
        """Say something in a room."""
        return self.room.say(self.wren, words)


DOORS: list[Callable[[Doors, str], Any]] = [
    Doors.title,
    Doors.reply,
    Doors.edit,
    Doors.group_name,
    Doors.meeting_title,
    Doors.message,
]


def test_no_form_takes_an_invisible_text(app: Flask) -> None:
    doors = Doors()
    for door in DOORS:
        for words in ("\u200b" * 3, "\u2800 \u115f\ufeff", "\u202e\u00ad\u180e"):
            with pytest.raises(Invalid):
                door(doors, words)


def test_what_is_optional_is_left_out(app: Flask) -> None:
    doors, unseen = Doors(), "\u2800\u200e\u3164"
    place = threads.post_reply(doors.wren, doors.post.thread_id, body="Words", content_note=unseen)
    watched_words.set_words(doors.room.moss, doors.group, f"{unseen}\nknife")
    canned_reasons.set_reasons(doors.administrator, f"{unseen}\nUnkind")
    db.release_session()
    assert queries.post_for(doors.wren, place.id).content_note == ""
    assert watched_words.words_in(doors.group) == ["knife"]
    assert canned_reasons.reasons() == ["Unkind"]
