"""Reading what a request carries: numbers in its address, JSON in its body, each checked by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from adapters.sandbox.gate import Bad
from adapters.sandbox.limits import LONGEST_RUN, MOST_ANSWERS
from bot.ui import Answer
from bot.ui.markup import clean

_NUMBER = re.compile(r"\d{1,15}", re.ASCII)

Body = Mapping[str, Any]


async def body(request: web.Request) -> Body:
    """The JSON object in the request. Raises Bad for anything else."""
    try:
        found = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError):
        raise Bad("The body must be JSON.") from None
    if not isinstance(found, dict):
        raise Bad("The body must be a JSON object.")
    return found


def text(found: Body, key: str, *, longest: int = LONGEST_RUN, default: str | None = None) -> str:
    """A text without control characters. Raises Bad where it is missing, empty, too long or something else."""
    given = found.get(key, default)
    if not isinstance(given, str):
        raise Bad(f"“{key}” must be a text.")
    tidy = clean(given)
    if not tidy and default is None:
        raise Bad(f"“{key}” must not be empty.")
    if len(tidy) > longest:
        raise Bad(f"“{key}” must have at most {longest} characters.")
    return tidy


def flag(found: Body, key: str, *, default: bool = False) -> bool:
    """True or false. Raises Bad for something else."""
    given = found.get(key, default)
    if not isinstance(given, bool):
        raise Bad(f"“{key}” must be true or false.")
    return given


def number(found: Body, key: str) -> int | None:
    """A number of ours, if it is given. Raises Bad for something else."""
    given = found.get(key)
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < 10**15:
        raise Bad(f"“{key}” must be a number.")
    return given


def answers(found: Body, key: str) -> dict[str, Answer]:
    """Answers by field. Numbers, true and false become what a person would have typed; null is no answer."""
    given = found.get(key, {})
    if not isinstance(given, dict) or len(given) > MOST_ANSWERS:
        raise Bad(f"“{key}” must be an object with at most {MOST_ANSWERS} answers by field.")
    return {clean(name): _answer(name, value) for name, value in given.items() if value is not None}


def instant(found: Body, key: str) -> datetime:
    """A moment such as 2027-06-15T14:00:00Z. Raises Bad for anything that names no zone."""
    try:
        moment = datetime.fromisoformat(text(found, key)).astimezone(UTC)
        named = datetime.fromisoformat(text(found, key)).utcoffset() is not None
    except (ValueError, OverflowError):
        named = False
    if not named:
        raise Bad(f"“{key}” must be a moment with its zone, such as 2027-06-15T14:00:00Z.")
    return moment


def in_path(request: web.Request, key: str, *, what: str) -> int:
    """A number in the address. Raises Bad, as not found, for anything else."""
    given = request.match_info[key]
    if not _NUMBER.fullmatch(given):
        raise Bad(f"There is no {what} “{given[:40]}”.", status=404)
    return int(given)


def in_query(request: web.Request, key: str) -> int:
    """A number behind the question mark; 0 where it is missing."""
    given = request.query.get(key, "0")
    if not _NUMBER.fullmatch(given):
        raise Bad(f"“{key}” must be a number.")
    return int(given)


def _answer(name: str, value: Any) -> Answer:
    if isinstance(value, list) and len(value) <= MOST_ANSWERS:
        return [_single(name, item) for item in value]
    return _single(name, value)


def _single(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return clean(value)
    raise Bad(f"“{name[:40]}” must be a text or a list of texts.")
