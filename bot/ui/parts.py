"""What a message is made of. Adapters render each part; no part knows a platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.ui.words import Inline, Words


@dataclass(frozen=True, slots=True)
class Button:
    """A link: runs a command with arguments, or opens a URL.

    `run` is a path of the catalog ("goals set"), `args` its fields by name, always as strings. `community` is set in
    replies to a direct message that belongs to no server; letters have it on their parcel.
    """

    label: Words
    run: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    community: int | None = None
    tag: Literal["button"] = "button"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph in the small Markdown subset of `markup.py`."""

    words: Words
    tag: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a person wrote, as a block of its own, whole and harmless."""

    text: str
    by: Inline = ""
    tag: Literal["quoted"] = "quoted"


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, one pair a line."""

    facts: tuple[tuple[Words, Inline], ...]
    tag: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list with up to two buttons of its own."""

    words: Words
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A list whose lines can be acted upon; adapters page it where a platform's limits require."""

    rows: tuple[Row, ...]
    tag: Literal["rows"] = "rows"


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; every row has as many cells as `head`."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Inline, ...], ...]
    tag: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Series:
    """One colored series of a chart, a value for each of the chart's labels."""

    name: Words
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as data, drawn when it is delivered, and the words that say the same."""

    title: Words
    labels: tuple[Inline, ...]
    series: tuple[Series, ...]
    alt: Words
    shape: Literal["bars", "stack"] = "bars"
    tag: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file by recipe (its name, the maker's name and arguments); made at delivery, never stored."""

    name: str
    maker: str
    args: Mapping[str, str] = field(default_factory=dict)
    tag: Literal["paper"] = "paper"


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons, the likeliest first, and a smaller row of quiet ones."""

    main: tuple[Button, ...]
    quiet: tuple[Button, ...] = ()
    tag: Literal["buttons"] = "buttons"


Part = Text | Quoted | Facts | Rows | Table | Picture | Paper | Buttons
