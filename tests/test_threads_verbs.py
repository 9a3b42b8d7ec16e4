"""Every verb about posts: what it does, and who may not."""

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import separating
from forum.accounts.policy import VISITOR, Viewer
from forum.core import db
from forum.core.errors import Conflict, Forbidden, Invalid, LoginNeeded, NotFound, Refusal
from forum.groups import service as groups
from forum.threads import erasing, listing, marks, policy, queries, service
from forum.threads.models import Post, PostRevision, Thread
from forum.threads.posting import Place
from tests import factories


@pytest.fixture
def group(app: Flask) -> int:
    """Return an open group."""
    return factories.group()


@pytest.fixture
def wren(group: int) -> Viewer:
    """Return a member."""
    return factories.join(factories.person("wren"), group)


@pytest.fixture
def robin(group: int) -> Viewer:
    """Return another member."""
    return factories.join(factories.person("robin"), group)


@pytest.fixture
def owl(group: int) -> Viewer:
    """Return a facilitator."""
    return factories.join(factories.person("snowyowl"), group, "facilitator")


@pytest.fixture
def opening(wren: Viewer, group: int) -> Place:
    """Return the first post of a thread that wren started."""
    return service.start_thread(wren, group, title="Mornings", body="They are the worst.")


def post(post_id: int) -> Post:
    """Return a post's row as it is now."""
    db.done_reading()
    return db.reading().get_one(Post, post_id)


def thread(thread_id: int) -> Thread:
    """Return a thread's row as it is now."""
    db.done_reading()
    return db.reading().get_one(Thread, thread_id)


def test_a_thread_starts_with_its_first_post(opening: Place, wren: Viewer) -> None:
    made = thread(opening.thread_id)
    assert (made.title, made.version, made.last_number, made.post_count) == ("Mornings", 1, 1, 1)
    assert (opening.number, opening.version) == (1, 1)
    assert queries.thread_for(wren, made.id).watching


def test_replies_are_numbered_and_versioned(opening: Place, robin: Viewer) -> None:
    places = [service.post_reply(robin, opening.thread_id, body=f"reply {n}") for n in range(3)]
    assert [(place.number, place.version) for place in places] == [(2, 2), (3, 3), (4, 4)]


def test_the_same_key_makes_one_post(opening: Place, robin: Viewer, wren: Viewer) -> None:
    first = service.post_reply(robin, opening.thread_id, body="once", idempotency_key="k")
    again = service.post_reply(robin, opening.thread_id, body="once", idempotency_key="k")
    other = service.post_reply(wren, opening.thread_id, body="mine", idempotency_key="k")
    assert first == again != other
    assert thread(opening.thread_id).post_count == 3


def test_the_same_key_makes_one_thread(wren: Viewer, group: int) -> None:
    places = {service.start_thread(wren, group, title="Twice", body="x", idempotency_key="k")
              for _ in range(2)}  # fmt: skip
    assert len(places) == 1


