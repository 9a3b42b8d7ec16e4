"""Letting everybody else go on while the server does something long."""

import time

from gevent import monkey

TURN_S = 0.001


def give_way() -> None:
    """Let others go on for a moment; outside the server there are none.

    gevent's sleep(0) is not enough: it lets work go on that had begun, but while there is some,
    nothing that has come in is looked at.
    """
    if monkey.is_module_patched("time"):
        time.sleep(TURN_S)
