"""Slack's published contracts, and the limits that they say only in words (tests/contracts/slack/README.md)."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.contracts.judge import Judge

DATA = Path(__file__).parents[2] / "contracts" / "slack"

MOST_CHARACTERS = 13_000
"""Characters of a message's blocks that Slack refuses with msg_blocks_too_long."""

MOST_MARKDOWN = 12_000
LARGEST_VIEW = 250_000


@cache
def read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def _outbound(entry: str) -> Judge:
    definitions = read("blockkit.schema.json")["$defs"]
    return Judge({"$ref": f"#/$defs/{entry}", "$defs": definitions})


@cache
def _inbound(kind: str) -> Judge:
    definitions = read("inbound.schema.json")["definitions"]
    return Judge({"$ref": f"#/definitions/{kind}", "definitions": definitions}, draft=7)


def problems(entry: str, body: Any) -> list[str]:
    """What Slack would refuse about a body that the bot sends."""
    return _outbound(entry).problems(body) + list(_unsaid(entry, body))


def check(entry: str, body: Any) -> None:
    """Raises AssertionError for what Slack would refuse."""
    found = problems(entry, body)
    assert not found, f"{entry}: {found[:5]}\n{json.dumps(body)[:2000]}"


def sample(kind: str) -> dict[str, Any]:
    """A body as Slack sends it, to be changed at will."""
    return copy.deepcopy(read("inbound-samples.json")[kind]["body"])  # type: ignore[no-any-return]


def check_inbound(kind: str, body: Any) -> None:
    """Raises AssertionError for a payload that Slack would never send."""
    found = _inbound(kind).problems(body)
    assert not found, f"{kind}: {found[:5]}"


def _unsaid(entry: str, body: Any) -> Iterator[str]:
    view = body.get("view", body) if isinstance(body, dict) else {}
    blocks = view.get("blocks", []) if isinstance(view, dict) else body
    yield from _repeated("block_id", [block.get("block_id") for block in blocks])
    for block in blocks:
        yield from _repeated("action_id", [one.get("action_id") for one in _elements(block)])
        for element in _elements(block):
            yield from _initial(element)
    if sum(bool(element.get("focus_on_load")) for block in blocks for element in _elements(block)) > 1:
        yield "focus_on_load more than once"
    if sum(len(block.get("text", "")) for block in blocks if block["type"] == "markdown") > MOST_MARKDOWN:
        yield "too much markdown"
    if sum(block["type"] == "table" for block in blocks) > 1:
        yield "more than one table"
    if entry in {"modal", "home", "view"} and len(json.dumps(view).encode()) > LARGEST_VIEW:
        yield "a view over 250 kB"
    if entry in {"post_message", "post_message_with_fallback", "response_url_message"}:
        size = characters(blocks)
        if size > MOST_CHARACTERS:
            yield f"msg_blocks_too_long: {size}"
        if "<" in body.get("text", ""):
            yield "a text with markup, by which somebody could be called or led astray"
    if entry == "response_url_message" and any("slack_file" in block for block in blocks):
        yield "a file in a reply for one person: Slack has shown such files to whole channels"


def characters(value: Any) -> int:
    """Characters that people read in blocks."""
    if isinstance(value, dict):
        return sum(len(v) if k in ("text", "fallback") and isinstance(v, str) else characters(v)
                   for k, v in value.items())  # fmt: skip
    return sum(characters(one) for one in value) if isinstance(value, list) else 0


def _elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = [*block.get("elements", []), block.get("element"), block.get("accessory")]
    return [one for one in found if isinstance(one, dict)]


def _repeated(what: str, found: list[str | None]) -> Iterator[str]:
    for name, times in Counter(one for one in found if one).items():
        if times > 1:
            yield f"{what} {name!r} more than once"


def _initial(element: dict[str, Any]) -> Iterator[str]:
    if "options" not in element:
        return
    for one in [*element.get("initial_options", []), *filter(None, [element.get("initial_option")])]:
        if one not in element["options"]:
            yield f"initial option {one} is none of the options"
