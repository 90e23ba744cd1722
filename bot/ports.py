"""What the bot needs from outside: the time, and somebody who carries messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.ui import Message


class Clock(Protocol):
    """The only source of the present moment, so that a sandbox and a test can turn it."""

    def now(self) -> datetime:
        """The present as aware UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a message lies on its platform: the conversation's and the message's ids there."""

    conversation: str
    posted: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter as a messenger needs it.

    `letter` is its number, the only thing of it that a platform may keep as metadata. `community` is what its buttons
    carry: a direct message may hold letters of several. Exactly one of `user` (a direct
    message) and `conversation` (a place or channel) is set; both are the platform's ids. `zone` and `language` are the
    reader's, or the cohort's for a channel. `since` is when it was first tried to send it: `find` looks from there, and
    where `send` has it, a part of the letter may lie there already.
    """

    letter: int
    community: int
    space: str
    message: Message
    zone: str
    language: str
    user: str = ""
    conversation: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """A conversation to open for these users; `place` is our number for it, by which it is found again.

    `parent` is the conversation below which it shall hang, where a platform has such; empty: wherever all of them are.
    """

    place: int
    space: str
    name: str
    users: Sequence[str]
    parent: str = ""


class Search(StrEnum):
    """What a search for a letter in doubt can say when it finds none."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


class Messenger(Protocol):
    """One platform's delivery. Every method may raise NotDelivered; none is called inside a Work."""

    async def send(self, parcel: Parcel) -> Receipt:
        """Post a message and say where it lies."""
        ...

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Replace what was posted; a message that is gone is no error."""
        ...

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Whether a letter in doubt arrived."""
        ...

    async def open_place(self, order: PlaceOrder) -> str:
        """Open a conversation, or find the one that was opened for this place already; its id.

        Raises Hindered where it cannot hang below its parent, and Absent where somebody has left the space.
        """
        ...


class Trouble(StrEnum):
    """Why a letter could not be delivered."""

    BUSY = "busy"
    UNSURE = "unsure"
    CLOSED = "closed"
    GONE = "gone"


class NotDelivered(Exception):  # noqa: N818 - it is a fact about a letter, not an error of ours
    """A letter did not arrive. BUSY may be tried again after `seconds`; CLOSED and GONE make the reader unreachable.

    UNSURE: the call broke off, and the letter may lie there; it is looked for before anything else is done.
    """

    def __init__(self, trouble: Trouble, *, seconds: float = 30.0) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.seconds = seconds


class Hindered(NotDelivered):
    """A place cannot hang below the chosen parent: `users` do not see that, or the bot lacks `rights` there.

    `rights` are as the platform calls them, or `WRONG_KIND`.
    """

    def __init__(self, *, users: Sequence[str] = (), rights: Sequence[str] = ()) -> None:
        super().__init__(Trouble.GONE)
        self.users = users
        self.rights = rights


class Absent(NotDelivered):
    """A place cannot be opened before these `users` are back: they have left the space."""

    def __init__(self, users: Sequence[str]) -> None:
        super().__init__(Trouble.GONE)
        self.users = users