@pytest.mark.parametrize(("field", "words"), [
    ("body", ""), ("body", "  \n"), ("body", "x" * 20_001), ("body", "nul\x00"),
    ("body", "\ud800"), ("content_note", "n" * 81), ("idempotency_key", "k" * 65),
])  # fmt: skip
def test_what_cannot_be_posted_is_refused_by_its_field(
    opening: Place, robin: Viewer, field: str, words: str
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


def test_only_members_take_part(opening: Place, group: int) -> None:
    stranger = factories.person()
    for verb in (
        lambda who: service.start_thread(who, group, title="Hello", body="x"),
        lambda who: service.post_reply(who, opening.thread_id, body="x"),
        lambda who: service.react(who, opening.id, "hug", on=True),
        lambda who: marks.watch(who, opening.thread_id, on=True),
        lambda who: marks.bookmark(who, opening.id, on=True),
        lambda who: service.hide_post(who, opening.id),
        lambda who: service.edit_post(who, opening.id, body="mine now"),
        lambda who: service.delete_post(who, opening.id),
    ):  # type: Callable[[Viewer], object]
        with pytest.raises((Forbidden, NotFound)):
            verb(stranger)
        with pytest.raises(LoginNeeded):
            verb(VISITOR)
    assert thread(opening.thread_id).version == 1


def test_an_edit_is_marked_and_its_past_is_kept(opening: Place, wren: Viewer) -> None:
    service.edit_post(wren, opening.id, body="They **were** the worst.", content_note="mornings")
    edited = post(opening.id)
    assert edited.edited_at is not None
    assert (edited.version, edited.content_note) == (2, "mornings")
    assert "<strong>were</strong>" in edited.html
    (before,) = listing.revisions(opening.id)
    assert (before.act, before.body) == ("edited", "They are the worst.")


def test_an_edit_that_changes_nothing_leaves_no_mark(opening: Place, wren: Viewer) -> None:
    service.edit_post(wren, opening.id, body="They are the worst. ")
    assert post(opening.id).edited_at is None
    assert thread(opening.thread_id).version == 1


def test_nobody_changes_what_another_wrote(opening: Place, robin: Viewer, owl: Viewer) -> None:
    for somebody in (robin, owl, factories.administrator()):
        with pytest.raises(Forbidden):
            service.edit_post(somebody, opening.id, body="mine now")
        with pytest.raises(Forbidden):
            service.delete_post(somebody, opening.id)


def test_a_deleted_post_leaves_a_gap(opening: Place, wren: Viewer, owl: Viewer) -> None:
    service.delete_post(wren, opening.id)
    gone = post(opening.id)
    assert (gone.body, gone.html, gone.version) == ("", "", 2)
    assert thread(opening.thread_id).post_count == 0
    assert listing.revisions(opening.id)[0].body == "They are the worst."
    with pytest.raises(Conflict):
        service.delete_post(wren, opening.id)
    with pytest.raises(Conflict):
        service.edit_post(wren, opening.id, body="back")
    with pytest.raises(Conflict):
        service.hide_post(owl, opening.id)
    with pytest.raises(Conflict):
        service.react(owl, opening.id, "hug", on=True)


def test_hiding_and_restoring(opening: Place, wren: Viewer, robin: Viewer, owl: Viewer) -> None:
    for somebody in (wren, robin):
        with pytest.raises(Forbidden):
            service.hide_post(somebody, opening.id)
    service.hide_post(owl, opening.id, "An address")
    service.hide_post(owl, opening.id, "Again")
    assert post(opening.id).hidden_at is not None
    assert thread(opening.thread_id).post_count == 0
    with pytest.raises(NotFound):
        service.react(robin, opening.id, "hug", on=True)
    service.restore_post(owl, opening.id)
    assert post(opening.id).hidden_at is None
    assert thread(opening.thread_id).post_count == 1
    assert [row.act for row in listing.revisions(opening.id)] == ["restored", "hidden"]


def test_reactions_are_counted_once_each(opening: Place, robin: Viewer, owl: Viewer) -> None:
    for _ in range(2):
        service.react(robin, opening.id, "hug", on=True)
    service.react(owl, opening.id, "hug", on=True)
    service.react(owl, opening.id, "me_too", on=True)
    assert post(opening.id).reactions == {"hug": 2, "me_too": 1}
    for _ in range(2):
        service.react(robin, opening.id, "hug", on=False)
    assert post(opening.id).reactions == {"hug": 1, "me_too": 1}


def test_reactions_are_of_five_kinds_and_for_others(
    opening: Place, wren: Viewer, robin: Viewer
) -> None:
    with pytest.raises(Invalid):
        service.react(robin, opening.id, "upvote", on=True)
    with pytest.raises(Forbidden):
        service.react(wren, opening.id, "hug", on=True)


def test_a_failing_write_leaves_nothing(opening: Place, robin: Viewer) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction():
        service.post_reply(robin, opening.thread_id, body="never said")
        raise ZeroDivisionError
    made = thread(opening.thread_id)
    assert (made.version, made.last_number, made.post_count) == (1, 1, 1)
    assert db.reading().scalars(select(Post.id)).all() == [opening.id]


def test_drafts_are_kept_until_sent(opening: Place, robin: Viewer, group: int) -> None:
    marks.save_draft(robin, group, opening.thread_id, body="I wanted to s")
    assert queries.thread_for(robin, opening.thread_id).draft_body == "I wanted to s"
    service.post_reply(robin, opening.thread_id, body="I wanted to say hello")
    assert queries.thread_for(robin, opening.thread_id).draft_body is None
    marks.save_draft(robin, group, title="Evenings", body="")
    assert (marks.draft(robin, group) or {})["title"] == "Evenings"
    marks.save_draft(robin, group, title="", body=" ")
    assert marks.draft(robin, group) is None


def test_unread_counts_follow_reading(
    opening: Place, wren: Viewer, robin: Viewer, group: int
) -> None:
    def unread(viewer: Viewer) -> int:
        db.done_reading()
        return int(listing.threads_of(viewer, group, 1)[0].unread)

    assert (unread(wren), unread(robin)) == (0, 1)
    service.post_reply(robin, opening.thread_id, body="one")
    service.post_reply(robin, opening.thread_id, body="two")
    assert (unread(wren), unread(robin)) == (2, 0)
    marks.note_read(wren.id or 0, opening.thread_id, 2)
    assert unread(wren) == 1
    marks.note_read(wren.id or 0, opening.thread_id, 1)
    assert unread(wren) == 1
    marks.note_read(wren.id or 0, opening.thread_id, 3)
    assert unread(wren) == 0


def test_unanswered_threads_wait_first(
    opening: Place, wren: Viewer, robin: Viewer, owl: Viewer, group: int
) -> None:
    assert [row.id for row in listing.unanswered(owl, 5)] == [opening.thread_id]
    assert listing.unanswered(factories.person(), 5) == []
    service.post_reply(robin, opening.thread_id, body="I hear you")
    db.done_reading()
    assert listing.unanswered(owl, 5) == []


def test_to_mute_whoever_started_it_costs_nobody_the_conversation(
    opening: Place, wren: Viewer, robin: Viewer, group: int
) -> None:
    alone = service.start_thread(wren, group, title="Evenings", body="Better.")
    answer = service.post_reply(robin, opening.thread_id, body="I hear you")
    separating.mute(robin, wren.id or 0)
    assert [row.id for row in queries.posts_between(robin, opening.thread_id, 1, 20)] == [answer.id]
    assert [(row.id, row.author) for row in listing.threads_of(robin, group, 1)] == [
        (opening.thread_id, None)
    ]
    with pytest.raises(NotFound):
        queries.thread_for(robin, alone.thread_id)


def test_mentions_name_members_only(opening: Place, wren: Viewer, robin: Viewer) -> None:
    factories.person("stranger")
    place = service.post_reply(wren, opening.thread_id, body="@Robin and @stranger and @nobody")
    html = post(place.id).html
    assert f'href="/members/{robin.id}"' in html
    assert html.count("<a ") == 1


def test_a_refusal_costs_the_history_nothing(opening: Place, wren: Viewer) -> None:
    with pytest.raises(Refusal):
        service.edit_post(wren, opening.id, body="")
    db.done_reading()
    assert db.reading().scalars(select(PostRevision)).all() == []


def test_a_name_is_taken_out_however_and_wherever_it_was_written(
    wren: Viewer, robin: Viewer, owl: Viewer, group: int
) -> None:
    leaver = factories.join(factories.person("Straße76075"), group)
    words = "@Straße76075 and @STRASSE76075"
    place = service.start_thread(wren, group, title="For @Straße76075", body=words,
                                 content_note="about @strasse76075")  # fmt: skip
    groups.leave(leaver, group)
    quoted = service.post_reply(robin, place.thread_id, body=f"> {words} wrote:")
    erasing.erase(leaver.id or 0, remove_posts=False)
    db.done_reading()
    kept = [post(place.id).body, post(place.id).html, post(place.id).content_note,
            post(quoted.id).body, post(quoted.id).html, thread(place.thread_id).title]  # fmt: skip
    assert not [part for part in kept if "76075" in part]


def test_a_message_names_up_to_fifty_people(opening: Place, robin: Viewer) -> None:
    with pytest.raises(Invalid):
        factories.post(robin, opening.thread_id, body=" ".join(f"@name{n}" for n in range(51)))


def test_a_title_is_hidden_and_deleted_with_the_first_post(
    opening: Place, wren: Viewer, robin: Viewer, owl: Viewer, group: int
) -> None:
    def title(viewer: Viewer) -> str:
        db.done_reading()
        listed = str(listing.threads_of(viewer, group, 1)[0].title)
        assert listed == queries.thread_for(viewer, opening.thread_id).title
        return listed

    service.hide_post(owl, opening.id)
    assert [title(who) for who in (robin, wren, owl)] == [
        policy.REMOVED_TITLE, "Mornings", "Mornings"]  # fmt: skip
    service.restore_post(owl, opening.id)
    assert title(robin) == "Mornings"
    service.delete_post(wren, opening.id)
    assert {title(who) for who in (robin, wren, owl)} == {policy.REMOVED_TITLE}
