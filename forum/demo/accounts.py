"""Whom one can log in as in the demo community."""

from typing import NamedTuple


class DemoAccount(NamedTuple):
    """Somebody made up; `what` says to the operator who they are."""

    handle: str
    password: str
    role: str
    what: str


ACCOUNTS = (
    DemoAccount(
        "fernway",
        "a quiet green lane",
        "member",
        "a member of several groups, and of the study at /studies/company",
    ),
    DemoAccount("hazelmoor", "warm bread at dawn", "member", "a facilitator"),
    DemoAccount("old_lantern", "light in the window", "member", "a moderator"),
    DemoAccount(
        "quiet_abacus",
        "counting what may help",
        "member",
        "the researcher of that study, who sees it at /research/company",
    ),
    DemoAccount("keeper", "keys to the whole house", "administrator", "the administrator"),
)
