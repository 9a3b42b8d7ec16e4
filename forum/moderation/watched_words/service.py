"""Watched words: they bring a post to the queue, and do nothing else to it.

A word matches whole words, whatever their case and accents; a phrase matches the same words in a
row. In scripts that put no spaces between words, such as Chinese, Japanese or Thai, it matches
anywhere; in Korean, with particles behind it; in Arabic and Hebrew, with what is written on to its
beginning. The cost grows with the length of the text and hardly with the list.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable

from sqlalchemy import bindparam, delete, select

from forum.accounts.policy import Viewer, member_id
from forum.core import text
from forum.core.db import current_session, transaction
from forum.core.errors import Forbidden, Invalid
from forum.core.text.alphabets import letters, prefixes
from forum.core.translation import _
from forum.core.web.forms import edit_conflicts
from forum.groups import queries as groups
from forum.groups.membership import memberships
from forum.moderation.watched_words.models import WatchedWord

WORDS_MAX, WORD_MAX, PHRASE_MAX = 200, 60, 6
_STROKE = "\N{ARABIC TATWEEL}"
_WORD = re.compile(rf"[\w{letters.MARKS}]+")


def fold(words: str) -> tuple[str, ...]:
    """Return a text's words without case, accents, Arabic strokes and invisible characters."""
    bare = letters.without_accents(words).replace(_STROKE, "")
    kept = (c for c in bare if unicodedata.category(c) != "Cf")
    return tuple(_WORD.findall("".join(kept)))


def find(body: str, words_in: Iterable[str]) -> list[str]:
    """Return which of the watched words are in a text, in the order of the list."""
    phrases = {word: fold(word) for word in words_in}
    lengths = {len(phrase) for phrase in phrases.values()}
    said = fold(body)
    there = {said[at : at + length] for length in lengths if length for at in range(len(said))}
    together, apart = "".join(said), " ".join(("", *said))
    joined = any(prefixes.takes_prefixes(word) for phrase in phrases.values() for word in phrase)
    places = prefixes.places_of(said) if joined else {}
    return [
        word
        for word, phrase in phrases.items()
        if phrase in there
        or _is_within(together, "".join(phrase))
        or (letters.takes_particles(word) and " ".join(("", *phrase)) in apart)
        or (joined and prefixes.stand_in(phrase, places))
    ]


def _is_within(text: str, word: str) -> bool:
    return letters.has_no_spaces(word) and word in text


def words_for(viewer: Viewer, group_id: int) -> list[str]:
    """Return a group's watched words, for its moderators. Raises Forbidden, NotFound."""
    _require(viewer, group_id)
    return words_in(group_id)


def words_in(group_id: int) -> list[str]:
    """Return a group's watched words; the caller has checked who may see them."""
    words = select(WatchedWord.word).where(WatchedWord.group_id == group_id)
    return sorted(current_session().scalars(words), key=letters.sort_key)


_WORDS = select(WatchedWord.group_id, WatchedWord.word).where(
    WatchedWord.group_id.in_(bindparam("groups", expanding=True))
)


def words_by_group(group_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the watch words of those of these groups that have any."""
    words: dict[int, list[str]] = {}
    for group_id, word in current_session().execute(_WORDS, {"groups": list(group_ids)}):
        words.setdefault(group_id, []).append(word)
    return words


def set_words(viewer: Viewer, group_id: int, lines: str, *, shown: str | None = None) -> None:
    """Replace a group's watched words, one a line; `shown` is the version that was changed.

    Raises Invalid, EditConflict, Forbidden, NotFound.
    """
    words = _checked(lines)
    with transaction() as session:
        _require(viewer, group_id)
        memberships.lock(session, group_id)
        kept = "\n".join(words_in(group_id))
        now = {_("The list"): kept} if kept != "\n".join(words) else {}
        edit_conflicts.require_unchanged(shown, edit_conflicts.version_of(kept), now)
        session.execute(delete(WatchedWord).where(WatchedWord.group_id == group_id))
        session.add_all(WatchedWord(group_id=group_id, word=word) for word in words)


def _checked(lines: str) -> list[str]:
    given = text.checked(lines, "words", most=WORDS_MAX * (WORD_MAX + 1), name=_("The list"))
    words: dict[tuple[str, ...], str] = {}
    for line in given.split("\n"):
        word = " ".join(line.split())
        phrase = fold(word)
        if text.is_blank(word):
            continue
        if not phrase or len(phrase) > PHRASE_MAX or len(word) > WORD_MAX:
            raise Invalid(
                fields={
                    "words": _(
                        "“%(word)s” can't be a watched word. Enter 1 to %(words)s words on each "
                        "line, with up to %(characters)s characters.",
                        word=word[:WORD_MAX],
                        words=PHRASE_MAX,
                        characters=WORD_MAX,
                    )
                }
            )
        words.setdefault(phrase, word)
    if len(words) > WORDS_MAX:
        raise Invalid(
            fields={"words": _("The list can have up to %(most)s lines.", most=WORDS_MAX)}
        )
    return sorted(words.values(), key=letters.sort_key)


def _require(viewer: Viewer, group_id: int) -> None:
    member_id(viewer)
    if not groups.group_by_id(viewer, group_id).moderates:
        raise Forbidden(_("Only the group's moderators can see this page."))
