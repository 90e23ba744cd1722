"""The parts of a template, one class for each table of its file (every key: docs/program-authoring.md)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from annotated_types import Len
from pydantic import Field, StringConstraints

from bot.domain.rhythm import STANDARD, WORKING_DAYS
from bot.programs.keys import (
    Count,
    Flag,
    Key,
    Label,
    LocalTime,
    Paragraph,
    Percent,
    Prompts,
    Role,
    Section,
    Sentence,
    Sentences,
    Weekday,
    Weight,
)


class Call(Section):
    """What the call for participation says about the program beside its dates."""

    headline: Sentence
    about: Paragraph
    who: Paragraph


class Wishes(Section):
    """How many ranked topics a mentee may wish for: `asked` in all, `shown` before *Add more*."""

    asked: Count
    shown: Count


class Band(Section):
    """A part of the local day in which somebody likes to talk."""

    label: Label
    begins: Annotated[LocalTime, Field(alias="from")]
    ends: Annotated[LocalTime, Field(alias="to")]


class Beat(Section):
    """When the program writes; `Template.rhythm` is the same for the calendar."""

    weekday: Weekday
    hour: LocalTime
    every_days: Count
    earliest: LocalTime = STANDARD.earliest
    latest: LocalTime = STANDARD.latest
    working_days: Annotated[frozenset[Weekday], Len(1)] = WORKING_DAYS


class Nudges(Section):
    """After how long what is asked: keys that end in `_days` are days, `unanswered` counts letters."""

    first_contact_working_days: Count
    silent_days: Count
    liaison_after_days: Count
    well_days: Count
    thanked_days: Count
    unanswered: Count
    letters_a_week: Count


class Summary(Section):
    """When liaisons get their summary, and from how many pairs on it has a picture."""

    weekday: Weekday
    hour: LocalTime
    every_weeks: Count
    picture_from_pairs: Count


class Weights(Section):
    """How much each criterion of matching counts; 0 leaves it out."""

    topics: Weight
    hours: Weight
    career: Weight
    institution: Weight
    language: Weight


class Matching(Section):
    """What makes a good pair.

    `objective`: highest `total` score, or `fair`, the weakest pair first. `institution`: the one preferred.
    `need_topic`: whether a pair must share a topic.
    """

    objective: Literal["total", "fair"]
    institution: Literal["other", "same", "any"]
    need_topic: Flag
    weights: Weights


class Tasks(Section):
    """What each of them does in a phase."""

    mentee: Sentences
    mentor: Sentences
    peer: tuple[Sentence, ...] = ()

    def of(self, role: str) -> tuple[str, ...]:
        """The tasks of "mentor", "mentee" or "peer"."""
        return {"mentee": self.mentee, "mentor": self.mentor, "peer": self.peer}[role]


class RolePrompts(Section):
    """Questions for the letters of a phase, to each role; peers share theirs."""

    mentee: Prompts
    mentor: Prompts
    peer: Prompts = Field(default_factory=lambda: MappingProxyType({}))

    def of(self, role: str) -> Mapping[str, str]:
        """The questions for "mentor", "mentee" or "peer"."""
        return {"mentee": self.mentee, "mentor": self.mentor, "peer": self.peer}[role]


class Phase(Section):
    """A part of the program, from `starts_percent` of its days on."""

    key: Key
    title: Label
    about: Sentence
    starts_percent: Percent
    tasks: Tasks
    prompts: RolePrompts


class Point(Section):
    """One point of the mentoring agreement that a pair fills in together."""

    key: Key
    title: Label
    text: Sentence


class Material(Section):
    """A training or a reading, for some roles; `url` and `minutes` where there are any."""

    key: Key
    title: Label
    text: Sentence
    roles: Annotated[tuple[Role, ...], Len(1)]
    minutes: Count | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
