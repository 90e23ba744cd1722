"""What Slack says when it does not do something."""

from __future__ import annotations

from typing import Any

from slack_sdk.errors import SlackApiError

TOKEN = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
"""Our token is not taken, or no longer."""

GONE = frozenset({"account_inactive", "token_revoked"})
"""The bot was removed there: such a token is never taken again."""


def code(error: SlackApiError) -> str:
    """Slack's word for it; empty where something between Slack and us has answered."""
    return _said(error, "error")


def needed(error: SlackApiError) -> str:
    """The scope that was missing, if one was."""
    return _said(error, "needed")


def status(error: SlackApiError) -> int:
    """The status of the answer; 0 where there was none to read."""
    found = getattr(error.response, "status_code", None) or getattr(error.response, "status", 0)
    return int(found or 0)


def pause(error: SlackApiError) -> float:
    """Seconds until Slack wants to hear of us again."""
    headers = getattr(error.response, "headers", None) or {}
    return float(headers.get("Retry-After", 30))


def code_in(answer: Any) -> str:
    """The same of an answer that was not raised."""
    return str(answer.get("error") or "")


def _said(error: SlackApiError, key: str) -> str:
    said = getattr(error.response, "data", None)
    return str(said.get(key) or "") if isinstance(said, dict) else ""
