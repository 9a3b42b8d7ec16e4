"""A reader's choices for content notes by topic: to keep them closed, open, or out of sight.

A topic is one or more words; it applies to every content note with a word that it covers
(`content_note_words`). The page's script is given those words (`expand_words`), looks for them by
the same rule, for posts that arrive while the page is open.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial

from markupsafe import Markup
from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.types import Integer

from forum.accounts.models import ContentNotePreference
from forum.accounts.policy import Viewer, person_id
from forum.accounts.preferences import content_note_words
from forum.core import text
from forum.core.db import current_session, transaction
from forum.core.errors import Invalid
from forum.core.text.alphabets import letters
from forum.core.translation import _, catalogues, lazy_pgettext, using

OPEN, COLLAPSED, HIDDEN = "open", "collapsed", "hidden"
DISPLAYS = (OPEN, COLLAPSED, HIDDEN)  # where several topics meet, the later one counts
SUGGESTED = {
    "suicide": lazy_pgettext("content note", "suicide"),
    "self-harm": lazy_pgettext("content note", "self-harm"),
    "eating": lazy_pgettext("content note", "eating"),
    "violence": lazy_pgettext("content note", "violence"),
    "abuse": lazy_pgettext("content note", "abuse"),
    "loss": lazy_pgettext("content note", "loss"),
    "medication": lazy_pgettext("content note", "medication"),
    "food and weight": lazy_pgettext("content note", "food and weight"),
}
ALL = ""
TOPICS_MAX, TOPIC_MAX = 50, 80
# What the person "me" prefers, in one string for `display_rule`; their pages ask for it anyway.
LINES = (
    select(func.string_agg(ContentNotePreference.display + ":" + ContentNotePreference.topic, "\n"))
    .where(ContentNotePreference.account_id == bindparam("me", type_=Integer))
    .scalar_subquery()
)
_CLOSED = Markup('<details class="post-note"')
_BETWEEN_WORDS = re.compile(rf"[^\w{letters.MARKS}]+|_+")
_BETWEEN_TOPICS = re.compile("[,;/]")
_ACCENTS = re.compile("[\u0300-\u036f]")


def save(viewer: Viewer, choices: Mapping[str, str]) -> None:
    """Replace somebody's choices for all topics; ALL is every other note.

    Raises Invalid, LoginNeeded.
    """
    account_id = person_id(viewer)
    kept: dict[str, str] = {}
    for topic, choice in choices.items():
        if choice not in DISPLAYS:
            raise Invalid(
                fields={"choice": _("Choose one of: %(options)s", options=", ".join(DISPLAYS))}
            )
        words = text.one_line(topic, "topic", most=TOPIC_MAX, name=_("A topic"))
        if topic != ALL and not folded(words):
            raise Invalid(fields={"topic": _("Enter a word or two for the topic.")})
        kept[folded(words)] = choice
    if len(kept) > TOPICS_MAX:
        raise Invalid(fields={"topic": _("You can save up to %(most)s topics.", most=TOPICS_MAX)})
    rows = [{"account_id": account_id, "topic": t, "display": c} for t, c in kept.items()]
    with transaction() as session:
        session.execute(
            delete(ContentNotePreference).where(ContentNotePreference.account_id == account_id)
        )
        if rows:
            session.execute(insert(ContentNotePreference), rows)


def saved_by(viewer: Viewer) -> dict[str, str]:
    """Return what somebody wants of each topic. Raises LoginNeeded."""
    rows = current_session().execute(
        select(ContentNotePreference.topic, ContentNotePreference.display).where(
            ContentNotePreference.account_id == person_id(viewer)
        )
    )
    return {row.topic: row.display for row in letters.in_order(rows, "topic")}


def expand_words(lines: str) -> str:
    """Return these choices with each word that a topic covers, as the page's script needs them.

    `lines` are as in `display_rule`.
    """
    careful: dict[str, str] = {}
    for line in lines.split("\n"):
        choice, _, topic = line.partition(":")
        for word in _words(topic):
            careful[word] = max(choice, careful.get(word, choice), key=DISPLAYS.index)
    return "\n".join(f"{choice}:{word}" for word, choice in careful.items())


def display_rule(lines: str, *, must_see: bool) -> Callable[[str], str]:
    """Return what a page asks about each content note: `display_for` with these choices.

    `lines` are "choice:topic", as a thread and a room have them.
    """
    pairs = (line.partition(":") for line in lines.split("\n"))
    choices = {topic: choice for choice, _, topic in pairs}
    return partial(display_for, choices=choices, must_see=must_see)


def is_hidden(content_note: str | None, lines: str | None, *, must_see: bool | None) -> bool:
    """Return whether a list of posts keeps back one's note and words, as its reader wants.

    `lines` are as in `display_rule`; people who `must_see` moderate the group.
    """
    if not content_note or not lines:
        return False
    return display_rule(lines, must_see=bool(must_see))(content_note) == HIDDEN


def display_for(content_note: str, choices: Mapping[str, str], *, must_see: bool = False) -> str:
    """Return what to do with words that have this content note; "" when there is nothing to do.

    Nothing is hidden from people who `must_see`, because they moderate the group.
    """
    if not content_note or not choices:
        return ""
    note = compared(content_note)
    wanted = [c for topic, c in choices.items() if topic != ALL and _covers(topic, note)]
    choice = max(wanted, key=DISPLAYS.index, default=choices.get(ALL, COLLAPSED))
    return COLLAPSED if must_see and choice == HIDDEN else choice


def open_note(fragment: Markup) -> Markup:
    """Return the fragment of a post or a message with its content note open."""
    return fragment.replace(_CLOSED, _CLOSED + Markup(" open"), 1)


def folded(words: str) -> str:
    """Return words as they are compared: lower case, nothing but letters and numbers between."""
    lower = unicodedata.normalize("NFC", words).lower()
    return _BETWEEN_WORDS.sub(" ", lower).strip()


def compared(words: str) -> str:
    """Return words as a note and a topic are compared: `folded`, without accents."""
    apart = unicodedata.normalize("NFD", words)
    return folded(_ACCENTS.sub("", apart))


def suggested_topics(note: str) -> tuple[str, ...] | None:
    """Return the topics of a note in the language of this job; None where it holds other words.

    Whoever wrote it may have taken them from the list of any language.
    """
    known = _suggested_in_all_languages()
    topics = [known.get(compared(part)) for part in _BETWEEN_TOPICS.split(note)]
    return tuple(str(SUGGESTED[one]) for one in topics if one) if all(topics) else None


@cache
def _suggested_in_all_languages() -> dict[str, str]:
    known = {}
    for language in catalogues.codes():
        with using(language):
            known.update({compared(str(words)): topic for topic, words in SUGGESTED.items()})
    return known


def _covers(topic: str, note: str) -> bool:
    return any(content_note_words.stands_in(word, note) for word in _words(topic))


@lru_cache(maxsize=1_000)
def _words(topic: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(compared(word) for word in content_note_words.covered(topic)))
