"""Playing a transcript on any platform: what is the same for all of them, and what each has to say for itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.sandbox.story import Channel, Chapter, Presses, Sees, Sends, Types, Waits
from bot.storage.work import Storage
from bot.ui import Answer
from tests.reach import Reach
from tests.transcripts.steps import Arrives, Begins, Beside, Says, TranscriptStep, TurnsTo


@dataclass(frozen=True)
class Pressable:
    """A button as it stands before somebody: its words, those it stands beside, and what the platform needs of it."""

    label: str
    beside: str
    handle: Any


@dataclass(frozen=True)
class Shown:
    """Something that somebody reads: its name, its words and its buttons."""

    name: Any
    words: str
    buttons: Sequence[Pressable]


class Player(ABC):
    """Plays steps, one person at a time."""

    reach: Reach

    def __init__(self) -> None:
        self.waited: dict[str, Shown] = {}
        self.met: dict[str, set[Any]] = {}

    @property
    @abstractmethod
    def storage(self) -> Storage:
        """Where everything is written down."""

    @abstractmethod
    async def arrive(self, who: str, zone: str, *, first: bool) -> None:
        """Somebody comes to the platform and meets the bot. The first one coordinates."""

    @abstractmethod
    async def types(self, who: str, text: str) -> None:
        """A command; @Ben is a person."""

    @abstractmethod
    async def says(self, who: str, text: str) -> None:
        """Words in the conversation with the bot."""

    @abstractmethod
    async def begins(self, who: str, answers: Mapping[str, Answer]) -> None:
        """The open form is filled in and left."""

    @abstractmethod
    async def sends(self, who: str, answers: Mapping[str, Answer]) -> None:
        """The open form is sent, page by page where it has pages."""

    @abstractmethod
    async def press(self, who: str, shown: Shown, button: Pressable) -> None:
        """A button of something that was shown."""

    @abstractmethod
    async def shown(self, who: str) -> Sequence[Shown]:
        """Everything that somebody can read, oldest first."""

    async def since(self, who: str) -> Sequence[Shown]:
        """At least what somebody has not waited for yet."""
        return await self.shown(who)

    @abstractmethod
    async def answered(self, who: str) -> str:
        """The words of what the bot answered somebody last: a message's, or those of an open form."""

    @abstractmethod
    async def posted(self, channel: str) -> Sequence[str]:
        """The words of everything in a channel."""

    @abstractmethod
    async def forward(self, **delta: float) -> None:
        """Turn the clock; everything that falls due on the way happens."""

    @abstractmethod
    async def settle(self) -> None:
        """Do what is due at once, as the bot's own heartbeat does."""

    async def asides(self) -> None:  # noqa: B027 - most have none
        """Play what only this platform has to press; it is in no transcript, and in no account."""

    async def tell(self, chapters: Sequence[Chapter]) -> None:
        """Play chapters in order. Raises AssertionError with the step that went wrong."""
        for chapter in chapters:
            for step in chapter.steps:
                try:
                    await self.play(step)
                    await self.settle()
                except AssertionError as error:
                    raise AssertionError(f"{chapter.title}: {step}: {error}") from error

    async def play(self, step: TranscriptStep) -> None:
        match step:
            case Arrives(who, zone, first):
                await self.arrive(who, zone, first=first)
            case Types(who, text):
                await self.types(who, text)
            case Says(who, text):
                await self.says(who, text)
            case Begins(who, answers):
                await self.begins(who, answers)
            case Sends(who, answers):
                await self.sends(who, answers)
            case Presses(who, label):
                await self._presses(who, label, "")
            case Beside(who, label, words):
                await self._presses(who, label, words)
            case Waits(who, words, days):
                await self._wait(who, words, days)
            case TurnsTo(days):
                await self.forward(days=days)
            case Sees(who, words):
                read = await self.answered(who)
                assert words in read, f"{who} reads {read!r}"
            case Channel(name, words):
                found = await self.posted(name)
                assert any(words in one for one in found), found

    async def _wait(self, who: str, words: str, days: int) -> None:
        met = self.met.setdefault(who, set())
        for _day in range(days + 1):
            everything = await self.since(who)
            for one in everything:
                if one.name not in met and words in "\n".join([one.words, *(button.label for button in one.buttons)]):
                    met |= {earlier.name for earlier in everything[: everything.index(one) + 1]}
                    self.waited[who] = one
                    return
            await self.forward(days=1)
        raise AssertionError(f"{who} did not read {words!r}, but {[one.words[:160] for one in everything[-4:]]}")

    async def _presses(self, who: str, label: str, beside: str) -> None:
        everything = list(await self.shown(who))
        for shown in reversed(everything):
            for button in shown.buttons:
                if _is_called(button, label) and beside in button.beside:
                    await self.press(who, shown, button)
                    return
        labels = [button.label for button in everything[-1].buttons] if everything else []
        raise AssertionError(f"{who} sees no button {label!r} but {labels}, and reads {await self.answered(who)!r}")


def _is_called(button: Pressable, label: str) -> bool:
    """Whether a button has this label; one that ends in … is only begun."""
    return button.label.startswith(label[:-1]) if label.endswith("…") else button.label == label
