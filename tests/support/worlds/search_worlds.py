"""Random small forums for searches, and the plain way to find what a reader may see in them."""

from contextlib import suppress
from random import Random
from typing import Any

from sqlalchemy import func, select

from forum.accounts import service as accounts
from forum.accounts.models import Account
from forum.accounts.policy import VISITOR, Viewer
from forum.core.background.jobs import runner
from forum.core.db import current_connection, current_session
from forum.core.errors import Refusal
from forum.groups import service as groups
from forum.groups.models import Group
from forum.moderation.actions import service as moderation
from forum.moderation.actions.threads import split
from forum.privacy import service as privacy
from forum.search import sources
from forum.search.analysis import stems, tokens
from forum.search.finding import posts, scope
from forum.search.models import SearchEntry, SearchWord
from forum.search.query import meaning
from forum.threads import policy
from forum.threads import service as threads
from forum.threads.models import IN_GROUP, IN_THREAD, REMOVED_TITLE, Post, Thread
from tests.support import factories as make

WORDS = [
    "the", "sleep", "sleeping", "tablets", "night", "nights", "run", "running", "doctor", "Arzt",
    "Ärzte", "noche", "noches", "眠れない", "睡眠", "can't", "self-harm", "lantern", "bread", "is",
    "of", "you", "und", "nicht", "que", "los",
]  # fmt: skip


class SearchWorld:
    """Three groups of all kinds, and people in, outside and apart; `random` says what happens."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.admin = make.administrator()
        self.people = [make.person() for _ in range(4)]
        self.groups = [
            make.group(readable_by_all=True),
            make.group(visibility="approval"),
            make.group(visibility="hidden"),
        ]
        self.members = {group: random.sample(self.people, 3) for group in self.groups}
        for group, members in self.members.items():
            for person in members:
                make.join(person, group, random.choice(["member", "member", "facilitator"]))
        self.readers = [VISITOR, self.admin, *self.people]
        self.posts: list[int] = []

    def live(self, steps: int) -> None:
        """Let things happen; what somebody may not do is not done."""
        for _ in range(steps):
            act = self.random.choice(
                (
                    self.write, self.write, self.write, self.begin, self.change, self.keep_apart,
                    self.restructure, self.retitle, self.people_change,
                )
            )  # fmt: skip
            with suppress(Refusal):  # by rules that are tested elsewhere
                act()

    def words(self) -> str:
        """Return something to say."""
        said = " ".join(self.random.choices(WORDS, k=self.random.randint(1, 6)))
        return self.random.choice((said, f"{said}. {said}", f"> @someone: {said}\n\nlantern"))

    def begin(self) -> None:
        """Let somebody start a thread."""
        person, group = self._somebody_in()
        title = f"{self.random.choice(WORDS)} {self.random.choice(WORDS)}"
        self.posts.append(make.thread(person, group, title=title, body=self.words()).id)

    def write(self) -> None:
        """Let somebody reply."""
        person, group = self._somebody_in()
        found = current_session().scalars(
            select(Thread.id).where(Thread.group_id == group, Thread.last_number > 0)
        )
        there = found.all()
        if not there:
            self.begin()
            return
        with suppress(Refusal):  # who is apart may not see the thread
            self.posts.append(make.post(person, self.random.choice(there), body=self.words()).id)

    def change(self) -> None:
        """Let a post be edited, deleted, hidden or shown again."""
        if not self.posts:
            return
        post_id = self.random.choice(self.posts)
        author_id = current_session().scalar(select(Post.author_id).where(Post.id == post_id))
        author = next((one for one in self.people if one.id == author_id), self.people[0])
        how: Any = self.random.choice(
            (
                lambda: threads.edit_post(author, post_id, body=self.words()),
                lambda: threads.delete_post(author, post_id),
                lambda: moderation.take_action(self.admin, "hide", post_id, reason="A name"),
                lambda: moderation.take_action(self.admin, "restore", post_id, reason="A mistake"),
            )
        )
        with suppress(Refusal):  # it was deleted already, or is not theirs
            how()

    def keep_apart(self) -> None:
        """Let somebody mute or block somebody."""
        one, other = self.random.sample(self.people, 2)
        apart = self.random.choice((accounts.mute, accounts.block))
        with suppress(Refusal):  # they have never met
            apart(one, other.id or 0)

    def restructure(self) -> None:
        """Move a thread, split posts off, or merge two."""
        found = current_session().execute(
            select(Thread.id, func.max(Post.id)).join(Post, IN_THREAD).group_by(Thread.id)
        )
        threads_there = found.all()
        if not threads_there:
            return
        thread_id, last = self.random.choice(threads_there)
        other, _last = self.random.choice(threads_there)
        name, value = self.random.choice(
            (
                ("move", self._slug()),
                ("split", split.as_value("sleeping apart", [str(last)])),
                ("merge", str(other)),
            )
        )
        moderation.take_action(self.admin, name, thread_id, value=value, reason="It fits better")

    def retitle(self) -> None:
        """Give a thread another title, or remove it."""
        ids = current_session().scalars(select(Thread.id)).all()
        if ids:
            title = self.random.choice(["", "lantern sleeping", "Ärzte"])
            moderation.take_action(
                self.admin, "title", self.random.choice(ids), value=title, reason="A name in it"
            )

    def people_change(self) -> None:
        """Let somebody leave, come back, be suspended or renamed, or a group be opened."""
        (person, group), days = self._somebody_in(), str(self.random.choice((1, 7)))
        how: Any = self.random.choice(
            (
                lambda: groups.leave(person, group),
                lambda: make.join(person, group),
                lambda: moderation.take_action(
                    self.admin, "suspend", person.id or 0, value=days, reason="A pause"
                ),
                lambda: moderation.take_action(
                    self.admin, "unsuspend", person.id or 0, reason="A mistake"
                ),
                lambda: accounts.change_handle(person, f"renamed{self.random.randrange(10**6)}"),
                lambda: groups.edit_group(
                    self.admin, self.groups[0], readable_by_all=self.random.random() < 0.5
                ),
            )
        )
        how()

    def erase(self) -> None:
        """Let somebody's account be erased, with what they wrote or without."""
        privacy.erase(self.people[0].id or 0, remove=self.random.random() < 0.5)
        runner.run()

    def query(self) -> str:
        """Return something to look for."""

        def word() -> str:
            return self.random.choice(WORDS)

        return self.random.choice(
            (
                word(), f"{word()} {word()}", f'"{word()} {word()}"', f"{word()} -{word()}",
                f'-"{word()} {word()}"', f"-{word()}", f"from:{self._handle()}",
                f"{word()} from:{self._handle()}", f"group:{self._slug()} {word()}",
                f"{word()} after:2020", f"{word()} before:2020",
            )
        )  # fmt: skip

    def _somebody_in(self) -> tuple[Viewer, int]:
        group = self.random.choice(self.groups)
        return self.random.choice(self.members[group]), group

    def _handle(self) -> str:
        one = self.random.choice(self.people).id
        now = current_session().scalar(select(Account.handle).where(Account.id == one))
        return now or "nobody"

    def _slug(self) -> str:
        group = select(Group.slug).where(Group.id == self.random.choice(self.groups))
        return current_session().scalars(group).one()


