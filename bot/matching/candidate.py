"""Who can be matched, what is forbidden and what is preferred: all that matching knows of a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.ui import Words

PersonPair = tuple[int, int]
"""Two persons by number; the order says nothing, (4, 7) and (7, 4) are the same rule."""


@dataclass(frozen=True, slots=True)
class Mentor:
    """One enrollment of a person who offers places.

    `hours`: half-hour slots of a UTC day (0–47) that suit this person, empty if they did not say; `career`:
    the index of a stage, -1 if unknown; `institution`: empty if unknown; `languages`: empty if they did not
    say.
    """

    enrollment: int
    person: int
    offers: frozenset[str]
    capacity: int = 1
    hours: frozenset[int] = frozenset()
    career: int = -1
    institution: str = ""
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mentee:
    """One enrollment of a person who wishes for a mentor; the fields not named here are those of `Mentor`.

    `wishes`: topics, the best first; `waited`: in how many earlier calls nobody was found. Of results that
    match equally many people, one that matches those who waited longest wins, before any score is looked
    at.
    """

    enrollment: int
    person: int
    wishes: tuple[str, ...]
    hours: frozenset[int] = frozenset()
    career: int = -1
    institution: str = ""
    languages: frozenset[str] = frozenset()
    waited: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What must never, or must always, come out.

    `forbidden` pairs were named by the committee, `ruled_out` by a person in private, `former` pairs have
    had their time. All three are equally hard. No text tells them apart, so that nobody can learn who ruled
    out whom. `locked`: (mentee enrollment, mentor enrollment) that the committee wants to keep.
    """

    forbidden: frozenset[PersonPair] = frozenset()
    ruled_out: frozenset[PersonPair] = frozenset()
    former: frozenset[PersonPair] = frozenset()
    locked: tuple[tuple[int, int], ...] = ()

    def never(self) -> frozenset[PersonPair]:
        """Every pair of persons that must not meet, the smaller number first."""
        pairs = self.forbidden | self.ruled_out | self.former
        return frozenset((min(pair), max(pair)) for pair in pairs)


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a template wants its pairs.

    `weights` by name of criterion; a criterion that is not named keeps its default, 0 takes it out.
    `institution`: whether pairs from two institutions, or from one, are better. `objective`: "total" is the
    highest sum of scores; "worst" first raises the lowest score as far as it goes. `need_topic`: two people
    without a common topic are not matched at all, because the wishes are the one thing a mentee was
    promised; a template for general conversation turns it off. `topics` and `languages`: how each key is
    called in a sentence; a key that is missing stands for itself. `day`: the day whose half hours the
    candidates' slots are; without it, hours are counted and not named.
    """

    weights: Mapping[str, int] = field(default_factory=dict)
    institution: Literal["other", "same", "indifferent"] = "other"
    objective: Literal["total", "worst"] = "total"
    need_topic: bool = True
    topics: Mapping[str, Words] = field(default_factory=dict)
    languages: Mapping[str, Words] = field(default_factory=dict)
    day: date | None = None
