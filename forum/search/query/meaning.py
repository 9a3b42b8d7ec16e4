"""What a query means: words and phrases to find or to leave out, and from where, whom and when."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from forum.core.errors import Invalid
from forum.core.translation import _
from forum.search.analysis import stems, tokens
from forum.search.query import syntax

QUERY_MAX = 200
TYPED_MAX = 400  # of most scripts, more characters would not fit into an address
WORDS_MAX = 40  # a sentence of Japanese has as many pairs as characters


@dataclass
class Query:
    """A query as it is understood.

    `phrases` are words in a row, as the index stores them; their words are in `words`, too. Where
    `nothing` is true, it asks for what cannot be: an unknown date, or two different groups.
    """

    text: str
    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    without_words: list[str] = field(default_factory=list)
    without_phrases: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    after: datetime | None = None
    before: datetime | None = None
    bad_dates: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        wanted = self.words or self.groups or self.authors or self.after or self.before
        return not (wanted or self.without_words or self.without_phrases or self.bad_dates)

    @property
    def has_only_words(self) -> bool:
        """Whether it asks for words alone, so groups, people and meetings can be meant."""
        others = self.groups or self.authors or self.after or self.before or self.bad_dates
        return bool(self.words) and not (others or self.without_words or self.without_phrases)

    @cached_property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """For each word, the forms in which it may be in a text."""
        return tuple(stems.forms_asked(word) for word in dict.fromkeys(self.words))

    @cached_property
    def without_forms(self) -> tuple[str, ...]:
        """The forms of words that must not be there."""
        forms = [form for word in self.without_words for form in stems.forms_asked(word)]
        return tuple(dict.fromkeys(forms))


def understand(text: str) -> Query:
    """Return what a query means. Raises Invalid for one that is too long."""
    if len(text) > QUERY_MAX:
        raise Invalid(fields={"q": too_long()})
    query = Query(text)
    for part in syntax.parts_of(text):
        if part.field:
            _set_field(query, part)
        else:
            _add_words(query, part)
    if len(set(query.words)) + len(set(query.without_words)) > WORDS_MAX:
        raise Invalid(
            fields={"q": _("That's a lot of words. Please choose the few that matter most.")}
        )
    return query


def too_long() -> str:
    """Say that a query is too long."""
    return _(
        "Your search is too long. Please use up to %(most)s characters.",
        most=QUERY_MAX,
    )


def _add_words(query: Query, part: syntax.Part) -> None:
    words = tokens.words_of(part.text)
    if not words:
        return
    # "self-harm" and words without spaces between are several words in a row.
    in_a_row = f" {' '.join(words)} " if part.quoted or len(words) > 1 else ""
    if part.without:
        if in_a_row:
            query.without_phrases.append(in_a_row)
        else:
            query.without_words += words
        return
    query.words += words
    if in_a_row:
        query.phrases.append(in_a_row)


def _set_field(query: Query, part: syntax.Part) -> None:
    value = part.text.strip()
    if not value or part.without:
        return
    if part.field == "group":
        query.groups.append(value)
    elif part.field == "from":
        query.authors.append(value.removeprefix("@"))
    else:
        days = _days(value)
        if days is None:
            query.bad_dates.append(value)
        elif part.field == "before":
            query.before = min(query.before or days[0], days[0])
        else:
            query.after = max(query.after or days[1], days[1])


def _days(written: str) -> tuple[datetime, datetime] | None:
    """Return when a day, month or year begins and ends, written as 2026-12-01, 2026-12 or 2026."""
    numbers = written.split("-")
    if not 1 <= len(numbers) <= 3 or not all(n.isascii() and n.isdigit() for n in numbers):
        return None
    year, month, day = (*map(int, numbers), *(None,) * 2)[:3]
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            last = first + timedelta(days=1)
        elif month:
            last = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        else:
            last = date(first.year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
    return _midnight(first), _midnight(last)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
