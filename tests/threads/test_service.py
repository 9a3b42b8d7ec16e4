"""Every verb about posts: what it does, and who may not."""

import pytest
from sqlalchemy import select

from forum.accounts.policy import VISITOR, Viewer
from forum.core import db
from forum.core.errors import Forbidden, Invalid, LoginNeeded, NotFound
from forum.notifications.models import MENTION, Notification
from forum.threads import queries, service
from forum.threads.models import Post
from forum.threads.posts.post_creation import PostRef
from forum.threads.reader import reader_state
from tests.support import factories
from tests.support.worlds.thread_people import group, opening, owl, post, robin, thread, wren

__all__ = ["group", "opening", "owl", "robin", "wren"]


def test_a_thread_starts_with_its_first_post(opening: PostRef, wren: Viewer) -> None:
    made = thread(opening.thread_id)
    assert (made.title, made.version, made.last_number, made.post_count) == ("Mornings", 1, 1, 1)
    assert (opening.number, opening.version) == (1, 1)
    assert queries.thread_for(wren, made.id).following


def test_replies_are_numbered_and_versioned(opening: PostRef, robin: Viewer) -> None:
    places = [service.post_reply(robin, opening.thread_id, body=f"reply {n}") for n in range(3)]
    assert [(place.number, place.version) for place in places] == [(2, 2), (3, 3), (4, 4)]


def test_the_same_key_makes_one_post(opening: PostRef, robin: Viewer, wren: Viewer) -> None:
    first = service.post_reply(robin, opening.thread_id, body="once", idempotency_key="k")
    again = service.post_reply(robin, opening.thread_id, body="once", idempotency_key="k")
    other = service.post_reply(wren, opening.thread_id, body="mine", idempotency_key="k")
    assert first == again != other
    assert thread(opening.thread_id).post_count == 3


def test_the_same_key_makes_one_thread(wren: Viewer, group: int) -> None:
    places = {
        service.start_thread(wren, group, title="Twice", body="x", idempotency_key="k")
        for _ in range(2)
    }
    assert len(places) == 1


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("body", ""),
        ("body", "  \n"),
        ("body", "x" * 20_001),
        ("body", "nul\x00"),
        ("body", "\ud800"),
        ("content_note", "n" * 81),
        ("idempotency_key", "k" * 65),
    ],
)
def test_what_cannot_be_posted_is_refused_by_its_field(
    opening: PostRef, robin: Viewer, field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        factories.post(robin, opening.thread_id, **{field: words})
    assert set(refusal.value.fields) == {field}
    assert thread(opening.thread_id).version == 1


@pytest.mark.parametrize("title", ["", "ab", "x" * 151])
def test_titles_have_three_to_150_characters(wren: Viewer, group: int, title: str) -> None:
    with pytest.raises(Invalid) as refusal:
        service.start_thread(wren, group, title=title, body="fine")
    assert set(refusal.value.fields) == {"title"}


def test_the_longest_words_are_taken(wren: Viewer, group: int) -> None:
    place = service.start_thread(
        wren,
        group,
        title="x" * 150,
        body="y" * 20_000,
        content_note="n" * 80,
        idempotency_key="k" * 64,
    )
    assert len(post(place.id).body) == 20_000


def test_only_members_take_part(opening: PostRef, group: int) -> None:
    stranger = factories.person()
    for verb in (
        lambda who: service.start_thread(who, group, title="Hello", body="x"),
        lambda who: service.post_reply(who, opening.thread_id, body="x"),
        lambda who: service.react(who, opening.id, "hug", on=True),
        lambda who: reader_state.follow(who, opening.thread_id, on=True),
        lambda who: reader_state.set_bookmark(who, opening.id, on=True),
        lambda who: service.hide_post(who, opening.id),
        lambda who: service.edit_post(who, opening.id, body="mine now"),
        lambda who: service.delete_post(who, opening.id),
    ):  # type: Callable[[Viewer], object]
        with pytest.raises((Forbidden, NotFound)):
            verb(stranger)
        with pytest.raises(LoginNeeded):
            verb(VISITOR)
    assert thread(opening.thread_id).version == 1


def test_reactions_are_counted_once_each(opening: PostRef, robin: Viewer, owl: Viewer) -> None:
    for _ in range(2):
        service.react(robin, opening.id, "hug", on=True)
    service.react(owl, opening.id, "hug", on=True)
    service.react(owl, opening.id, "me_too", on=True)
    assert post(opening.id).reactions == {"hug": 2, "me_too": 1}
    for _ in range(2):
        service.react(robin, opening.id, "hug", on=False)
    assert post(opening.id).reactions == {"hug": 1, "me_too": 1}


def test_reactions_are_of_five_kinds_and_for_others(
    opening: PostRef, wren: Viewer, robin: Viewer
) -> None:
    with pytest.raises(Invalid):
        service.react(robin, opening.id, "upvote", on=True)
    with pytest.raises(Forbidden):
        service.react(wren, opening.id, "hug", on=True)


def test_a_failing_write_leaves_nothing(opening: PostRef, robin: Viewer) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction():
        service.post_reply(robin, opening.thread_id, body="never said")
        raise ZeroDivisionError
    made = thread(opening.thread_id)
    assert (made.version, made.last_number, made.post_count) == (1, 1, 1)
    assert db.current_session().scalars(select(Post.id)).all() == [opening.id]


def test_mentions_call_members_and_their_links_tell_nothing(
    opening: PostRef, wren: Viewer, robin: Viewer
) -> None:
    factories.person("stranger")
    place = service.post_reply(wren, opening.thread_id, body="@Robin and @stranger and @nobody")
    html = post(place.id).html
    assert all(f'href="/members/@{name}"' in html for name in ("Robin", "stranger", "nobody"))
    told = db.current_session().scalars(
        select(Notification.account_id).where(Notification.type == MENTION)
    )
    assert told.all() == [robin.id]


def test_a_message_names_up_to_fifty_people(opening: PostRef, robin: Viewer) -> None:
    with pytest.raises(Invalid):
        factories.post(robin, opening.thread_id, body=" ".join(f"@name{n}" for n in range(51)))
