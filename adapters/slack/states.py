"""Installations that were begun: each may come back once, within ten minutes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from sqlalchemy import delete

from adapters.slack.tables import Begun
from bot.storage.work import Storage

LASTS = timedelta(minutes=10)
"""How long somebody may look at Slack's question."""


class States(AsyncOAuthStateStore):
    """Remembers what it gave out, by its digest alone."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def async_issue(self, *_: object, **__: object) -> str:
        """A new state; those that nobody came back with are forgotten."""
        state = secrets.token_urlsafe(32)
        async with self.storage.work() as work:
            await work.session.execute(delete(Begun).where(Begun.ends_at <= work.now))
            work.add(Begun(digest=_digest(state), ends_at=work.now + LASTS))
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether a state is one of ours, comes in time, and for the first time."""
        async with self.storage.work() as work:
            used = delete(Begun).where(Begun.digest == _digest(state)).returning(Begun.ends_at)
            ends_at = (await work.session.scalars(used)).first()
            return ends_at is not None and work.now < ends_at


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
