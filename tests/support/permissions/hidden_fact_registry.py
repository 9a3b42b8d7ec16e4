"""The hidden facts by which pairs of worlds differ, and for whom they do."""

from collections.abc import Callable

from tests.support.permissions.hidden_worlds import Hidden

Fact = Callable[[Hidden], None]
FACTS: dict[Fact, tuple[str, ...]] = {}


def hidden_from(*roles: str) -> Callable[[Fact], Fact]:
    """Let the pairs of worlds for these roles differ in this, too."""

    def listed(fact: Fact) -> Fact:
        FACTS[fact] = roles
        return fact

    return listed
