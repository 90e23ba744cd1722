"""Blocks in as many posts as Slack's limits ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from adapters.slack import limits

Json = dict[str, Any]
"""A block, or an element of one, as it is sent."""


def paged(blocks: Iterable[Json]) -> Iterator[list[Json]]:
    """Blocks in posts that Slack takes. Buttons stay with what they stand under."""
    page: list[Json] = []
    size = 0
    for group in _together(part for block in blocks for part in _broken(block)):
        heavy = sum(weight(block) for block in group)
        if page and (len(page) + len(group) > limits.BLOCKS or size + heavy > limits.TEXT):
            yield page
            page, size = [], 0
        page, size = [*page, *group], size + heavy
    if page:
        yield page


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
