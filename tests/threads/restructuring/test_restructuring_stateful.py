"""Moving, splitting, merging and undoing in any order, while people write, hide and hold.

Every post is in one place, every count is right, nobody sees more than before but who belongs
where a conversation has moved, an undo restores everything, and an open page is never wrong.
"""

from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from sqlalchemy import select

from forum.accounts.models import Account
from forum.core import db
from forum.core.errors import Refusal
from forum.core.realtime.socket_events import socketio
from forum.groups.models import Group
from forum.moderation.actions import service
from forum.moderation.actions.threads import split
from forum.moderation.appeals import undo as appeals_undo
from forum.threads import policy, queries
from forum.threads import service as writing
from forum.threads.approval import pre_moderation
from forum.threads.models import Post, Thread
from forum.threads.posts import fragments
from tests.support import factories as make
from tests.support.suite import machines
from tests.support.worlds.restructuring_world import (
    check_counts,
    restructuring_world,
    slug_of,
    state_of_threads,
)

WRITERS = st.sampled_from(["author", "member", "both", "facilitator", "keeper"])
PICK = st.integers(0, 1_000)
OPEN_PAGES = ("both", "member")


class Moves(RuleBasedStateMachine):
    """Two groups, three conversations, and two people with pages open."""

    app: Flask

    @initialize()
    def people_meet(self) -> None:
        """Begin with conversations of three, two and one posts."""
        self.room = restructuring_world(there={"visibility": "approval"})
        self.log: list[tuple[str, int]] = []
        self.stood: dict[int, tuple[int, int]] = {}
        self.known: dict[str, set[int]] = {who: set() for who in self.room.people}
        for count in (3, 2, 1):
            thread = make.thread(self.room.people["author"], self.room.here).thread_id
            for _ in range(count - 1):
                make.post(self.room.people["member"], thread)
        self.sockets: dict[str, SocketIOTestClient] = {}
        for who in OPEN_PAGES:
            client = self.app.test_client()
            make.log_in(client, self.room.people[who])
            self.sockets[who] = socketio.test_client(self.app, flask_test_client=client)
        self.pages: dict[tuple[str, int], tuple[int, dict[int, int]]] = {}
        for who in OPEN_PAGES:
            for thread in self._threads():
                self.load(who, thread)

    @rule(who=WRITERS, at=PICK)
    def write(self, who: str, at: int) -> None:
        """Somebody writes; what a member writes in a reviewed conversation is held."""
        self._attempt(
            writing.post_reply, self.room.people[who], self._pick(self._threads(), at), body="Words"
        )

    @rule(at=PICK, action=st.sampled_from(["hide", "restore", "delete", "approve", "review"]))
    def tend(self, at: int, action: str) -> None:
        """Something is done to one post or conversation."""
        keeper = self.room.people["keeper"]
        if action == "review":
            self._attempt(service.take_action, keeper, action, self._pick(self._threads(), at))
            return
        post = self._pick(self._posts(), at)
        if action == "approve":
            self._attempt(pre_moderation.approve, keeper, post)
        elif action == "delete":
            author = db.current_session().scalar(select(Post.author_id).where(Post.id == post))
            for person in self.room.people.values():
                if person.id == author:
                    self._attempt(writing.delete_post, person, post)
        else:
            self._attempt(service.take_action, keeper, action, post)

    @rule(at=PICK, chosen=st.sets(st.integers(1, 8), min_size=1, max_size=4), undone=st.booleans())
    def split(self, at: int, chosen: set[int], undone: bool) -> None:
        """Some posts get a conversation of their own."""
        thread = self._pick(self._threads(), at)
        posts = [
            str(post)
            for post in db.current_session().scalars(
                select(Post.id).where(Post.thread_id == thread, Post.number.in_(chosen))
            )
        ]
        self._do("split", thread, split.as_value("Beside it", posts), undone)

    @rule(one=PICK, other=PICK, undone=st.booleans())
    def merge(self, one: int, other: int, undone: bool) -> None:
        """Two conversations become one."""
        threads = self._threads()
        self._do("merge", self._pick(threads, one), str(self._pick(threads, other)), undone)

    @rule(at=PICK, back=st.booleans(), undone=st.booleans())
    def move(self, at: int, back: bool, undone: bool) -> None:
        """A conversation moves to the other group, or somebody tries to move it back."""
        to = self.room.here if back else self.room.there
        self._do("move", self._pick(self._threads(), at), slug_of(to), undone)

    @rule(at=PICK)
    def undo(self, at: int) -> None:
        """Something that was done a while ago is undone, or has changed since."""
        if self.log:
            before = self._seen()
            name, log_entry_id = self._pick(self.log, at)
            undone = self._attempt(appeals_undo.undo, self.room.people["keeper"], log_entry_id)
            self._check_sight(before, moved=not isinstance(undone, Refusal) and name == "move")

    @rule(who=st.sampled_from(OPEN_PAGES), at=PICK)
    def catch_up(self, who: str, at: int) -> None:
        """An open page asks for what is new: it is right then, is reloaded, or is closed."""
        if not self.pages:
            return
        place = self._pick(sorted(self.pages), at)
        seen, shown = self.pages[place]
        who, thread = place
        answer = self.sockets[who].emit(
            "thread:join", {"thread_id": thread, "after": seen}, callback=True
        )
        if not answer["ok"]:
            del self.pages[place]
            with pytest.raises(Refusal):
                queries.thread_for(self.room.people[who], thread)
        elif answer.get("reload"):
            self.load(who, thread)
        else:
            for post in answer["posts"]:
                shown.pop(post["id"], None)
                if not post.get("removed"):
                    shown[post["id"]] = post["number"]
            self.pages[place] = (answer["version"], shown)
            assert shown == self._on_page(who, thread)

    def load(self, who: str, thread: int) -> None:
        """Open a page again."""
        found = self._attempt(queries.thread_for, self.room.people[who], thread)
        if not isinstance(found, Refusal):
            self.pages[who, thread] = (found.version, self._on_page(who, thread))

    @invariant()
    def everything_is_counted(self) -> None:
        """Counts are right, versions grow, and fragments speak of the place where a post is."""
        check_counts(self.room)
        found = (
            select(Post.id, Post.version, Post.number, Post.thread_id, Account.handle)
            .join(Account, Account.id == Post.author_id)
            .where(Post.thread_id.in_(self._threads()))
        )
        posts = db.current_session().execute(found).all()
        html = fragments.fragments_of(posts)
        for post in posts:
            thread_id, version = self.stood.get(post.id, (post.thread_id, post.version))
            assert (
                (post.version > version)
                if post.thread_id != thread_id
                else (post.version >= version)
            )
            self.stood[post.id] = (post.thread_id, post.version)
            numbered = "data-number=" if post.number is None else f'data-number="{post.number}"'
            assert (numbered in html[post.id]) is (post.number is not None)
            if "?quote=" in html[post.id]:
                assert f'"/threads/{post.thread_id}?quote={post.id}#reply"' in html[post.id]

    def _do(self, name: str, thread: int, value: str, undone: bool) -> None:
        seen, before = self._seen(), state_of_threads(self.room)
        done = self._attempt(
            service.take_action, self.room.people["keeper"], name, thread, value=value
        )
        if isinstance(done, Refusal):
            assert state_of_threads(self.room) == before
            return
        self._check_sight(seen, moved=name == "move")
        if done.log_entry_id is None:  # words of an equal: a second person confirms
            return
        if undone:
            outcome = self._attempt(
                appeals_undo.undo, self.room.people["keeper"], done.log_entry_id
            )
            assert not isinstance(outcome, Refusal), outcome
            assert state_of_threads(self.room) == before
        else:
            self.log.append((name, done.log_entry_id))

    def _check_sight(self, before: dict[str, set[int]], *, moved: bool) -> None:
        """Nobody sees anything new; where a conversation moved, but who belongs where it is."""
        for who, posts in before.items():
            self.known[who] |= posts
        for who, posts in self._seen().items():
            if not moved:
                assert posts == before[who], who
            elif who in {"author", "member", "moderator"}:
                assert posts <= self.known[who], who

    def _seen(self) -> dict[str, set[int]]:
        db.release_session()
        ids = {person.id: who for who, person in self.room.people.items()}
        found = (
            select(Account.id, Post.id)
            .join(Post, Post.id.in_(self._posts()))
            .join(Thread, Thread.id == Post.thread_id)
            .join(Group, Group.id == Thread.group_id)
            .where(Account.id.in_(ids), policy.visible_to(Account.id))
        )
        seen: dict[str, set[int]] = {who: set() for who in self.room.people}
        for account_id, post_id in db.current_session().execute(found):
            seen[ids[account_id]].add(post_id)
        return seen

    def _on_page(self, who: str, thread: int) -> dict[int, int]:
        db.release_session()
        viewer = self.room.people[who]
        rows = [
            *queries.posts_between(viewer, thread, 1, 10_000),
            *queries.pending_posts(viewer, queries.thread_for(viewer, thread)),
        ]
        return {row.id: row.number for row in rows}

    def _threads(self) -> list[int]:
        db.release_session()
        ours = Thread.group_id.in_([self.room.here, self.room.there])
        return list(db.current_session().scalars(select(Thread.id).where(ours).order_by(Thread.id)))

    def _posts(self) -> list[int]:
        posts = select(Post.id).where(Post.thread_id.in_(self._threads()))
        return list(db.current_session().scalars(posts.order_by(Post.id)))

    def _pick(self, among: list[Any], at: int) -> Any:
        return among[at % len(among)]

    def _attempt(self, verb: Any, *args: Any, **given: Any) -> Any:
        try:
            return verb(*args, **given)
        except Refusal as refusal:
            return refusal
        finally:
            db.release_session()


@pytest.mark.timeout(300)
def test_whatever_is_moved_nothing_is_lost_shown_or_miscounted(app: Flask) -> None:
    machines.run(Moves, examples=6, steps=20, app=app)
