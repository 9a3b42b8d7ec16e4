"""Writing, looking, changing and taking back in any order: nobody sees what waits."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import Refusal
from forum.groups import service as groups
from forum.moderation.actions import service as moderation
from forum.moderation.queue_items.models import PENDING_POST, QueueItem
from forum.notifications import queries as notifications
from forum.threads import catch_up, queries, service
from forum.threads.approval import pre_moderation
from forum.threads.lists import thread_lists
from forum.threads.models import Post, Thread
from tests.support import factories as make
from tests.support.suite import machines

WRITERS = st.sampled_from(["new", "old", "facilitator"])


@dataclass
class Said:
    """A post as the model knows it; `state` is held, declined or shown."""

    id: int
    by: str
    state: str
    body: str
    hidden: bool = False
    deleted: bool = False
    approved: bool = False
    edit: str = ""

    @property
    def open_to_all(self) -> bool:
        """Whether every member reads it."""
        return self.state == "shown" and not (self.hidden or self.deleted)


def _refused(verb: Any, *args: Any, **named: Any) -> bool:
    try:
        verb(*args, **named)
    except Refusal:
        return True
    return False


class Looks(RuleBasedStateMachine):
    """A thread with a newcomer, a member with posts, a facilitator, and a reader."""

    app: Flask

    @initialize()
    def people_meet(self) -> None:
        """Begin with an opening post and a word of the one who has spoken."""
        self.group = make.group()
        self.people: dict[str, Viewer] = {
            name: make.join(make.person(), self.group, role)
            for name, role in (
                ("new", "member"),
                ("old", "member"),
                ("reader", "member"),
                ("facilitator", "facilitator"),
                ("moderator", "moderator"),
            )
        }
        self.thread = make.thread(self.people["moderator"], self.group).thread_id
        first = make.post(self.people["old"], self.thread, body="I know it here")
        self.said = [Said(first.id, "old", "shown", "I know it here")]
        self.holds = self.pre_moderated = False

    @rule(on=st.booleans())
    def premoderate_first_posts(self, on: bool) -> None:
        """The group wants a look at what newcomers write, or no longer."""
        groups.edit_group(self.people["moderator"], self.group, premoderate_first_posts=on)
        self.holds = on

    @rule(on=st.booleans())
    def look_at_all(self, on: bool) -> None:
        """What is written in the thread is looked at first, or no longer."""
        name = "review" if on else "unreview"
        changes = self.pre_moderated != on
        assert (
            _refused(moderation.take_action, self.people["moderator"], name, self.thread) != changes
        )
        self.pre_moderated = on

    @rule(by=WRITERS)
    def write(self, by: str) -> None:
        """Somebody writes; it waits or does not."""
        spoken = any(post.by == by and post.open_to_all for post in self.said)
        waits = by != "facilitator" and (self.pre_moderated or (self.holds and not spoken))
        body = f"Words {len(self.said)}"
        place = make.post(self.people[by], self.thread, body=body)
        assert (place.number is None) == waits
        self.said.append(Said(place.id, by, "held" if waits else "shown", body))

    @rule(
        who=st.sampled_from(["facilitator", "moderator", "reader", "new"]),
        shown=st.booleans(),
        data=st.data(),
    )
    def decide(self, who: str, shown: bool, data: st.DataObject) -> None:
        """Somebody decides about a post, or is refused."""
        post = data.draw(st.sampled_from(self.said))
        verb, more = (
            (pre_moderation.approve, ()) if shown else (pre_moderation.decline, ("A reason",))
        )
        may = who in {"facilitator", "moderator"} and post.by != who
        allowed = may and (post.state == "held" or bool(post.edit)) and not post.deleted
        assert _refused(verb, self.people[who], post.id, *more) != allowed
        if allowed and post.edit:
            post.body = post.edit if shown else post.body
            post.edit = ""
        elif allowed:
            post.approved = shown
            post.state = "shown" if shown else "declined"
            if shown:
                self.said.remove(post)
                self.said.append(post)  # its place is the last one now

    @rule(data=st.data())
    def change(self, data: st.DataObject) -> None:
        """An author changes what they wrote."""
        post = data.draw(st.sampled_from(self.said))
        words = f"{post.body} again"
        refused = _refused(service.edit_post, self.people[post.by], post.id, body=words)
        assert refused == (post.deleted or post.state == "declined")
        others = any(one.by == post.by and one.open_to_all and one is not post for one in self.said)
        spoken = others or (post.open_to_all and not post.approved)
        waits = post.by != "facilitator" and (self.pre_moderated or (self.holds and not spoken))
        if waits and post.state == "shown" and not refused:
            post.edit = words
        elif not refused:
            post.body, post.edit = words, ""

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """An author takes back what they wrote, whether it waits or not."""
        post = data.draw(st.sampled_from(self.said))
        assert _refused(service.delete_post, self.people[post.by], post.id) == post.deleted
        post.deleted, post.edit = True, ""

    @precondition(lambda self: any(not post.deleted for post in self.said))
    @rule(hide=st.booleans(), data=st.data())
    def hide_or_restore(self, hide: bool, data: st.DataObject) -> None:
        """A moderator hides a post or shows it again; what waits is neither."""
        post = data.draw(st.sampled_from([post for post in self.said if not post.deleted]))
        name = "hide" if hide else "restore"
        changes = post.state == "shown" and post.hidden != hide
        assert _refused(moderation.take_action, self.people["moderator"], name, post.id) != changes
        post.hidden = hide if changes else post.hidden

    @invariant()
    def the_reader_meets_what_is_shown(self) -> None:
        """Page, catch-up, unread count and notifications agree, and speak of nothing that waits."""
        db.release_session()
        reader = self.people["reader"]
        here = [post for post in self.said if post.state == "shown" and not post.hidden]
        rows = queries.posts_between(reader, self.thread, 2, 1_000)
        assert [row.id for row in rows] == [post.id for post in here]
        assert queries.pending_posts(reader, queries.thread_for(reader, self.thread)) == []
        caught_up = catch_up.changes_after(reader, self.thread, 0, 1_000)
        waiting = {post.id for post in self.said if post.state != "shown"}
        assert not waiting & {row.id for row in caught_up}
        (line,) = thread_lists.threads_of(reader, self.group, 1)
        assert line.unread == 1 + sum(post.open_to_all for post in here)
        assert not waiting & {one.post_id for one in notifications.lines(reader)}

    @invariant()
    def counts_are_right(self) -> None:
        """Numbers have no gap, and the thread's counts are what is there."""
        thread = db.current_session().get_one(Thread, self.thread)
        numbers = db.current_session().scalars(
            select(Post.number).where(Post.thread_id == self.thread, Post.number.is_not(None))
        )
        assert sorted(filter(None, numbers)) == list(range(1, thread.last_number + 1))
        assert thread.post_count == 1 + sum(post.open_to_all for post in self.said)
        held = [post for post in self.said if post.state != "shown" and not post.deleted]
        assert thread.pending_count == len(held)

    @invariant()
    def whoever_wrote_it_and_those_who_decide_see_what_waits(self) -> None:
        """An author sees their own; people who moderate the group see what is undecided."""
        for name in ("new", "old", "moderator"):
            viewer = self.people[name]
            rows = queries.pending_posts(viewer, queries.thread_for(viewer, self.thread))
            assert {row.id for row in rows} == {
                post.id
                for post in self.said
                if not post.deleted
                and (post.state == "held" if name == "moderator" else post.by == name)
                and post.state != "shown"
            }
        open_entries = select(QueueItem.target_id).where(
            QueueItem.kind == PENDING_POST,
            QueueItem.resolved_at.is_(None),
            QueueItem.group_id == self.group,
        )
        assert set(db.current_session().scalars(open_entries)) == {
            post.id
            for post in self.said
            if (post.state == "held" or post.edit) and not post.deleted
        }
        for post in self.said:
            if not post.deleted:
                assert db.current_session().get_one(Post, post.id).body == post.body


@pytest.mark.timeout(300)
def test_what_waits_is_seen_by_nobody_else_whatever_happens(app: Flask) -> None:
    machines.run(Looks, examples=8, steps=20, app=app)
