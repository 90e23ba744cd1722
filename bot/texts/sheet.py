"""The facts of one letter: what is asked about each pair, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.ui import Inline, Message, Who, Words


class Topic(StrEnum):
    """What a part is about: what this pair needs now."""

    TALK = "talk"
    GOALS = "goals"
    SILENCE = "silence"
    THANKS = "thanks"


class Answer(StrEnum):
    """What somebody pressed."""

    TALKED = "talked"
    PLANNED = "planned"
    NOT_YET = "not_yet"
    WELL = "well"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One pair in one person's letter.

    `partner` is everybody else in it. `listener` hears of a silence at `hears_at`, if one is under way. With an
    `answer`: `talked_on` is the day that was noted, `noted` the check-in's number, `noted_by` whoever had noted it
    before, and `until` how long the answer holds.
    """

    pair: int
    partner: Inline
    topic: Topic
    prompt: Words | None = None
    weeks: int = 4
    listener: Inline = ""
    hears_at: datetime | None = None
    answer: Answer | None = None
    talked_on: date | None = None
    noted_by: Who | None = None
    noted: int | None = None
    until: datetime | None = None

    @property
    def args(self) -> dict[str, str]:
        """What every button about this pair carries."""
        return {"pair": str(self.pair)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that one letter shows. `asks_pace`: it asks how often to write. `said`: a choice just made."""

    reader: Who
    abouts: Sequence[About]
    news: Sequence[Message] = ()
    asks_pace: bool = False
    said: Words | None = None
