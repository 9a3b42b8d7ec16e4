"""Reasons and notes that the forum words itself.

What is written down is the key, the English as it was first; whoever reads it gets the words in
their own language.
"""

from forum.core.translation import lazy

AFTER_APPEAL = "After an objection"
BY_REPORTS = "Three members reported it"
FOR_A_BREAK = "Passed on, to take a break."
THREAD_MOVED = "Its conversation was moved here from another group."
# The reasons that moderators choose from while administrators have written none.
CHOICES = {
    "It is unkind to somebody": lazy("It's unkind to someone"),
    "It gives away who somebody is": lazy("It gives away who someone is"),
    "It describes ways to harm oneself": lazy("It describes ways to harm oneself"),
    "It is advertising": lazy("It's advertising"),
    "It belongs somewhere else": lazy("It belongs somewhere else"),
}
_WORDS = CHOICES | {
    AFTER_APPEAL: lazy("After an appeal"),
    BY_REPORTS: lazy("Three members reported it"),
    FOR_A_BREAK: lazy("Handed over to take a break"),
    THREAD_MOVED: lazy("Its thread was moved here from another group"),
}


def in_words(reason: str) -> str:
    """Return a reason in the reader's language, as far as the forum has worded it."""
    if reason in _WORDS:
        return str(_WORDS[reason])
    chosen, mark, own = reason.partition(". ")
    return f"{CHOICES[chosen]}{mark}{own}" if chosen in CHOICES else reason