def scanned(viewer: Viewer, text: str) -> list[int]:
    """Return the posts that a query means, by looking at each one that the reader may see."""
    query, me = meaning.understand(text), viewer.sql_id()
    visible = (
        select(Post, Thread.title, Thread.title_hidden, Group.slug, Account.handle)
        .join(Thread, IN_THREAD)
        .join(Group, IN_GROUP)
        .outerjoin(Account, Account.id == Post.author_id)
        .where(policy.visible_to(me), policy.is_published())
    )
    found = []
    for post, title, title_hidden, slug, handle in current_session().execute(visible):
        said = tokens.words_of(sources.own_words(post.html))
        if post.number == 1 and not title_hidden and title != REMOVED_TITLE:
            said = [*tokens.words_of(title), "|", *said]
        language = stems.language_of(said)
        forms = {form for word in said for form in stems.forms_in(word, language)}
        line = f" {' '.join(said)} "
        if (
            all(forms & set(each) for each in query.forms)
            and not forms & set(query.without_forms)
            and all(phrase in line for phrase in query.phrases)
            and not any(phrase in line for phrase in query.without_phrases)
            and all(author.lower() == (handle or "").lower() for author in query.authors)
            and all(group == slug for group in query.groups)
            and (query.after is None or post.created_at >= query.after)
            and (query.before is None or post.created_at < query.before)
        ):
            found.append(post.id)
    return sorted(found)


def searched(viewer: Viewer, text: str) -> list[int]:
    """Return the posts that a search finds, on all of its pages, in both orders alike."""
    query, there = meaning.understand(text), scope.readable_groups(viewer)
    orders = []
    for order in (posts.NEWEST, posts.BEST):
        ids: list[int] = []
        page, more = 1, True
        while more:
            found = posts.find(viewer, query, there, page, order)
            ids += [row.id for row in found.posts]
            page, more = page + 1, found.more
        assert found.total == len(ids) == len(set(ids))
        orders.append(sorted(ids))
    assert orders[0] == orders[1]
    return orders[0]


def content() -> tuple[set[Any], set[Any], list[tuple[str, int]]]:
    """Return all that is in the tables of the search, but for the places."""
    entries, words = SearchEntry.__table__.c, SearchWord.__table__.c
    held = select(entries.kind, entries.ref_id, entries.group_id, entries.author_id, entries.words)
    connection = current_connection()
    counts = select(entries.kind, func.count()).group_by(entries.kind).order_by(entries.kind)
    return (
        {tuple(row) for row in connection.execute(held)},
        {tuple(row) for row in connection.execute(select(words.group_id, words.word))},
        [(kind, count) for kind, count in connection.execute(counts)],
    )
