"""Which workspaces have installed the bot, and with which token: in the database, where every process finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from adapters.slack.sealing import Seal, Unopened
from adapters.slack.tables import Installed
from bot.settings import Misconfigured
from bot.storage.work import Storage


@dataclass(frozen=True, slots=True)
class Installation:
    """One workspace: its id and name, the bot's user and bot ids there, its token, and who installed it."""

    team: str
    name: str
    bot: str
    bot_id: str
    token: str
    installed_by: str


class Installations:
    """Keeps tokens sealed, and gives them out open."""

    def __init__(self, storage: Storage, seal: Seal) -> None:
        self.storage = storage
        self.seal = seal

    async def keep(self, found: Installation) -> bool:
        """Remember a workspace, or its new token; whether the bot was not there before."""
        known = {
            "name": found.name[:200],
            "bot": found.bot,
            "bot_id": found.bot_id,
            "token": self.seal.close(found.token),
            "installed_by": found.installed_by,
        }
        async with self.storage.work() as work:
            row = {"team": found.team, "installed_at": work.now, **known}
            if await work.insert_once(Installed, [row], unique=["team"]):
                return True
            await work.session.execute(update(Installed).where(Installed.team == found.team).values(**known))
            return False

    async def find(self, team: str) -> Installation | None:
        """A workspace. Raises Unopened if no listed key opens its token."""
        async with self.storage.reading() as work:
            row = await work.first(select(Installed).where(Installed.team == team))
        return None if row is None else self._opened(row)

    async def teams(self) -> Sequence[str]:
        """Every workspace, by Slack's id of it."""
        async with self.storage.reading() as work:
            return await work.all(select(Installed.team).order_by(Installed.id))

    async def forget(self, team: str, *, token: str = "") -> None:
        """The bot was removed from a workspace: its token goes at once. `token` spares one that came since."""
        async with self.storage.work() as work:
            row = await work.first(select(Installed).where(Installed.team == team).with_for_update())
            if row is not None and (not token or self._has(row, token)):
                await work.session.execute(delete(Installed).where(Installed.id == row.id))

    async def renew(self) -> int:
        """Seal with the first key what older ones have sealed; how many that were.

        Raises Misconfigured for tokens that no listed key opens: whoever removed a key too early hears it at once.
        """
        async with self.storage.reading() as work:
            rows = await work.all(select(Installed).order_by(Installed.id))
        old = [row for row in rows if not self.seal.is_newest(row.token)]
        try:
            renewed = [(row, self.seal.close(self.seal.open(row.token))) for row in old]
        except Unopened:
            raise Misconfigured(
                "MENTORBOT_SECRET_KEY lacks the key that tokens in the database were sealed with: list it behind the"
                " others. docs/operating.md, Slack for many workspaces, explains it."
            ) from None
        for row, sealed in renewed:
            async with self.storage.work() as work:  # unless another process did, or there is a new token
                mine = (Installed.id == row.id) & (Installed.token == row.token)
                await work.session.execute(update(Installed).where(mine).values(token=sealed))
        return len(renewed)

    def _opened(self, row: Installed) -> Installation:
        token = self.seal.open(row.token)
        return Installation(row.team, row.name, row.bot, row.bot_id, token, row.installed_by)

    def _has(self, row: Installed, token: str) -> bool:
        try:
            return self.seal.open(row.token) == token
        except Unopened:
            return False
