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

_CLOSED = frozenset({"user_disabled", "user_not_found", "user_not_visible", "users_not_found", "cannot_dm_bot"})
"""Slack speaks of the reader."""

_GONE = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "is_inactive",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "invalid_user_combination",
        "method_not_supported_for_channel_type",
        "not_enough_users",
        "too_many_users",
        "block_mismatch",
        "cant_broadcast_message",
        "no_dual_broadcast_content_update",
    }
)
"""Slack speaks of the conversation, of the people who would be in it, or of the post that should be replaced."""

_ADMINS = "The workspace keeps the app from doing this, and letters wait: its admins can say why."
_MOVING = "The workspace is on its way into an organization, and letters wait until it is there."
_AMISS = {
    "messages_tab_disabled": "The app's Messages tab is off: switch it on under App Home, with messages allowed.",
    "missing_scope": "The app lacks a right: install it again with the manifest of this version.",
    "access_denied": _ADMINS,
    "accesslimited": _ADMINS,
    "app_access_restricted": _ADMINS,
    "ekm_access_denied": _ADMINS,
    "enterprise_is_restricted": _ADMINS,
    "no_permission": _ADMINS,
    "not_allowed_token_type": _ADMINS,
    "two_factor_setup_required": _ADMINS,
    "org_login_required": _MOVING,
    "team_added_to_org": _MOVING,
}
"""What is amiss with the whole app, and what whoever installed it can do: letters wait for that."""

_OURS = "Slack does not take what this version of the app says, and letters wait for a newer one."
"""The same for every other word: it says nothing of the reader, who must not be lost by it."""

_LATER = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "message_limit_exceeded",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "update_failed",
        "streaming_state_conflict",
        "external_channel_migrating",
    }
)
"""It passes by itself, and soon."""

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
    """The same for a letter: only what Slack says of its reader or conversation leaves those unreachable."""
    found, code = passing(error), refusals.code(error)
    if found is not None:
        return found
    if code in _CLOSED or code in _GONE:
        log.warning("letter refused", error=code)
        return NotDelivered(Trouble.CLOSED if code in _CLOSED else Trouble.GONE)
    log.error(f"{_AMISS.get(code, _OURS)} (docs/operating.md, Slack)", error=code, needed=refusals.needed(error))
    return NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
