"""What is asked for when a release is, by whichever door."""

from dataclasses import dataclass

from forum.core import text
from forum.core.errors import Invalid
from forum.core.translation import formats, lazy, lazy_format
from forum.research.releases.ledger import released_profiles

TIERS = ("aggregate", "microdata", "panel", "events")
NAME_MOST, REASON_MOST = 200, 2_000
ARCHIVE = "release.zip"  # what a packed release is
HOURS_MOST = 24 * 31
TIER_UNKNOWN = lazy("Please choose one of these.")
NEEDS_AGREEMENT = lazy("Event rows are personal data. Please add the signed agreement.")
NEEDS_RECIPIENT = lazy("Event rows are personal data. Please say who receives them.")
NEEDS_REASON = lazy("Please say why you need this release. The ledger keeps your reason.")
NEEDS_MAKER = lazy("Please say who makes this release. The ledger keeps the name.")
HOURS_OUTSIDE = lazy("Enter a number of hours from 1 to %(most)s.", most=HOURS_MOST)
CLASS_SIZE_LEAST, CLASS_SIZE_MOST, CLASS_SIZE_TIERS = 11, 200, ("microdata", "panel")
CLASS_SIZE_OUTSIDE = lazy(
    "Enter a number of people from %(least)s to %(most)s.",
    least=CLASS_SIZE_LEAST,
    most=CLASS_SIZE_MOST,
)
GUESSES_LEAST, GUESSES_MOST = 2, 9  # of a hundred
GUESSES_OUTSIDE = lazy(
    "Enter a percentage of right guesses from %(least)s to %(most)s.",
    least=GUESSES_LEAST,
    most=GUESSES_MOST,
)
GUESSES_ELSEWHERE = lazy(
    "You can set how many guesses may be right only for panels, and for microdata that don't "
    "follow people."
)
CLASS_SIZE_ELSEWHERE = lazy(
    "You can only set how many people must be alike for microdata and panels."
)
COLUMNS = (*released_profiles.VISIBLE, *released_profiles.HIDDEN)
EVERY_COLUMN = "all"
COLUMNS_UNKNOWN = lazy(
    "Please choose some of these columns, including one that members can see: %(columns)s.",
    columns=", ".join(COLUMNS),
)
COLUMNS_ELSEWHERE = lazy("You can only choose columns for microdata.")
LINKAGE_ELSEWHERE = lazy("Only microdata can follow people across releases.")
LINKAGE_OF_A_PANEL = lazy(
    "In a panel, a person has the same id in all periods from the beginning, so there is nothing "
    "to follow. Ask for a newer panel without this, or for microdata."
)
LINKAGE_NEEDS_RECIPIENT = lazy(
    "Please say who receives it. People are followed for one recipient and one purpose."
)
EPSILON_MOST = 1.0  # for one release
EPSILON_OUTSIDE = lazy(
    "Epsilon must be more than 0, and at most %(most)s for one release.",
    most=lazy_format(formats.number, EPSILON_MOST),
)
NOISE_ELSEWHERE = lazy("You can only add noise with an epsilon to aggregates.")


