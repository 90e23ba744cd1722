"""Sentences that are not yet in any language, with places for what a platform writes in its own way.

A text is marked once, `_("Ask {person} by {day}.", person=Who(4, "Ben"), day=Day(date(2027, 3, 15)))`, and stays a
`Words` until the moment of delivery: then the reader's language, zone and platform are known. A plain `str` in a place
is always somebody's own words: it is quoted on the way out and can neither format anything nor ping anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Style = Literal["moment", "day", "hour"]


@dataclass(frozen=True, slots=True)
class When:
    """An instant (aware UTC), shown in the reader's own zone."""

    instant: datetime
    style: Style = "moment"
    tag: Literal["when"] = "when"


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, the same for every reader."""

    on: date
    tag: Literal["day"] = "day"


@dataclass(frozen=True, slots=True)
class Who:
    """A person: by number for platforms that can mention, by name for all others."""

    person: int
    name: str
    tag: Literal["who"] = "who"


@dataclass(frozen=True, slots=True)
class Where:
    """A channel, by the platform's own id and by name."""

    channel: str
    name: str
    tag: Literal["where"] = "where"


@dataclass(frozen=True, slots=True)
class Run:
    """A command to mention, such as `Run("goals set")`; each platform writes it the way it is typed there."""

    path: str
    tag: Literal["run"] = "run"


@dataclass(frozen=True, slots=True)
class All:
    """Several things in one place: "acquisitions, cataloging and preservation"."""

    items: tuple[Inline, ...]
    tag: Literal["all"] = "all"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence (or a few) in the source language and what stands in its places."""

    msgid: str
    places: Mapping[str, Inline] = field(default_factory=dict)
    plural: str = ""
    count: int = 1
    tag: Literal["words"] = "words"


Inline = str | int | When | Day | Who | Where | Run | All | Words


def _(msgid: str, /, **places: Inline) -> Words:
    """Mark a sentence for translation and fill its places."""
    return Words(msgid, places)


def ngettext(one: str, many: str, count: int, /, **places: Inline) -> Words:
    """Mark a sentence that depends on a number; `{count}` is a place of its own."""
    return Words(one, {"count": count, **places}, plural=many, count=count)
