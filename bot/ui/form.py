"""Questions: a Field is a typed option, a form's input or a button's argument; a Form is any number of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.ui.words import Inline, Words

Answer = str | list[str]
"""What travels between a person and a field: one string, or a list of them for MANY, RANKED and PEOPLE."""


class Kind(StrEnum):
    """How a field is asked and read."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    YES = "yes"
    ONE = "one"
    MANY = "many"
    RANKED = "ranked"
    DATE = "date"
    TIME = "time"
    PERSON = "person"
    PEOPLE = "people"
    CHANNEL = "channel"
    TIMEZONE = "timezone"
    FILE = "file"
    HIDDEN = "hidden"


SEVERAL = frozenset({Kind.MANY, Kind.RANKED, Kind.PEOPLE})


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: what is stored and what is read."""

    value: str
    label: Inline


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `choices` are fixed; a `source` names a query of the catalog that finds them (and alone decides which values this
    person may give). `hint` says who will read the answer. `places` is how many ranks RANKED takes, `shown` how many
    of them at first; `least` and `most` bound a NUMBER. `page` is the form's page it stands on; pages at the end
    without a required field are offered as *Add more*. A `tap` field is asked alone, by one button a choice. Typed
    without its name, a `whole` one takes all words that are left, as people's names do. A DATE without a year is one
    to come, or where it looks `back` one that has been.
    """

    name: str
    label: Words
    kind: Kind = Kind.LINE
    choices: tuple[Choice, ...] = ()
    source: str = ""
    required: bool = True
    max_length: int = 300
    hint: Words | None = None
    places: int = 3
    shown: int = 3
    least: int | None = None
    most: int | None = None
    page: int = 1
    tap: bool = False
    whole: bool = False
    back: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Fields to fill in. `run` is the command text that its answers go to; `errors` stand beside their fields.

    `community` is what its answers carry, where they come from a direct message that belongs to no server.
    """

    title: Words
    run: str
    fields: tuple[Field, ...]
    values: Mapping[str, Answer] = field(default_factory=dict)
    errors: Mapping[str, Words] = field(default_factory=dict)
    intro: Words | None = None
    community: int | None = None
