"""Steps that only the longer transcripts need, beside those of the published one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.sandbox.story import Step
from bot.ui import Answer


@dataclass(frozen=True, slots=True)
class Arrives:
    """Somebody comes to the platform and writes to the bot for the first time; the first one coordinates."""

    who: str
    zone: str = "America/New_York"
    first: bool = False


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody writes to the bot as to a person."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Begins:
    """Somebody fills in the form before them and leaves it."""

    who: str
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody presses a button, of several with this label the one that stands beside these words."""

    who: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class TurnsTo:
    """The clock goes on by so many days."""

    days: int


TranscriptStep = Step | Arrives | Says | Begins | Beside | TurnsTo
