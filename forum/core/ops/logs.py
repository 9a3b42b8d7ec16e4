"""Logs: one JSON object a line on stderr, and never anyone's words, email or address.

An exception is logged as its type and where it came from. Its message is left out, for messages
quote what people wrote. For the same reason what libraries log keeps its place and the fixed part
of its message, and loses what was filled in.
"""

import logging
import sys
import threading
from collections.abc import MutableMapping
from pathlib import PurePath
from traceback import StackSummary
from types import TracebackType
from typing import Any

import structlog
from gevent import GreenletExit, hub

from forum.core.db import database_errors

FRAMES_MAX = 30
# Ways of ending on purpose, such as Ctrl-C.
ENDINGS = (SystemExit, KeyboardInterrupt, GreenletExit)
QUIET = (
    "engineio",
    "engineio.server",
    "socketio",
    "socketio.server",
    "werkzeug",
    "sqlalchemy",
    "alembic",
    "gunicorn.error",
    "gunicorn.access",
    "flask-limiter",
)


class Stderr:
    """Where lines go: whatever `sys.stderr` is at that moment."""

    def write(self, line: str) -> None:
        """Write one line at once, so those of several processes do not mix."""
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg = write


class Libraries(logging.Handler):
    """Takes what libraries log through Python's own logging."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log where it was said and the fixed part of it; not what was filled in."""
        # A message without arguments may have been put together beforehand, from anything.
        fixed = str(record.msg) if record.args else ""
        structlog.get_logger().log(
            record.levelno,
            "library",
            logger=record.name,
            said=fixed,
            exc_info=record.exc_info,
            where=f"{PurePath(record.pathname).name}:{record.lineno}:{record.funcName}",
        )


def configure(level: str = "info") -> None:
    """Log from now on, in this process, whatever is as grave as `level` or more."""
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_messages,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_names: Stderr(),
        cache_logger_on_first_use=False,
    )
    _take_over(max(least, logging.WARNING))


def catch_strays() -> None:
    """Log in the same way what nothing else catches: in the process, its threads, its greenlets."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )
    hub.Hub.print_exception = _uncaught_greenlet


def frames(trace: TracebackType | None) -> list[str]:
    """Return where an exception went through, "file:line:function", innermost last."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{_short(code.co_filename)}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return places[-FRAMES_MAX:]


def steps(stack: StackSummary) -> list[str]:
    """Return where a process is, in the same way."""
    return [f"{_short(at.filename)}:{at.lineno}:{at.name}" for at in stack][-FRAMES_MAX:]


def _take_over(level: int) -> None:
    root = logging.getLogger()
    ours = [h for h in root.handlers if type(h) not in (Libraries, logging.StreamHandler)]
    root.handlers = [*ours, Libraries()]
    for name in QUIET:
        # A level of their own keeps these libraries from adding a handler that prints everything.
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        if logger.level != level:  # setting it makes every logger forget what it has found out
            logger.setLevel(level)


def _without_messages(
    _logger: object, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    info = entry.pop("exc_info", None)
    if not info:
        return entry
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    kind, error, trace = info if isinstance(info, tuple) else sys.exc_info()
    if kind is None:
        return entry
    if reason := database_errors.note(error):
        entry.setdefault("reason", reason.sentence)
    entry["exception"] = kind.__qualname__
    entry["frames"] = frames(trace)
    cause = error and (error.__cause__ or error.__context__)
    if cause:
        entry["cause"] = type(cause).__qualname__
        entry["cause_frames"] = frames(cause.__traceback__)
    return entry


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, ENDINGS):
        structlog.get_logger().error("uncaught", exc_info=(kind, error, trace))


def _uncaught_greenlet(_hub: Any, _greenlet: Any, kind: Any, error: Any, trace: Any) -> None:
    _uncaught(kind, error, trace)


def _short(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-2:])
