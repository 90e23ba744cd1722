"""Structured logs that carry ids and figures, never what people wrote."""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_ID = re.compile(r"[\w.:/@+,-]{1,80}")
_FREE = ("event", "level", "timestamp", "exception")


def configure(level: str, style: Literal["console", "json"]) -> None:
    """Send all logs to standard error: ours from `level` up, those of libraries from warnings up.

    At level debug nothing is withheld; that is for a developer's own machine. APScheduler is heard from errors up: it
    warns whenever a sweep still runs at its next tick ("maximum number of running instances reached"), which under load
    is every second, loses nothing, and is how sweeps are meant to take their turns.
    """
    debug = level == "debug"
    chain: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([structlog.processors.format_exc_info] if debug else [outline_exception, keep_ids]),
    ]
    renderer: Processor = structlog.processors.JSONRenderer()
    if style == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[*chain, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*([] if debug else [_first_line]), *chain],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            use_get_message=debug,  # else the sentence that the library's author wrote, without values
        )
    )
    threshold = logging.INFO if debug else max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()])
    logging.basicConfig(handlers=[libraries], level=threshold, force=True)
    logging.getLogger("apscheduler").setLevel(logging.NOTSET if debug else logging.ERROR)


def log_failure(event: str, **ids: str) -> str:
    """Log the exception at hand; its reference, for whoever asked to name it by."""
    reference = secrets.token_hex(3)
    structlog.get_logger().exception(event, reference=reference, **ids)
    return reference


def keep_ids(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Withhold every value that is neither a figure, a date nor short and without spaces, as ids and rights are."""
    return {key: value if key in _FREE or _is_id(value) else _withheld(value) for key, value in event.items()}


def outline_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Write where an error happened and its type, but not its words: they often quote values."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event["exception"] = "".join(_outline(error)).rstrip()
    return event


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return _ID.fullmatch(value) is not None
    return value is None or isinstance(value, bool | int | float | date | Enum)


def _withheld(value: object) -> str:
    return f"<{type(value).__name__}>"


def _outline(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _outline(before)
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"
    for part in getattr(error, "exceptions", ()):
        yield from _outline(part)


def _first_line(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event["event"] = str(event["event"]).partition("\n")[0]
    return event
