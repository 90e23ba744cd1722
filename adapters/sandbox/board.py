"""The messages of all conversations: what a real platform keeps for its people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import Select, func, select

from adapters.sandbox.limits import MOST_SHOWN
from adapters.sandbox.live import Live
from adapters.sandbox.tables import Posted
from bot.storage.work import Storage, Work
from bot.ui import Message, codec


class Board:
    """Where messages are put up and changed, one at a time, so that their revisions never cross."""

    def __init__(self, storage: Storage, live: Live) -> None:
        self._storage = storage
        self._live = live
        self._turn = asyncio.Lock()

    async def say(
        self,
        conversation: str,
        message: Message,
        *,
        letter: int | None = None,
        audience: int | None = None,
    ) -> Posted:
        """Put up a message of the bot; a letter that was put up before is found and left as it is."""
        said = Posted(
            conversation=conversation, letter=letter, audience_id=audience, message=codec.dump(message), words=""
        )
        return await self._put(said)

    async def write(self, conversation: str, words: str, *, author: int, audience: int | None = None) -> Posted:
        """Put up what a person wrote."""
        return await self._put(Posted(conversation=conversation, author_id=author, audience_id=audience, words=words))

    async def change(self, number: int, message: Message) -> Posted | None:
        """Replace what the bot said; nothing if it is gone."""
        async with self._turn, self._storage.work() as work:
            posted = await work.find(Posted, number)
            if posted is not None:
                posted.message, posted.changed_at = codec.dump(message), work.now
                posted.revision = await newest_revision(work) + 1
        self._live.ring()
        return posted

    async def _put(self, posted: Posted) -> Posted:
        async with self._turn, self._storage.work() as work:
            if posted.letter is not None and (earlier := await of_letter(work, posted.letter)):
                return earlier
            posted.posted_at, posted.revision = work.now, await newest_revision(work) + 1
            work.add(posted)
            await work.flush()
        self._live.ring()
        return posted


async def newest_revision(work: Work) -> int:
    """The number of the last change."""
    return await work.first(select(func.coalesce(func.max(Posted.revision), 0))) or 0


async def of_letter(work: Work, letter: int) -> Posted | None:
    """The message that a letter became."""
    return await work.first(select(Posted).where(Posted.letter == letter))


def for_person(person: int) -> Select[Posted]:
    """What one person may see of the conversations that they are in."""
    return select(Posted).where(Posted.audience_id.is_(None) | (Posted.audience_id == person))


def for_all() -> Select[Posted]:
    """What everybody in a conversation sees."""
    return select(Posted).where(Posted.audience_id.is_(None))


async def newest(work: Work, wanted: Select[Posted]) -> Sequence[Posted]:
    """The newest of these messages, the oldest first."""
    found = await work.all(wanted.order_by(Posted.id.desc()).limit(MOST_SHOWN))
    return found[::-1]


async def newest_letters(work: Work) -> dict[str, int]:
    """By conversation, the number of its newest letter."""
    rows = await work.session.execute(
        select(Posted.conversation, func.max(Posted.id)).where(Posted.letter.is_not(None)).group_by(Posted.conversation)
    )
    return {row[0]: row[1] for row in rows}
