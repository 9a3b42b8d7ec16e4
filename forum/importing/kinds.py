"""What each kind of line does. Every function returns whether it added something."""

from collections.abc import Callable, Mapping
from typing import Any

from forum.accounts import service as accounts
from forum.core import parts
from forum.groups import service as groups
from forum.groups.models import MEMBER
from forum.groups.policy import RANK
from forum.importing import earlier
from forum.importing.html import to_markdown
from forum.importing.known import Known
from forum.importing.records import Record, Refused, short
from forum.threads import service as threads
from forum.threads.models import REACTIONS


def _member(known: Known, record: Record, _line: int) -> bool:
    handle = record.text["handle"]
    if known.find(handle):
        return False
    accounts.create_account(handle, password_hash=known.password_hash(handle), at=record.at)
    return True


def _group(_known: Known, record: Record, _line: int) -> bool:
    if earlier.group_id(record.text["slug"]):
        return False
    details: dict[str, Any] = {**record.text, **record.switches}
    groups.create_group(None, at=record.at, **details)
    return True


def _membership(known: Known, record: Record, _line: int) -> bool:
    group_id, person = known.group(record.text["group"]), known.person(record.text["handle"])
    account_id, role = person.id or 0, record.text.get("role", MEMBER)
    if role not in RANK:
        raise Refused(f"“role” must be one of {', '.join(RANK)}.")
    if earlier.belongs(group_id, account_id):
        return False
    if earlier.is_removed(group_id, account_id):
        raise Refused("This member was removed from the group here, and not let back since.")
    groups.set_role(None, group_id, account_id, role, at=record.at)
    return True


def _thread(known: Known, record: Record, line: int) -> bool:
    author, group_id = known.person(record.text["author"]), known.group(record.text["group"])
    place = known.met(record)
    added = place is None
    if place is None:
        _check_belongs(group_id, record.text["group"], author.id or 0, author.handle)
        place = threads.start_thread(
            author, group_id, title=record.text["title"], idempotency_key=record.key,
            says_hello=record.switches.get("says_hello", False), at=record.at, **_words(record),
        )  # fmt: skip
    known.remember(record, place, line)
    return added


def _post(known: Known, record: Record, line: int) -> bool:
    author, thread = (
        known.person(record.text["author"]),
        known.place(record.text["thread"], "thread"),
    )
    place = known.met(record)
    added = place is None
    if place is None:
        place = threads.post_reply(
            author, thread.thread_id, idempotency_key=record.key, at=record.at, **_words(record)
        )
    known.remember(record, place, line)
    return added


def _reaction(known: Known, record: Record, _line: int) -> bool:
    person, kind = known.person(record.text["handle"]), record.text["kind"]
    if kind not in REACTIONS:
        raise Refused(f"“kind” must be one of {', '.join(REACTIONS)}.")
    post = known.place(record.text["post"], "post", "thread")
    if earlier.reacted(post.id, person.id or 0, kind):
        return False
    threads.react(person, post.id, kind, on=True, at=record.at)
    return True


def _words(record: Record) -> dict[str, str]:
    body = record.text["body"]
    if record.text.get("format") == "html":
        body = to_markdown(body)
    return {"body": body, "content_note": record.text.get("content_note", "")}


def _check_belongs(group_id: int, slug: str, account_id: int, handle: str) -> None:
    if not earlier.belongs(group_id, account_id):
        raise Refused(f"{handle} is not a member of {short(slug)}; add a membership line before.")


Take = Callable[[Known, Record, int], bool]


def _not_here(_known: Known, _record: Record, _line: int) -> bool:
    raise Refused("This forum has no studies, so that neither they nor consents can be kept.")


_study: Take = _not_here
_consent: Take = _not_here
if parts.optional("forum.research"):
    from forum.importing.studies import consent as _consent
    from forum.importing.studies import study as _study

TAKE: Mapping[str, Take] = {
    "member": _member,
    "group": _group,
    "membership": _membership,
    "thread": _thread,
    "post": _post,
    "reaction": _reaction,
    "study": _study,
    "consent": _consent,
}
