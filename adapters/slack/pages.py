"""Blocks in as many posts or views as Slack's limits ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack import limits

Json = dict[str, Any]
"""A block, or an element of one, as it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What Slack takes at once: so many blocks, and of `size` no more in all of them, by a measure of its own."""

    blocks: int
    size: int
    measure: Callable[[Json], int]


def post() -> Page:
    """What one message takes."""
    return Page(blocks=limits.BLOCKS, size=limits.TEXT, measure=weight)


def view() -> Page:
    """What a modal or the Home tab takes."""
    return Page(blocks=limits.VIEW_BLOCKS, size=limits.VIEW, measure=_sent)


def paged(blocks: Iterable[Json], page: Page) -> Iterator[list[Json]]:
    """Blocks in pages that Slack takes. Buttons stay with what they stand under."""
    some: list[Json] = []
    size = 0
    for group in _together(part for block in blocks for part in _broken(block)):
        heavy = sum(page.measure(block) for block in group)
        if some and (len(some) + len(group) > page.blocks or size + heavy > page.size):
            yield some
            some, size = [], 0
        some, size = [*some, *group], size + heavy
    if some:
        yield some


def weight(value: object) -> int:
    """Characters that people read in a block."""
    match value:
        case {"text": str(text)} | {"fallback": str(text)}:
            return len(text)
        case dict():
            return sum(weight(inner) for inner in value.values())
        case list():
            return sum(weight(inner) for inner in value)
        case _:
            return 0


def _sent(block: Json) -> int:
    """Bytes of a block as it is sent."""
    return len(json.dumps(block)) + len(", ")


def _together(blocks: Iterable[Json]) -> Iterator[list[Json]]:
    group: list[Json] = []
    for block in blocks:
        if group and block["type"] != "actions":
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _broken(block: Json) -> Iterator[Json]:
    """A block, or its pieces where it is longer than a post by itself."""
    if block["type"] != "rich_text" or weight(block) <= limits.PIECE:
        yield block
        return
    pieces = [piece for element in block["elements"] for piece in _pieces(element)]
    for some in _filled(pieces):
        yield {"type": "rich_text", "elements": some}


def _pieces(element: Json) -> Iterator[Json]:
    """A paragraph, quote or list as several of its kind."""
    if weight(element) <= limits.PIECE:
        yield element
    elif element["type"] == "rich_text_list":
        for item in element["elements"]:
            for piece in _pieces(item):
                yield {**element, "elements": [piece]}
    else:
        short = [piece for inner in element["elements"] for piece in _cut(inner)]
        for some in _filled(short):
            yield {**element, "elements": some}


def _cut(inner: Json) -> Iterator[Json]:
    text = inner.get("text", "")
    if len(text) <= limits.PIECE:
        yield inner
        return
    for start in range(0, len(text), limits.PIECE):
        yield {**inner, "text": text[start : start + limits.PIECE]}


def _filled(pieces: Sequence[Json]) -> Iterator[list[Json]]:
    some: list[Json] = []
    size = 0
    for piece in pieces:
        heavy = weight(piece)
        if some and size + heavy > limits.PIECE:
            yield some
            some, size = [], 0
        some, size = [*some, piece], size + heavy
    if some:
        yield some
