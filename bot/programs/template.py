"""A program template: everything in which one association's program differs from another's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import Annotated

from annotated_types import Len
from pydantic import AfterValidator, Field

from bot.domain.rhythm import Rhythm, phase_days, phase_on
from bot.programs.dates import TypicalDates
from bot.programs.keys import Count, Key, Label, Labels, Section, Sentence, Sentences
from bot.programs.sections import (
    Band,
    Beat,
    Call,
    Matching,
    Material,
    Nudges,
    Phase,
    Point,
    Summary,
    Wishes,
)
from bot.ui.words import Words

Bands = Annotated[Mapping[Key, Band], Len(1, 25), AfterValidator(MappingProxyType)]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that helps a pair to talk; `key` is what remembers that it was used."""

    key: str
    text: Words


class Template(Section):
    """One program, as its file says it; texts are in the source language, and methods make `Words` of them.

    A key that a newer file has dropped is shown as itself: an old cohort must stay readable.
    """

    name: Key
    title: Label
    description: Sentence
    goals: Count
    hours_a_month: Count
    capacity_most: Count
    call: Call
    dates: TypicalDates
    topics: Labels
    career: Labels
    ways: Labels
    hours: Bands
    languages: Labels
    wishes: Wishes
    beat: Annotated[Beat, Field(alias="rhythm")]
    nudges: Nudges
    summary: Summary
    matching: Matching
    phases: Annotated[tuple[Phase, ...], Len(1)]
    code_of_conduct: Sentences
    agreement: Annotated[tuple[Point, ...], Len(1)]
    training: tuple[Material, ...] = ()
    resources: tuple[Material, ...] = ()

    @property
    def rhythm(self) -> Rhythm:
        """The program's days and hours, for the calendar."""
        return Rhythm(
            weekday=self.beat.weekday,
            hour=self.beat.hour,
            every_days=self.beat.every_days,
            earliest=self.beat.earliest,
            latest=self.beat.latest,
            working_days=self.beat.working_days,
        )

    def topic_label(self, key: str) -> Words:
        """A topic as people read it."""
        return Words(self.topics.get(key, key))

    def way_label(self, key: str) -> Words:
        """A way of talking as people read it."""
        return Words(self.ways.get(key, key))

    def language_label(self, key: str) -> Words:
        """A language as people read it."""
        return Words(self.languages.get(key, key))

    def phase(self, key: str) -> Phase:
        """A phase by its key. Raises KeyError."""
        return {phase.key: phase for phase in self.phases}[key]

    def phase_days(self, starts_on: date, ends_on: date) -> tuple[date, ...]:
        """The first day of each phase of a cohort with these first and last days."""
        return phase_days([phase.starts_percent for phase in self.phases], starts_on, ends_on=ends_on)

    def phase_on(self, day: date, *, starts_on: date, ends_on: date) -> Phase:
        """The phase that a cohort is in; the first one before it starts, the last one after it ends."""
        return self.phases[phase_on(self.phase_days(starts_on, ends_on), day)]

    def tasks(self, phase: str, role: str) -> tuple[Words, ...]:
        """What a "mentor", "mentee" or "peer" does in a phase."""
        return tuple(Words(task) for task in self.phase(phase).tasks.of(role))

    def prompts(self, phase: str, role: str) -> tuple[Prompt, ...]:
        """The questions of a phase for "mentor", "mentee" or "peer", in the order in which they are used."""
        return tuple(Prompt(key, Words(text)) for key, text in self.phase(phase).prompts.of(role).items())

    def fresh_prompt(self, phase: str, role: str, *, used: Collection[str]) -> Prompt | None:
        """The next question not `used` yet, of this phase or else of another; None if all are used."""
        here = self.prompts(phase, role)
        elsewhere = (prompt for other in self.phases for prompt in self.prompts(other.key, role))
        return next((prompt for prompt in chain(here, elsewhere) if prompt.key not in used), None)