@dataclass(frozen=True)
class ReleaseRequest:
    """What is asked for: of which study, what tier, by whom, why, and for whom.

    `class_size` is how many people at least are in a class of microdata or a panel, where it is to
    be more than needed, and `guesses` how many of a hundred about a row may be right, where it is
    to be more than usual. `columns` are those that microdata are made of: `EVERY_COLUMN`, or the
    dose columns where none is named. `linkage` is the purpose for which people who agreed keep
    their ids in later microdata for the same recipient, or empty. `hours` is what times in event
    rows are cut to; `agreement` is the file that says so. `by_id` is the account that asks, or none
    for the operator. With `packed` the files become one archive. With an `epsilon`, aggregates have
    noise. A seed is to reproduce a release, and else made and forgotten; it reproduces neither
    noise nor the keys of events. `zone` is the study's.
    """

    study: str
    title: str
    tier: str
    made_by: str
    reason: str
    purpose: str = ""
    recipient: str = ""
    agreement: bytes | None = None
    hours: int = 1
    spss: bool = False
    epsilon: float | None = None
    seed: int | None = None
    class_size: int | None = None
    guesses: int | None = None
    columns: tuple[str, ...] = ()
    linkage: str = ""
    by_id: int | None = None
    packed: bool = False
    zone: str = "UTC"

    @property
    def follows(self) -> bool:
        """Whether people are to keep their ids over releases."""
        return bool(self.linkage.strip())

    @property
    def told_columns(self) -> tuple[str, ...]:
        """The columns that microdata are made of."""
        if self.columns == (EVERY_COLUMN,):
            return COLUMNS
        return self.columns or released_profiles.DOSE

    def check(self) -> None:
        """Raise Invalid, naming every field that keeps the release from being made."""
        personal = self.tier == "events"
        wrong = {
            "tier": "" if self.tier in TIERS else TIER_UNKNOWN,
            "made_by": _text_problem(self.made_by, NAME_MOST, NEEDS_MAKER),
            "reason": _text_problem(self.reason, REASON_MOST, NEEDS_REASON),
            "recipient": _text_problem(self.recipient, NAME_MOST, self._why_recipient()),
            "agreement": "" if self.agreement or not personal else NEEDS_AGREEMENT,
            "epsilon": self._about_epsilon(),
            "alike": self._about_class_size(),
            "guesses": self._about_guesses(),
            "columns": self._about_columns(),
            "linkage": self._about_linkage(),
            "hours": "" if 1 <= self.hours <= HOURS_MOST else HOURS_OUTSIDE,
        }
        if found := {field: words for field, words in wrong.items() if words}:
            raise Invalid(fields=found, code="release_incomplete")

    def _why_recipient(self) -> str:
        if self.tier == "events":
            return NEEDS_RECIPIENT
        return LINKAGE_NEEDS_RECIPIENT if self.follows else ""

    def _about_linkage(self) -> str:
        if self.follows and self.tier != "microdata":
            return LINKAGE_OF_A_PANEL if self.tier == "panel" else LINKAGE_ELSEWHERE
        return _text_problem(self.linkage, NAME_MOST, "")

    def _about_epsilon(self) -> str:
        if self.epsilon is None:
            return ""
        if self.tier != "aggregate":
            return NOISE_ELSEWHERE
        return "" if 0 < self.epsilon <= EPSILON_MOST else EPSILON_OUTSIDE

    def _about_columns(self) -> str:
        if not self.columns:
            return ""
        if self.tier != "microdata":
            return COLUMNS_ELSEWHERE
        told = set(self.told_columns)
        known = told <= set(COLUMNS) and told & set(released_profiles.VISIBLE)
        return "" if known else COLUMNS_UNKNOWN

    def _about_guesses(self) -> str:
        if self.guesses is None:
            return ""
        if self.tier not in CLASS_SIZE_TIERS or self.follows:
            return GUESSES_ELSEWHERE
        return "" if GUESSES_LEAST <= self.guesses <= GUESSES_MOST else GUESSES_OUTSIDE

    def _about_class_size(self) -> str:
        if self.class_size is None:
            return ""
        if self.tier not in CLASS_SIZE_TIERS:
            return CLASS_SIZE_ELSEWHERE
        return "" if CLASS_SIZE_LEAST <= self.class_size <= CLASS_SIZE_MOST else CLASS_SIZE_OUTSIDE


def one_line(words: str) -> str:
    """Return words as the ledger keeps and compares them: in one line, with single spaces."""
    return " ".join(words.split())


def _text_problem(given: str, most: int, needed: str) -> str:
    """Return what is wrong with words that the ledger keeps; `needed` is said when there are none.

    It may be empty, for words that can be left out.
    """
    if not given.strip():
        return needed
    try:
        text.checked(given, "this", most=most)
    except Invalid as wrong:
        return wrong.fields["this"]
    return ""
