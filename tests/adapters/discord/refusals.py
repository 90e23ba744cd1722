"""What Discord refuses or does and SimCord lets pass, and a list of all that went wrong, which a town looks at last.

SimCord itself keeps 3 seconds, 15 minutes, 2,000 characters, 5 rows, a `custom_id` of 100, one answer an interaction.
The adapter lives with refusals (an interaction may be over), so a test that sees only its answers would miss them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import simcord
from simcord.backend.errors import BackendError
from simcord.http import router

NONCE_LASTS = timedelta(minutes=3)
"""For how long Discord knows a message by its nonce again."""

LONGEST_NONCE = 25

OURS = frozenset({10015, 10062, 40060, 50006, 50024, 50027, 50035})
"""Codes for what only a bot that does something wrong is told."""

NEWS, PRIVATE_THREAD = 5, 12
"""Types of channels: one for announcements, and a thread, which hangs below text channels only."""

SUBMITTED, MODAL = 5, 9
"""An interaction that brings a modal's answers, and the answer that opens a modal."""


@dataclass
class Refusals:
    """Stands between the bot and SimCord. `now` is the present as the bot knows it, which tests turn."""

    env: simcord.Env
    now: Callable[[], datetime]
    wrong: list[str] = field(default_factory=list)
    """What was refused, and who was pinged."""
    lets_into_locked: bool = False
    """Whether a locked thread takes people, if no words of who may not manage it."""
    lost: int = 0
    """How many of the next posts arrive without the bot hearing of it."""
    losing: Exception = field(default_factory=lambda: BackendError(500, 0, "the answer is lost on its way"))
    """What the bot hears of those instead."""
    fates: list[Exception | None] = field(default_factory=list)
    """What becomes of the next posts instead; nothing special where it is None."""
    _posted: dict[tuple[str, str], tuple[datetime, Any]] = field(default_factory=dict)

    def dispatch(self, backend: Any, method: str, path: str, **more: Any) -> Any:
        """A request of the bot's, as Discord answers it."""
        if backend is not self.env.backend:
            return _simcords(backend, method, path, **more)
        body = more.get("json")
        posts = method == "POST" and path.endswith("/messages")
        if posts and self.fates and (fate := self.fates.pop(0)) is not None:
            raise fate
        try:
            self._check(path, body)
            self._check_thread(method, path, body)
            answer = self._once(method, path, body, lambda: _simcords(backend, method, path, **more))
        except BackendError as refused:
            if refused.code in OURS:
                self.wrong.append(f"{refused.code} {refused.message}: {method} {path}")
            raise
        self._note_pings(path, answer)
        if posts and self.lost:
            self.lost -= 1
            raise self.losing
        return answer

    def check(self) -> None:
        """Fails if Discord had to refuse something, or somebody was pinged."""
        assert not self.wrong, self.wrong

    def _check(self, path: str, body: Any) -> None:
        if path.endswith("/callback") and body["type"] == MODAL:
            asked = self.env.backend.interactions.get(int(path.split("/")[2]))
            if asked is not None and asked.type == SUBMITTED:
                raise BackendError(400, 50035, "Invalid Form Body: no modal answers a modal")
        if isinstance(body, dict) and len(str(body.get("nonce") or "")) > LONGEST_NONCE:
            raise BackendError(400, 50035, f"Invalid Form Body: a nonce has {LONGEST_NONCE} characters at most")

    def _check_thread(self, method: str, path: str, body: Any) -> None:
        """Private threads hang below no announcements; one that is locked takes nothing from who may not manage it."""
        parts = path.split("/")
        if parts[1] != "channels":
            return
        channel = self.env.backend.channels.get(int(parts[2]))
        if channel is None:
            return
        if parts[3:] == ["threads"] and channel.type == NEWS and body["type"] == PRIVATE_THREAD:
            raise BackendError(400, 50024, "Cannot execute action on this channel type")
        if channel.thread_metadata is None or not channel.thread_metadata.locked:
            return
        if method == "PATCH" and not parts[3:]:
            raise BackendError(403, 50013, "Missing Permissions")
        if method in {"POST", "PATCH"} or (method == "PUT" and not self.lets_into_locked):
            raise BackendError(403, 50083, "Thread is archived")

    def _once(self, method: str, path: str, body: Any, post: Callable[[], Any]) -> Any:
        """A message that is known by its nonce is given back instead of posted again."""
        is_known = method == "POST" and path.endswith("/messages") and body.get("nonce") and body.get("enforce_nonce")
        if not is_known:
            return post()
        key = (path, str(body["nonce"]))
        at, answer = self._posted.get(key, (None, None))
        if at is None or self.now() - at > NONCE_LASTS:
            self._posted[key] = (self.now(), post())
            answer = self._posted[key][1]
        return deepcopy(answer)

    def _note_pings(self, path: str, answer: Any) -> None:
        said = answer.get("resource", {}).get("message", answer) if isinstance(answer, dict) else {}
        if "content" not in said or "channel_id" not in said:
            return
        message = self.env.backend.messages[int(said["channel_id"])].get(int(said["id"]))
        if message is not None and (message.mention_everyone or message.ping_user_ids or message.ping_role_ids):
            self.wrong.append(f"somebody was pinged: {path}")


_simcords = router.dispatch


@contextmanager
def refusing(env: simcord.Env, now: Callable[[], datetime]) -> Iterator[Refusals]:
    """Let SimCord refuse what Discord refuses."""
    refusals = Refusals(env, now)
    with mock.patch.object(router, "dispatch", refusals.dispatch):
        yield refusals
