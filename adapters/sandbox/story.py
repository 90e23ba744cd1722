"""The demo transcript: the first months of a pair, told once, for people to read and for tests to play.

It begins with the standing cast (`cast.py`), whose coordinator has opened a call. Everybody in it is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.ui import Answer


@dataclass(frozen=True, slots=True)
class Types:
    """Somebody types to the bot."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Sends:
    """Somebody sends the form before them, with these answers beside what is filled in already."""

    who: str
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Presses:
    """Somebody presses a button of the newest message that has it, by its label."""

    who: str
    label: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The clock goes on, for so many days at the most, until these words newly reach somebody."""

    who: str
    words: str
    days: int


@dataclass(frozen=True, slots=True)
class Sees:
    """What the bot has answered somebody last contains these words."""

    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's newest message contains these words."""

    name: str
    words: str


Step = Types | Sends | Presses | Waits | Sees | Channel


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some steps under one heading."""

    title: str
    steps: tuple[Step, ...]


STORY: tuple[Chapter, ...] = (
    Chapter(
        "Ada applies",
        (
            Types("Ada", "/mentor status"),
            Sees("Ada", "begun and kept for you"),
            Presses("Ada", "Go on with my application"),
            Sends("Ada", {"conduct": "yes"}),
            Sees("Ada", "Your mentoring application has arrived"),
            Sees("Ada", "Your first choice is cataloging and metadata, then publishing."),
        ),
    ),
    Chapter(
        "The committee matches",
        (
            Types("Olga", "/cohort match"),
            Presses("Olga", "Close the call and match"),
            Waits("Olga", "Review the pairs", days=1),
            Presses("Olga", "Review the pairs"),
            Sees("Olga", "Ada"),
            Presses("Olga", "Publish these pairs"),
            Presses("Olga", "Publish"),
        ),
    ),
    Chapter(
        "Ada and Ben meet",
        (
            Waits("Ada", "Ada, meet Ben.", days=7),
            Waits("Ben", "would you write to Ada first", days=45),
            Presses("Ben", "We have written"),
        ),
    ),
    Chapter(
        "A first goal",
        (
            Types("Ada", "/goals set"),
            Sends("Ada", {"title": "Publish a paper about our local metadata", "help": "Read a first draft with me"}),
            Sees("Ada", "Publish a paper about our local metadata"),
            Waits("Ben", "Publish a paper about our local metadata", days=7),
        ),
    ),
    Chapter(
        "The first letter",
        (
            Waits("Ben", "have you talked with Ada lately", days=50),
            Presses("Ben", "We talked"),
            Sees("Ben", "Noted"),
            Types("Ada", "/checkin history"),
            Sees("Ada", "Ben"),
            Types("Ada", "/mentor status"),
            Sees("Ada", "One goal is written down."),
        ),
    ),
    Chapter(
        "The liaisons look after the pairs",
        (
            Waits("Olga", "pairs", days=8),
            Types("Olga", "/liaison summary"),
            Channel("mentoring-liaisons", "pairs"),
            Types("Lena", "/liaison pairs"),
            Sees("Lena", "goals"),
        ),
    ),
    Chapter(
        "A pause, and an ending without blame",
        (
            Types("Ada", "/mentor pause"),
            Sends("Ada"),
            Sees("Ada", "Your letters are paused."),
            Presses("Ada", "Resume now"),
            Types("Ada", "/mentor leave"),
            Sends("Ada", {"tell": "bot", "line": "Thank you for everything."}),
            Sees("Ada", "Ending a pair is allowed, and needs no reason."),
            Waits("Ben", "Thank you for everything.", days=5),
            Presses("Ben", "Yes, another match"),
        ),
    ),
)
