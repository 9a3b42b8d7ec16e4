"""What gunicorn itself has to say, as JSON lines like all others.

It is loaded before anything else, in the process that watches over the workers; so it imports
nothing of ours and no library that looks at the network.
"""

import json
import logging
from datetime import UTC, datetime
from pathlib import PurePath
from traceback import extract_tb
from typing import Any

from gunicorn.glogging import Logger

REASONS = {
    "Reloader is on. Use in development only!": (
        "The forum starts again whenever one of its files changes. That suits work on it, and "
        "nothing else."
    ),
    "WORKER TIMEOUT (pid:%s)": (
        "A web process did nothing for a minute and is started anew. The line “worker_stuck” "
        "says where it was; if there is none, it was inside a library."
    ),
    "Worker (pid:%s) was sent %s! Perhaps out of memory?": (
        "A web process was killed. If nobody did that, the machine has too little memory."
    ),
}


class LogLine(logging.Formatter):
    """One JSON object a line. It includes what was filled into a message: process ids and
    signals.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record; of an exception, its type and where it came from."""
        entry: dict[str, Any] = {
            "event": "server",
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            # Without arguments a message may have been put together from anything.
            "said": record.getMessage() if record.args else "",
            "where": f"{PurePath(record.pathname).name}:{record.lineno}:{record.funcName}",
        }
        if reason := REASONS.get(str(record.msg)):
            entry["reason"] = reason
        if record.exc_info and record.exc_info[0]:
            kind, _error, trace = record.exc_info
            entry["exception"] = kind.__qualname__
            entry["frames"] = [
                f"{'/'.join(PurePath(step.filename).parts[-2:])}:{step.lineno}:{step.name}"
                for step in extract_tb(trace)
            ]
        return json.dumps(entry)


class JsonLines(Logger):  # type: ignore[misc]
    """gunicorn's own logger, with such lines."""

    def setup(self, cfg: Any) -> None:
        """Set up as gunicorn does."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(LogLine())
