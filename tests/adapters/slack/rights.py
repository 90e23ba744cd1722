"""What Slack lets an app do, by the scopes that it was given and by where its bot is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.slack import manifest

SCOPES = frozenset(manifest.SCOPES) | {"users:read.email"}
"""What the manifest asks for and an admin has granted: all that is needed, and of the rest only addresses."""

_NEEDED = {
    "users.info": "users:read",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
}

_KINDS = {"public_channel": "channels", "private_channel": "groups", "mpim": "mpim", "im": "im"}
_LISTED = "public_channel"
"""What `users.conversations` lists where no `types` are given."""

EVENTS = {"message": "im:history", "team_join": "users:read", "user_change": "users:read"}
"""What Slack brings only to an app that may read it."""


def needed(method: str, given: Mapping[str, Any], channels: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The scopes that a call needs, of which Slack names the first that is missing."""
    if method in _NEEDED:
        yield _NEEDED[method]
    if method == "conversations.open":
        yield "mpim:write" if "," in str(given.get("users", "")) else "im:write"
    if method == "users.conversations":
        yield from (f"{_KINDS[kind]}:read" for kind in str(given.get("types") or _LISTED).split(","))
    if method in ("conversations.info", "conversations.history"):
        yield f"{_family(str(given['channel']), channels)}:{'read' if method.endswith('info') else 'history'}"


def _family(channel: str, channels: Mapping[str, Mapping[str, Any]]) -> str:
    """How a conversation's scopes begin."""
    if channel.startswith("D"):
        return "im"
    known = channels.get(channel, {})
    if known.get("is_mpim"):
        return "mpim"
    return "groups" if known.get("is_private") else "channels"
