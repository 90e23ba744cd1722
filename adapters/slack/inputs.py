"""One question of a modal as Slack's input blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from adapters.slack import limits
from adapters.slack.speaker import SlackSpeaker
from bot.texts import asking
from bot.ui import Answer, Choice, Field, Kind

Block = dict[str, Any]
Choices = Mapping[str, Sequence[Choice]]

SEARCHED = frozenset({Kind.TIMEZONE, Kind.PERSON, Kind.PEOPLE, Kind.CHANNEL})
"""Kinds whose choices are always found by typing."""

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Inputs:
    """Questions for one reader. An input's block is called like its field, its element like the field's kind."""

    def __init__(self, speaker: SlackSpeaker, known: Choices) -> None:
        self.speaker = speaker
        self.known = known

    def blocks(self, field: Field, given: Answer) -> list[Block]:
        """The question, one input for each of its places."""
        if field.kind is not Kind.RANKED:
            return [self._input(field, 0, given)]
        ranks = _several(given)
        return [
            self._input(field, place, ranks[place - 1] if place <= len(ranks) else "")
            for place in range(1, field.places + 1)
        ]

    def _input(self, field: Field, place: int, given: Answer) -> Block:
        label = self.speaker.text(field.label)
        block = {
            "type": "input",
            "block_id": f"{field.name}:{place}" if place else field.name,
            "label": plain(cut(f"{label} ({place})" if place else label, limits.LABEL)),
            "optional": not field.required or place > 1,
            "element": {**self._element(field, given), "action_id": field.kind.value},
        }
        if field.hint is not None and place < 2:
            block["hint"] = plain(cut(self.speaker.text(field.hint), limits.LABEL))
        return block

    def _element(self, field: Field, given: Answer) -> Block:
        if field.kind in _TYPED:
            return _TYPED[field.kind](field, given if isinstance(given, str) else ", ".join(given))
        if field.kind is Kind.YES:
            box = option(Choice("yes", asking.YES), self.speaker)
            return _with({"type": "checkboxes", "options": [box]}, "initial_options", [box] if given == "yes" else [])
        several = field.kind in {Kind.MANY, Kind.PEOPLE}
        if field.source or field.kind in SEARCHED or not field.choices:
            return self._searched(field, given, several=several)
        return self._chosen(field, given, several=several)

    def _searched(self, field: Field, given: Answer, *, several: bool) -> Block:
        known = {choice.value: choice for choice in self.known.get(field.name, ())}
        picked = [option(known.get(one, Choice(one, one)), self.speaker) for one in _several(given)]
        least = 1 if field.kind is Kind.TIMEZONE else 0
        if several:
            return _with({"type": "multi_external_select", "min_query_length": least}, "initial_options", picked)
        shape = {"type": "external_select", "min_query_length": least}
        return _with(shape, "initial_option", picked[0] if picked else None)

    def _chosen(self, field: Field, given: Answer, *, several: bool) -> Block:
        options = [option(choice, self.speaker) for choice in field.choices[: limits.OPTIONS]]
        wanted = [one for value in _several(given) for one in options if one["value"] == value]
        if several:
            kind = "checkboxes" if len(options) <= limits.BOXES else "multi_static_select"
            return _with({"type": kind, "options": options}, "initial_options", wanted)
        few = len(options) <= limits.BOXES // 2 and field.kind is Kind.ONE
        kind = "radio_buttons" if few else "static_select"
        return _with({"type": kind, "options": options}, "initial_option", wanted[0] if wanted else None)


def option(choice: Choice, speaker: SlackSpeaker) -> Block:
    """A choice as Slack's selects want it."""
    label = cut(speaker.text(choice.label), limits.OPTION)
    return {"text": plain(label), "value": choice.value[: limits.OPTION_VALUE]}


def plain(text: str) -> Block:
    """Words that Slack shows as they are."""
    return {"type": "plain_text", "text": text or "–", "emoji": False}


def cut(text: str, length: int) -> str:
    """As much of a text as fits."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _several(given: Answer) -> list[str]:
    if isinstance(given, list):
        return given
    return [part for one in given.split(",") if (part := one.strip())]


def _line(field: Field, given: str) -> Block:
    most = min(field.max_length, limits.INPUT)
    shape = {"type": "plain_text_input", "multiline": field.kind is Kind.TEXT, "max_length": most}
    return _with(shape, "initial_value", given[:most])


def _number(field: Field, given: str) -> Block:
    shape: Block = {"type": "number_input", "is_decimal_allowed": False}
    bounds = {"min_value": field.least, "max_value": field.most}
    shape |= {name: str(bound) for name, bound in bounds.items() if bound is not None}
    return _with(shape, "initial_value", given if _fits(field, given) else "")


def _fits(field: Field, given: str) -> bool:
    if not re.fullmatch(r"-?[0-9]{1,9}", given):
        return False
    least, most = field.least, field.most
    return (least is None or least <= int(given)) and (most is None or int(given) <= most)


def _date(field: Field, given: str) -> Block:
    return _with({"type": "datepicker"}, "initial_date", given if _is_date(given) else "")


def _is_date(given: str) -> bool:
    try:
        return date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False


def _time(field: Field, given: str) -> Block:
    return _with({"type": "timepicker"}, "initial_time", given[:5] if _HOUR.match(given) else "")


_TYPED: Mapping[Kind, Callable[[Field, str], Block]] = {
    Kind.LINE: _line,
    Kind.TEXT: _line,
    Kind.FILE: _line,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TIME: _time,
}


def _with(shape: Block, name: str, value: object) -> Block:
    return shape | {name: value} if value else shape
