"""What readers keep for themselves, and what lists of threads tell them."""

import html
import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from forum.accounts.policy import Viewer
from forum.accounts.relationships import mutes_and_blocks
from forum.core import db
from forum.core.errors import NotFound
from forum.home import queries as home
from forum.notifications import queries as notifications
from forum.threads import queries, service
from forum.threads.lists import home_lists, thread_lists
from forum.threads.posts.post_creation import PostRef
from forum.threads.reader import reader_state, unread
from forum.threads.restructuring import split_merge
from tests.support import factories
from tests.support.worlds.thread_people import group, opening, owl, robin, wren

__all__ = ["group", "opening", "owl", "robin", "wren"]


def test_unread_counts_follow_reading(
    opening: PostRef, wren: Viewer, robin: Viewer, group: int
) -> None:
    def unread(viewer: Viewer) -> int:
        db.release_session()
        return int(thread_lists.threads_of(viewer, group, 1)[0].unread)

    assert (unread(wren), unread(robin)) == (0, 1)
    service.post_reply(robin, opening.thread_id, body="one")
    service.post_reply(robin, opening.thread_id, body="two")
    assert (unread(wren), unread(robin)) == (2, 0)
    reader_state.record_read(wren.id or 0, opening.thread_id, 2)
    assert unread(wren) == 1
    reader_state.record_read(wren.id or 0, opening.thread_id, 1)
    assert unread(wren) == 1
    reader_state.record_read(wren.id or 0, opening.thread_id, 3)
    assert unread(wren) == 0


def test_unanswered_threads_wait_first(
    opening: PostRef, wren: Viewer, robin: Viewer, owl: Viewer, group: int
) -> None:
    assert [row.id for row in home.member_home(owl).unanswered] == [opening.thread_id]
    assert home.member_home(factories.person()).unanswered == []
    service.post_reply(robin, opening.thread_id, body="I hear you")
    db.release_session()
    assert home.member_home(owl).unanswered == []


def test_muting_a_threads_starter_keeps_the_thread(
    opening: PostRef, wren: Viewer, robin: Viewer, group: int
) -> None:
    alone = service.start_thread(wren, group, title="Evenings", body="Better.")
    answer = service.post_reply(robin, opening.thread_id, body="I hear you")
    mutes_and_blocks.mute(robin, wren.id or 0)
    assert [row.id for row in queries.posts_between(robin, opening.thread_id, 1, 20)] == [answer.id]
    assert [(row.id, row.author) for row in thread_lists.threads_of(robin, group, 1)] == [
        (opening.thread_id, None)
    ]
    with pytest.raises(NotFound):
        queries.thread_for(robin, alone.thread_id)


@dataclass
class Long:
    """A thread of ten read posts, then 85 of which the 45th and the 90th name the reader."""

    reader: Viewer
    group: int
    thread: int
    posts: dict[int, int]

    def unread(self) -> int:
        """Return how many posts of the thread are new to the reader."""
        db.release_session()
        return int(thread_lists.threads_of(self.reader, self.group, 1)[0].unread)

    def told(self) -> dict[str, list[int]]:
        """Return the posts of the reader's unread lines, by kind."""
        db.release_session()
        found: dict[str, list[int]] = {"mention": [], "reply": []}
        for line in notifications.lines(self.reader):
            if not line.read:
                found[line.type].append(line.post_id or 0)
        return {kind: sorted(posts) for kind, posts in found.items()}


@pytest.fixture
def long(opening: PostRef, wren: Viewer, robin: Viewer, group: int) -> Long:
    """Return such a thread; the reader watches it."""
    posts = {1: opening.id}
    for number in range(2, 96):
        if number == 11:
            reader_state.record_read(robin.id or 0, opening.thread_id, 10)
            reader_state.follow(robin, opening.thread_id, on=True)
        words = "@robin, how do you do it?" if number in (45, 90) else f"Words {number}"
        posts[number] = service.post_reply(wren, opening.thread_id, body=words).id
    return Long(robin, group, opening.thread_id, posts)


def test_opening_page_five_leaves_page_three_unread(long: Long, client: FlaskClient) -> None:
    factories.log_in(client, long.reader)
    assert long.unread() == 85
    assert long.told() == {"mention": [long.posts[45], long.posts[90]], "reply": [long.posts[11]]}
    page = client.get(f"/threads/{long.thread}?page=5").text
    assert f'href="/threads/{long.thread}/unread">Go to first unread' in page
    assert long.unread() == 70
    assert long.told() == {"mention": [long.posts[45]], "reply": [long.posts[11]]}
    assert client.get(f"/threads/{long.thread}/unread").location.endswith(f"#post-{long.posts[11]}")
    for number, left in ((1, 60), (2, 40), (4, 20)):
        client.get(f"/threads/{long.thread}?page={number}")
        assert long.unread() == left
    assert long.told() == {"mention": [long.posts[45]], "reply": [long.posts[41]]}
    [line] = [one for one in notifications.lines(long.reader) if one.type == "reply"]
    assert line.others == 19
    client.get(f"/threads/{long.thread}?page=3")
    assert long.unread() == 0
    assert long.told() == {"mention": [], "reply": []}
    assert queries.thread_for(long.reader, long.thread).read_number == 95


