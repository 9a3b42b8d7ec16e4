"""What handles, addresses and refs mean: from this run, and from earlier ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from forum.accounts import queries as accounts
from forum.accounts.login.passwords import UNUSABLE
from forum.accounts.policy import Viewer
from forum.accounts.service import hash_password
from forum.core.errors import Invalid
from forum.importing import earlier_runs, imported_names
from forum.importing.records import Name, Record, Refused, missing, ref_key, short
from forum.threads.posts.post_creation import PostRef


@dataclass(frozen=True)
class _Done:
    """A thread or post that this run has met: where it is, and which line it was."""

    place: PostRef
    line: int
    fingerprint: int


class References:
    """People, groups and posts by the names that the file gives them."""

    def __init__(self) -> None:
        """Know nothing yet; everything is looked up when it is first named."""
        self._people: dict[str, Viewer] = {}
        self._groups: dict[str, int] = {}
        self._done: dict[str, _Done] = {}
        self._earlier: dict[str, PostRef] = {}
        self._hashes: dict[str, str | Invalid] = {}
        self._missing: set[str] = set()
        self.imported_studies: set[str] = set()  # studies that this run has made
        self.memberships: list[tuple[int, int]] = []  # group and account, made by this run
        self.renamed: dict[str, str] = {}  # who got another handle in this run
        self.groups_of_threads: dict[str, str] = {}  # by ref, the slug that a line gave
        self._fallen: dict[Name, int] = {}

    def look_ahead(self, records: Iterable[Record]) -> None:
        """Find out at once which of these threads and posts earlier runs have brought."""
        posts = [record for record in records if record.key]
        people = [self.find(handle) for handle in {record.text["author"] for record in posts}]
        ids = [person.id for person in people if person and person.id]
        self._earlier.update(earlier_runs.places(ids, [r.key for r in posts]) if ids else {})

    def hash_password(self, record: Record) -> None:
        """Hash the password of a new member, which takes too long for a transaction."""
        handle, password = record.text.get("handle", ""), record.text.get("password")
        if password is None or self.find(handle):
            return
        try:
            self._hashes[handle] = hash_password(handle, password)
        except Invalid as refusal:
            self._hashes[handle] = refusal

    def password_hash(self, handle: str) -> str:
        """Return the hash of a new member's password. Raises Invalid for an unusable one."""
        kept = self._hashes.pop(handle, UNUSABLE)
        if isinstance(kept, Invalid):
            raise kept
        return kept

    def find(self, handle: str) -> Viewer | None:
        """Return the person with this handle."""
        if handle not in self._people:
            account_id = self._account_of(handle)
            person = accounts.viewer(account_id) if account_id else None
            if person is None:
                return None
            self._people[handle] = person
        return self._people[handle]

    def _account_of(self, name: str) -> int | None:
        """Return whose name this is: a handle here, or a name that was imported before."""
        account_id = accounts.account_id_of_exact(name)
        if account_id and not imported_names.belongs_to_another(account_id, name):
            return account_id
        return imported_names.account_of(name)

    def mark_refused(self, record: Record, line: int) -> None:
        """Note that a line was refused, and what it should have made is not there."""
        for name in record.made:
            self._fallen.setdefault(name, line)

    def refused_with(self, refusal: Refused) -> int | None:
        """Return the line because of which another one was not taken, if there is one."""
        return next((self._fallen[name] for name in refusal.needs if name in self._fallen), None)

    def person(self, handle: str) -> Viewer:
        """Return the person with this handle. Raises Refused."""
        person = self.find(handle)
        if person is None:
            raise missing(
                f"There is no member {short(handle)}; name members before what they do.",
                ("member", handle),
            )
        return person

    def group(self, slug: str) -> int:
        """Return the id of the group at this address. Raises Refused."""
        if slug not in self._groups:
            group_id = earlier_runs.group_id(slug)
            if group_id is None:
                raise missing(
                    f"There is no group {short(slug)}; name groups before what is in them.",
                    ("group", slug),
                )
            self._groups[slug] = group_id
        return self._groups[slug]

    def place(self, ref: str, *kinds: str) -> PostRef:
        """Return where the thread or post with this ref is. Raises Refused."""
        for key in (ref_key(kind, ref) for kind in kinds):
            if key in self._done:
                return self._done[key].place
            if place := self._place_from_earlier_run(key):
                return place
        raise missing(
            f"There is no {kinds[0]} with the ref {short(ref)} before this line.",
            *((kind, ref) for kind in kinds),
        )

    def existing_place(self, record: Record) -> PostRef | None:
        """Return where a thread or post is that is there already, None for a new one.

        Raises Refused when its ref stood for something else in this run.
        """
        done = self._done.get(record.key)
        if done is None:
            return self._earlier.get(record.key)
        if "ref" in record.text and done.fingerprint != record.fingerprint():
            raise Refused(
                f"The ref {short(record.text['ref'])} stands for line {done.line} already."
            )
        return done.place

    def remember(self, record: Record, place: PostRef, line: int) -> None:
        """Keep where a thread or post has come to be."""
        self._done[record.key] = _Done(place, line, record.fingerprint())

    def _place_from_earlier_run(self, key: str) -> PostRef | None:
        if key not in self._earlier and key not in self._missing:
            place = earlier_runs.place(key)
            if place is None:
                self._missing.add(key)
            else:
                self._earlier[key] = place
        return self._earlier.get(key)
