"""What takes the place of the name of somebody who has left for good."""

from forum.core.translation import _, languages, using

FORMER_MEMBER = "a former member"  # what is stored as their handle until the account is erased


def in_words_of_others() -> str:
    """Return what is written where others have named them.

    It is in the forum's own language, since what people write is the same for all readers.
    """
    with using(languages.default()):
        return _("a former member")
