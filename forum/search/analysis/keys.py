"""The keys of the index: a digest of a group, and of a form of a word that is found there.

Each group has keys of its own. Who looks for a word meets no entry of a group that they may not
read, so even the time that it takes tells nothing. And an index of digests holds no words, which
databases may keep in its pages for long after a text was erased.
"""

from base64 import b32encode
from collections.abc import Iterable
from hashlib import blake2b

from forum.search.analysis import stems

ANYTHING = ""  # the form that every entry has
_BYTES, _CHARACTERS = 6, 10


def key(kind: str, group_id: int, form: str) -> str:
    """Return the key of a form in one group; `kind` is the kind of entry."""
    told = blake2b(f"{kind} {group_id} {form}".encode(), digest_size=_BYTES).digest()
    return b32encode(told)[:_CHARACTERS].decode("ascii").lower()


def by_author(account_id: int) -> str:
    """Return the form that all of one person's entries have; no word has such a sign."""
    return f"@{account_id}"


def keys_of(
    kind: str, group_id: int, author_id: int | None, language: str, words: Iterable[str]
) -> list[str]:
    """Return all keys of an entry, in order."""
    forms = {ANYTHING}
    if author_id is not None:
        forms.add(by_author(author_id))
    for word in set(words):
        forms.update(stems.forms_in(word, language))
    return sorted(key(kind, group_id, form) for form in forms)
