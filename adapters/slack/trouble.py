"""What Slack refuses, in the terms of the outbox."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from adapters.slack import refusals
from adapters.slack.workspaces import REVOKED_PAUSE
from bot.ports import NotDelivered, Trouble

log = structlog.get_logger()

_CLOSED = frozenset({"user_disabled", "user_not_found", "users_not_found", "cannot_dm_bot"})
_AMISS = {
    "messages_tab_disabled": "The app's Messages tab is off: switch it on under App Home, with messages allowed.",
    "missing_scope": "The app lacks a right: install it again with the manifest of this version.",
}
"""What is amiss with the whole app, and what whoever installed it can do: letters wait for that."""

_LATER = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_NONE: frozenset[str] = frozenset()


async def called(request: Awaitable[Any], *, unless: frozenset[str] = _NONE) -> Any:
    """The answer of a Web API method. Raises NotDelivered for whatever Slack refuses, but for errors in `unless`."""
    try:
        return await request
    except SlackApiError as error:
        if refusals.code(error) in unless:
            return error.response
        raise of(error) from error
    except (ClientError, TimeoutError) as error:
        raise NotDelivered(Trouble.UNSURE) from error


def passing(error: SlackApiError) -> NotDelivered | None:
    """What may work later, and says nothing of what was asked for: nothing for a refusal."""
    code, status = refusals.code(error), refusals.status(error)
    if status == 429 or code in _LATER:
        return NotDelivered(Trouble.BUSY, seconds=refusals.pause(error))
    if code in refusals.TOKEN:  # our token, not the reader
        return NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
    if status >= 500 or not code:  # something between Slack and us has answered
        return NotDelivered(Trouble.UNSURE)
    return None


def of(error: SlackApiError) -> NotDelivered:
    """The same for a letter: what does not pass leaves its reader unreachable."""
    found, code = passing(error), refusals.code(error)
    if found is not None:
        return found
    if code in _AMISS:
        log.error(f"{_AMISS[code]} (docs/operating.md, Slack)", error=code, needed=refusals.needed(error))
        return NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
    log.warning("letter refused", error=code, needed=refusals.needed(error))
    return NotDelivered(Trouble.CLOSED if code in _CLOSED else Trouble.GONE)
