"""Reads the demo community: one text file a group, in a form that is pleasant to write.

# Name of the group
slug: low-water                     then other fields, `facilitators:` and `moderators:`
### description                     then the words, and likewise guidelines and welcome
## Title | author | 34d 21:15       days ago at a time of day; or `5h ago`; `| hello`
Words of the first post.
+ hug: someone, other; me_too: third
-- author +2h10m                    that long after the post before; or as above
note: a content note
Words of a reply.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from forum.importing.records import Record

DATA = Path(__file__).parent / "data"
_POST = re.compile(r"^-- (\S+) (.+)$")
_SPAN = re.compile(r"(\d+)([dhm])")
_DAYS_AGO = re.compile(r"(\d+)d (\d\d):(\d\d)")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_SAID_HELLO = timedelta(minutes=20)


@dataclass
class Post:
    """Something that somebody says, and who reacts to it."""

    author: str
    at: datetime
    body: str = ""
    note: str = ""
    reactions: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Thread:
    """A conversation: its title and posts."""

    title: str
    hello: bool
    posts: list[Post] = field(default_factory=list)


@dataclass
class Group:
    """One file, by its number among the files."""

    fields: dict[str, str]
    threads: list[Thread]
    number: int = 0

    def people(self) -> dict[str, datetime]:
        """Return when each person first does something here."""
        first: dict[str, datetime] = {}
        for post in (post for thread in self.threads for post in thread.posts):
            for handle in (post.author, *(who for _, who in post.reactions)):
                first[handle] = min(first.get(handle, post.at), post.at)
        return first

    def thread_refs(self) -> list[str]:
        """Return the refs that the threads are imported under, in order."""
        return [f"demo:{self.number}:{place}" for place in range(len(self.threads))]

    def refs(self) -> Iterator[tuple[str, Post]]:
        """Yield each post with the ref that it is imported under."""
        for ref, thread in zip(self.thread_refs(), self.threads, strict=True):
            opening, *replies = thread.posts
            yield ref, opening
            yield from ((f"{ref}:{count}", post) for count, post in enumerate(replies))


def groups(now: datetime) -> list[Group]:
    """Return all groups, with their times counted back from `now`."""
    paths = sorted(DATA.glob("*.md"))
    found = [read(path.read_text(encoding="utf-8"), now) for path in paths]
    for number, group in enumerate(found):
        group.number = number
    return found


def community(now: datetime) -> Iterator[Record]:
    """Yield the demo community as import records, in the order in which it came about."""
    found = groups(now)
    founded = min(at for group in found for at in group.people().values()) - timedelta(days=3)
    arrived: dict[str, datetime] = {}
    for group in found:
        for handle, at in group.people().items():
            arrived[handle] = min(arrived.get(handle, at), at)
    for handle, at in sorted(arrived.items(), key=lambda item: item[1]):
        yield Record("member", {"handle": handle}, {}, at - 2 * _SAID_HELLO)
    for group in found:
        yield from _group(group, founded)
    said = [line for group in found for line in _said(group)]
    yield from sorted(said, key=lambda record: record.at or now)


def read(text: str, now: datetime) -> Group:
    """Return what a file says, with its times counted back from `now`."""
    head, *threads = re.split(r"^## ", text, flags=re.MULTILINE)
    plain, *sections = re.split(r"^### ", head, flags=re.MULTILINE)
    name, *lines = plain.strip().splitlines()
    fields = {"name": name.removeprefix("# ")}
    fields |= {key: value.strip() for key, value in (line.split(":", 1) for line in lines if line)}
    fields |= {title: words.strip() for title, words in (s.split("\n", 1) for s in sections)}
    return Group(fields, [_thread(part, now) for part in threads])


def _thread(text: str, now: datetime) -> Thread:
    head, *lines = text.splitlines()
    title, author, when, *hello = (part.strip() for part in head.split("|"))
    thread = Thread(title, bool(hello), [Post(author, moment(when, now, now))])
    for line in lines:
        post = thread.posts[-1]
        if match := _POST.match(line):
            thread.posts.append(Post(match[1], moment(match[2], now, post.at)))
        elif line.startswith("note: ") and not post.body.strip():
            post.note = line.removeprefix("note: ")
        elif line.startswith("+ "):
            post.reactions += _reactions(line.removeprefix("+ "))
        else:
            post.body += line + "\n"
    return thread


def moment(words: str, now: datetime, before: datetime) -> datetime:
    """Return the moment meant by `34d 21:15`, `5h ago`, or `+2h10m` after `before`."""
    span = timedelta(**{_UNITS[unit]: int(count) for count, unit in _SPAN.findall(words)})
    if match := _DAYS_AGO.fullmatch(words):
        day = now - timedelta(days=int(match[1]))
        return day.replace(hour=int(match[2]), minute=int(match[3]), second=0, microsecond=0)
    return before + span if words.startswith("+") else now - span


def _reactions(words: str) -> list[tuple[str, str]]:
    return [
        (kind.strip(), who.strip())
        for part in words.split(";")
        for kind, people in [part.split(":")]
        for who in people.split(",")
    ]


def _group(group: Group, founded: datetime) -> Iterator[Record]:
    fields = dict(group.fields)
    readable = {"readable_by_all": True} if fields.pop("readable_by_all", "") == "yes" else {}
    roles = {
        handle.strip(): role
        for role in ("facilitator", "moderator")
        for handle in fields.pop(f"{role}s", "").split(",")
        if handle
    }
    slug = fields["slug"]
    yield Record("group", fields, readable, founded)
    people = dict.fromkeys(roles, founded) | group.people()
    for handle, at in people.items():
        text = {"group": slug, "handle": handle, "role": roles.get(handle, "member")}
        yield Record("membership", text, {}, founded if handle in roles else at - _SAID_HELLO)


def _said(group: Group) -> Iterator[Record]:
    threads = dict(zip(group.thread_refs(), group.threads, strict=True))
    thread_ref = ""
    for ref, post in group.refs():
        if thread := threads.get(ref):
            thread_ref = ref
            text = {"ref": ref, "group": group.fields["slug"], "title": thread.title}
            yield Record("thread", text | _words(post), {"says_hello": thread.hello}, post.at)
        else:
            text = {"ref": ref, "thread": thread_ref}
            yield Record("post", text | _words(post), {}, post.at)
        yield from _given(post, ref)


def _words(post: Post) -> dict[str, str]:
    return {"author": post.author, "body": post.body.strip(), "content_note": post.note}


def _given(post: Post, ref: str) -> Iterator[Record]:
    for kind, handle in post.reactions:
        yield Record("reaction", {"post": ref, "handle": handle, "kind": kind}, {}, post.at)