def test_an_answer_of_ones_own_reads_nothing_that_came_before_it(
    long: Long, client: FlaskClient
) -> None:
    factories.log_in(client, long.reader)
    client.get(f"/threads/{long.thread}?page=5")
    service.post_reply(long.reader, long.thread, body="I only saw the end of this")
    assert long.unread() == 70
    assert long.told()["mention"] == [long.posts[45]]


def test_what_was_written_before_one_joined_is_not_new(
    opening: PostRef, wren: Viewer, group: int, client: FlaskClient
) -> None:
    for _ in range(24):
        service.post_reply(wren, opening.thread_id, body="long ago")
    newcomer = factories.join(factories.person(), group)
    factories.log_in(client, newcomer)
    assert thread_lists.threads_of(newcomer, group, 1)[0].unread == 0
    assert not home.member_home(newcomer).unread
    assert not home.member_home(newcomer).new
    last = service.post_reply(wren, opening.thread_id, body="now")
    begun = service.start_thread(wren, group, title="Evenings", body="Better.")
    rows = {row.id: row for row in thread_lists.threads_of(newcomer, group, 1)}
    assert [rows[one.thread_id].unread for one in (last, begun)] == [1, 1]
    assert [rows[one.thread_id].unopened for one in (last, begun)] == [False, True]
    db.release_session()
    assert home.member_home(newcomer).unread == {group: 2}
    place = client.get(f"/threads/{opening.thread_id}/unread").location
    assert place.endswith(f"#post-{last.id}")
    assert "New since you joined" in client.get(place).text


def test_the_count_of_threads_is_each_groups_own(wren: Viewer, robin: Viewer, group: int) -> None:
    other = factories.group()
    for viewer in (wren, robin):
        factories.join(viewer, other)
    for _ in range(unread.COUNT_MAX + 2):
        service.start_thread(wren, group, title="One more", body="Words")
    for _ in range(3):
        service.start_thread(wren, other, title="One more", body="Words")
    assert home.member_home(robin).unread == {group: unread.COUNT_MAX + 1, other: 3}
    assert home.member_home(factories.person()).unread == {}


def test_one_button_takes_a_group_for_read_as_it_was_shown(
    long: Long, wren: Viewer, client: FlaskClient
) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False

    def new_in(groups: list[int]) -> dict[int, int]:
        new = home_lists.unread_in_groups(long.reader, groups)
        return {group: len(rows) for group, rows in new.items()}

    elsewhere = factories.group()
    for viewer in (wren, long.reader):
        factories.join(viewer, elsewhere)
    other = service.start_thread(wren, elsewhere, title="Over there", body="Words")
    quiet = service.start_thread(wren, long.group, title="Evenings", body="Better.")
    factories.log_in(client, long.reader)
    slug = thread_lists.threads_of(long.reader, long.group, 1)[0].group_slug
    client.get(f"/threads/{long.thread}?page=5")
    page = client.get(f"/groups/{slug}").text
    assert "Mark all as read" in page
    shown_at = re.search(r'name="until" value="([^"]+)"', page)
    assert shown_at is not None
    later = service.post_reply(wren, quiet.thread_id, body="After the page was shown")
    until = {"until": html.unescape(shown_at[1])}
    assert client.post(f"/groups/{slug}/read", data=until).location == f"/groups/{slug}"
    rows = {row.id: row.unread for row in thread_lists.threads_of(long.reader, long.group, 1)}
    assert rows == {long.thread: 0, quiet.thread_id: 2}
    # Who was asked for by name is asked still.
    assert long.told() == {"mention": [long.posts[45]], "reply": []}
    client.post(f"/groups/{slug}/read", data={"until": "nonsense"})
    assert not home_lists.unread_in_groups(long.reader, [long.group])
    assert "Mark all as read" not in client.get(f"/groups/{slug}").text
    assert new_in([elsewhere]) == {elsewhere: 1}
    service.post_reply(wren, later.thread_id, body="new again")
    assert new_in([long.group]) == {long.group: 1}
    assert (
        client.get(f"/threads/{other.thread_id}/unread").location == f"/threads/{other.thread_id}"
    )


def test_who_stopped_watching_does_not_watch_again_by_writing(
    opening: PostRef, wren: Viewer, robin: Viewer, owl: Viewer, group: int
) -> None:
    def watches(viewer: Viewer, thread_id: int) -> bool:
        db.release_session()
        return bool(queries.thread_for(viewer, thread_id).following)

    here = opening.thread_id
    service.post_reply(robin, here, body="one")
    assert watches(robin, here)
    reader_state.follow(robin, here, on=False)
    service.post_reply(robin, here, body="two")
    service.post_reply(wren, here, body="and then?")
    assert not watches(robin, here)
    assert not [line for line in notifications.lines(robin) if not line.read]
    newer = service.start_thread(wren, group, title="Evenings", body="Better.")
    split_merge.merge_threads(owl, here, newer.thread_id)
    service.post_reply(robin, here, body="three")
    assert not watches(robin, here)
    reader_state.follow(robin, here, on=True)
    service.post_reply(robin, here, body="four")
    assert watches(robin, here)
