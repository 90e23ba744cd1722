"""One question of a modal as Slack's input blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
)

from adapters.slack import limits
from adapters.slack.speaker import SlackSpeaker
from bot.texts import asking
from bot.ui import Answer, Choice, Field, Kind

Choices = Mapping[str, Sequence[Choice]]

SEARCHED = frozenset({Kind.TIMEZONE, Kind.PERSON, Kind.PEOPLE, Kind.CHANNEL})
"""Kinds whose choices are always found by typing."""

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Inputs:
    """Questions for one reader. An input's block is called like its field, its element like the field's kind."""

    def __init__(self, speaker: SlackSpeaker, known: Choices) -> None:
        self.speaker = speaker
        self.known = known

    def blocks(self, field: Field, given: Answer) -> list[InputBlock]:
        """The question, one input for each of its places."""
        if field.kind is not Kind.RANKED:
            return [self._input(field, 0, given)]
        ranks = _several(given)
        return [
            self._input(field, place, ranks[place - 1] if place <= len(ranks) else "")
            for place in range(1, field.places + 1)
        ]

    def _input(self, field: Field, place: int, given: Answer) -> InputBlock:
        label = self.speaker.text(field.label)
        hint = self.speaker.text(field.hint) if field.hint is not None and place < 2 else ""
        element = self._element(field, given)
        element.action_id = field.kind.value
        return InputBlock(
            block_id=f"{field.name}:{place}" if place else field.name,
            label=plain(cut(f"{label} ({place})" if place else label, limits.LABEL)),
            optional=not field.required or place > 1,
            element=element,
            hint=plain(cut(hint, limits.LABEL)) if hint else None,
        )

    def _element(self, field: Field, given: Answer) -> InputInteractiveElement:
        if field.kind in _TYPED:
            return _TYPED[field.kind](field, given if isinstance(given, str) else ", ".join(given))
        if field.kind is Kind.YES:
            box = option(Choice("yes", asking.YES), self.speaker)
            return CheckboxesElement(options=[box], initial_options=[box] if given == "yes" else None)
        several = field.kind in {Kind.MANY, Kind.PEOPLE}
        if field.source or field.kind in SEARCHED or not field.choices:
            return self._searched(field, given, several=several)
        return self._chosen(field, given, several=several)

    def _searched(self, field: Field, given: Answer, *, several: bool) -> InputInteractiveElement:
        known = {choice.value: choice for choice in self.known.get(field.name, ())}
        picked = [option(known.get(one, Choice(one, one)), self.speaker) for one in _several(given)]
        least = 1 if field.kind is Kind.TIMEZONE else 0
        if several:
            return ExternalDataMultiSelectElement(min_query_length=least, initial_options=picked)
        return ExternalDataSelectElement(min_query_length=least, initial_option=_first(picked))

    def _chosen(self, field: Field, given: Answer, *, several: bool) -> InputInteractiveElement:
        options = [option(choice, self.speaker) for choice in field.choices[: limits.OPTIONS]]
        wanted = [one for value in _several(given) for one in options if one.value == value]
        if several and len(options) <= limits.BOXES:
            return CheckboxesElement(options=options, initial_options=wanted)
        if several:
            return StaticMultiSelectElement(options=options, initial_options=wanted)
        if len(options) <= limits.BOXES // 2 and field.kind is Kind.ONE:
            return RadioButtonsElement(options=options, initial_option=_first(wanted))
        return StaticSelectElement(options=options, initial_option=_first(wanted))


def option(choice: Choice, speaker: SlackSpeaker) -> Option:
    """A choice as Slack's selects want it."""
    label = cut(speaker.text(choice.label), limits.OPTION)
    return Option(text=plain(label), value=choice.value[: limits.OPTION_VALUE])


def plain(text: str) -> PlainTextObject:
    """Words that Slack shows as they are."""
    return PlainTextObject(text=text or "–", emoji=False)


def cut(text: str, length: int) -> str:
    """As much of a text as fits."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _several(given: Answer) -> list[str]:
    if isinstance(given, list):
        return given
    return [part for one in given.split(",") if (part := one.strip())]


def _first(options: Sequence[Option]) -> Option | None:
    return options[0] if options else None


def _line(field: Field, given: str) -> InputInteractiveElement:
    most = min(field.max_length, limits.INPUT)
    return PlainTextInputElement(multiline=field.kind is Kind.TEXT, max_length=most, initial_value=given[:most] or None)


def _number(field: Field, given: str) -> InputInteractiveElement:
    return NumberInputElement(
        is_decimal_allowed=False,
        min_value=field.least,
        max_value=field.most,
        initial_value=given if _fits(field, given) else None,
    )


def _fits(field: Field, given: str) -> bool:
    if not re.fullmatch(r"-?[0-9]{1,9}", given):
        return False
    least, most = field.least, field.most
    return (least is None or least <= int(given)) and (most is None or int(given) <= most)


def _date(_field: Field, given: str) -> InputInteractiveElement:
    return DatePickerElement(initial_date=given if _is_date(given) else None)


def _is_date(given: str) -> bool:
    try:
        return date.fromisoformat(given).isoformat() == given
    except ValueError:
        return False


def _time(_field: Field, given: str) -> InputInteractiveElement:
    return TimePickerElement(initial_time=given[:5] if _HOUR.match(given) else None)


_TYPED: Mapping[Kind, Callable[[Field, str], InputInteractiveElement]] = {
    Kind.LINE: _line,
    Kind.TEXT: _line,
    Kind.FILE: _line,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TIME: _time,
}
