"""What gunicorn says of itself: one JSON object a line, and why, where we know it."""

import json
import logging
import sys
from typing import Any

from forum.server.gunicorn_logs import LogLine


def line(said: str, *given: object, exc_info: Any = None) -> dict[str, Any]:
    record = logging.LogRecord(
        "gunicorn.error", logging.ERROR, "/usr/lib/arbiter.py", 9, said, given, exc_info, "reap"
    )
    read: dict[str, Any] = json.loads(LogLine().format(record))
    return read


def test_a_stuck_worker_is_explained() -> None:
    told = line("WORKER TIMEOUT (pid:%s)", 123)
    assert told["said"] == "WORKER TIMEOUT (pid:123)"
    assert told["reason"].startswith("A web process did nothing for a minute")
    assert told["where"] == "arbiter.py:9:reap"


def test_what_is_known_no_further_has_no_reason() -> None:
    assert "reason" not in line("Handling signal: %s", "term")


def test_words_that_may_hold_anything_are_left_out() -> None:
    told = line("Invalid request from somebody: secret")
    assert told["said"] == ""
    assert "secret" not in json.dumps(told)


def test_of_an_exception_its_type_and_places_are_kept() -> None:
    try:
        raise ValueError("secret")
    except ValueError:
        told = line("Exception in worker process", exc_info=sys.exc_info())
    assert told["exception"] == "ValueError"
    assert told["frames"][-1].startswith("server/test_gunicorn_logs.py:")
    assert "secret" not in json.dumps(told)
