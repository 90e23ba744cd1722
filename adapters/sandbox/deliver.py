"""The sandbox as a messenger: letters become messages of its own table, each once."""

from __future__ import annotations

from adapters.sandbox.board import Board, of_letter
from adapters.sandbox.tables import Posted
from bot.ports import Parcel, PlaceOrder, Receipt, Search
from bot.storage.work import Storage


class SandboxMessenger:
    """Delivers within the sandbox. Nothing here can fail but the database itself."""

    def __init__(self, storage: Storage, board: Board) -> None:
        self._storage = storage
        self._board = board

    async def send(self, parcel: Parcel) -> Receipt:
        """Put the letter up in the reader's conversation, once ever."""
        conversation = parcel.conversation or f"dm-{parcel.user}"
        return _receipt(await self._board.say(conversation, parcel.message, letter=parcel.letter))

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Replace what was put up."""
        await self._board.change(int(receipt.posted), parcel.message)

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Whether the letter is up. Exact, since it stands there under its number."""
        async with self._storage.reading() as work:
            posted = await of_letter(work, parcel.letter)
        return Search.ABSENT if posted is None else _receipt(posted)

    async def open_place(self, order: PlaceOrder) -> str:
        """A room needs no opening: its name follows from its number."""
        return f"room-{order.place}"


def _receipt(posted: Posted) -> Receipt:
    return Receipt(posted.conversation, str(posted.id))
