"""What each kind of line does. Every function returns whether it added something."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from forum.accounts import service as accounts
from forum.accounts.identity import handles
from forum.accounts.policy import Viewer
from forum.core import optional_slices
from forum.core.errors import Forbidden
from forum.groups import service as groups
from forum.groups.models import MEMBER
from forum.groups.policy import RANK
from forum.groups.reaction_types import REACTIONS
from forum.importing import earlier_runs, html, imported_names, lengths, spoiler_marks, spoilers
from forum.importing.records import Record, Refused, membership_name, missing, ref_key, short
from forum.importing.references import References
from forum.threads import service as threads


def _member(known: References, record: Record, _line: int) -> bool:
    handle = record.text["handle"]
    if known.find(handle):
        return False
    free = imported_names.free_handle(handle)
    hashed = known.password_hash(handle)
    account_id = accounts.create_account(
        free, password_hash=hashed, is_temporary=True, at=record.at
    )
    if free != handle and not handles.are_same(free, handle):
        imported_names.remember(handle, account_id)
        known.renamed[handle] = free
    return True


def _group(_known: References, record: Record, _line: int) -> bool:
    if earlier_runs.group_id(record.text["slug"]):
        return False
    details: dict[str, Any] = {**record.text, **record.switches}
    groups.create_group(None, at=record.at, **details)
    return True


def _membership(known: References, record: Record, _line: int) -> bool:
    group_id, person = known.group(record.text["group"]), known.person(record.text["handle"])
    account_id, role = person.id or 0, record.text.get("role", MEMBER)
    if role not in RANK:
        raise Refused(f"“role” must be one of {', '.join(RANK)}.")
    if earlier_runs.belongs(group_id, account_id):
        return False
    if earlier_runs.is_removed(group_id, account_id):
        raise Refused("This member was removed from the group here, and not let back since.")
    groups.set_role(None, group_id, account_id, role, at=record.at)
    known.memberships.append((group_id, account_id))
    return True


def _thread(known: References, record: Record, line: int) -> bool:
    author, group_id = known.person(record.text["author"]), known.group(record.text["group"])
    known.groups_of_threads[record.text["ref"]] = record.text["group"]
    place = known.existing_place(record)
    added = place is None
    if place is None:
        _check_belongs(group_id, record, author)
        words = _content(record)
        place = threads.start_thread(
            author,
            group_id,
            title=words.title,
            body=words.bodies[0],
            content_note=words.note,
            idempotency_key=record.key,
            is_introductions=record.switches.get("says_hello", False),
            at=record.at,
        )
        _post_rest(author, place.thread_id, record, words)
    known.remember(record, place, line)
    return added


def _post(known: References, record: Record, line: int) -> bool:
    author, thread = (
        known.person(record.text["author"]),
        known.place(record.text["thread"], "thread"),
    )
    place = known.existing_place(record)
    added = place is None
    if place is None:
        words = _content(record)
        try:
            place = threads.post_reply(
                author,
                thread.thread_id,
                body=words.bodies[0],
                content_note=words.note,
                idempotency_key=record.key,
                at=record.at,
            )
        except Forbidden as refusal:
            slug = known.groups_of_threads.get(record.text["thread"], "")
            needs = ("membership", membership_name(slug, record.text["author"]))
            raise missing(refusal.message, needs) from refusal
        _post_rest(author, thread.thread_id, record, words)
    known.remember(record, place, line)
    return added


def _reaction(known: References, record: Record, _line: int) -> bool:
    person, kind = known.person(record.text["handle"]), record.text["kind"]
    if kind not in REACTIONS:
        raise Refused(f"“kind” must be one of {', '.join(REACTIONS)}.")
    post = known.place(record.text["post"], "post", "thread")
    if earlier_runs.reacted(post.id, person.id or 0, kind):
        return False
    threads.react(person, post.id, kind, on=True, at=record.at)
    return True


@dataclass(frozen=True)
class _Content:
    """What a thread or post says, as it fits here: a long body is several posts."""

    title: str
    bodies: list[str]
    note: str


def _content(record: Record) -> _Content:
    body, hidden = record.text["body"], list[str]()
    title, note = record.text.get("title", ""), record.text.get("content_note", "")
    if record.text.get("format") == "html":
        body, hidden = html.read(body)
        title, note = unescape(title), unescape(note)
    body, marked = spoiler_marks.set_apart(body)
    title, whole = spoiler_marks.cut_from(title)
    if whole:
        body, marked = f"{whole}\n\n{body}", [*marked, spoiler_marks.UNNAMED]
    title, body = lengths.fitting_title(title, body)
    note = lengths.fitting_note(spoilers.noted(note, [*hidden, *marked]))
    return _Content(title, lengths.parts(body), note)


def _post_rest(author: Viewer, thread_id: int, record: Record, words: _Content) -> None:
    """Post what a body has left, after its first part."""
    for number, body in enumerate(words.bodies[1:], 2):
        threads.post_reply(
            author,
            thread_id,
            body=body,
            content_note=words.note,
            at=record.at,
            idempotency_key=ref_key(f"part {number}", record.key),
        )


def _check_belongs(group_id: int, record: Record, author: Viewer) -> None:
    if not earlier_runs.belongs(group_id, author.id or 0):
        slug = record.text["group"]
        raise missing(
            f"{author.handle} is not a member of {short(slug)}; add a membership line before.",
            ("membership", membership_name(slug, record.text["author"])),
        )


Importer = Callable[[References, Record, int], bool]


def _not_here(_known: References, _record: Record, _line: int) -> bool:
    raise Refused("This forum has no studies, so that neither they nor consents can be kept.")


_study: Importer = _not_here
_consent: Importer = _not_here
if optional_slices.optional("forum.research"):
    from forum.importing.studies import consent as _consent
    from forum.importing.studies import study as _study

IMPORTERS: Mapping[str, Importer] = {
    "member": _member,
    "group": _group,
    "membership": _membership,
    "thread": _thread,
    "post": _post,
    "reaction": _reaction,
    "study": _study,
    "consent": _consent,
}
