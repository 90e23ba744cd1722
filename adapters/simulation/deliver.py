"""The simulation as a messenger: nothing leaves the process, and everything that was delivered is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

from bot.ports import Clock, NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble
from bot.ui import Message

BUSY_EVERY = 97
"""Of so many letters one is turned away at first, as platforms do when too many come at once."""


@dataclass(slots=True, weakref_slot=True)
class Mail:
    """A message that lies in front of somebody, as it reads now."""

    letter: int
    user: str
    receipt: Receipt
    message: Message


@dataclass(frozen=True, slots=True)
class Sent:
    """That a letter was delivered: to a user or into a conversation, and when."""

    letter: int
    user: str
    conversation: str
    at: datetime


class Postbox:
    """Carries messages to invented people. Mail that nobody holds any more is forgotten, its delivery is not."""

    def __init__(self, clock: Clock) -> None:
        self.sent: list[Sent] = []
        self.rewritten = 0
        self.rooms: dict[str, Sequence[str]] = {}
        """Who is in each place that was opened."""
        self.closed: set[str] = set()
        """Users whose account is gone."""
        self._clock = clock
        self._fresh: list[Mail] = []
        self._read: WeakValueDictionary[str, Mail] = WeakValueDictionary()
        self._turned_away: set[int] = set()

    def take(self) -> list[Mail]:
        """What has arrived since this was asked last, in the order in which it was written."""
        taken, self._fresh = self._fresh, []
        return sorted(taken, key=lambda mail: mail.letter)

    async def send(self, parcel: Parcel) -> Receipt:
        """Put a message in front of its reader."""
        self._refuse(parcel)
        receipt = Receipt(parcel.conversation or f"dm-{parcel.user}", str(len(self.sent) + 1))
        mail = Mail(parcel.letter, parcel.user, receipt, parcel.message)
        self.sent.append(Sent(parcel.letter, parcel.user, receipt.conversation, self._clock.now()))
        self._fresh.append(mail)
        self._read[receipt.posted] = mail
        return receipt

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Replace what was posted, if anybody still has it before them."""
        self.rewritten += 1
        mail = self._read.get(receipt.posted)
        if mail is not None:
            mail.message = parcel.message

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Whether a letter in doubt arrived."""
        places = (place for place, sent in enumerate(self.sent, start=1) if sent.letter == parcel.letter)
        place = next(places, None)
        return Search.ABSENT if place is None else Receipt(self.sent[place - 1].conversation, str(place))

    async def open_place(self, order: PlaceOrder) -> str:
        """A room for these users."""
        conversation = f"room-{order.place}"
        self.rooms[conversation] = tuple(order.users)
        return conversation

    def _refuse(self, parcel: Parcel) -> None:
        if parcel.user in self.closed:
            raise NotDelivered(Trouble.CLOSED)
        if parcel.letter % BUSY_EVERY == 0 and parcel.letter not in self._turned_away:
            self._turned_away.add(parcel.letter)
            raise NotDelivered(Trouble.BUSY, seconds=45)
