"""Reading answers: from what was typed or chosen to what a handler gets, by each field's kind."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain import Channel, Person
from bot.domain.zones import matching_zones
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import asking
from bot.ui import Answer, Field, Inline, Kind, Message, Words, _
from bot.ui.markup import clean
from bot.ui.words import All
from commands import labels
from commands.spec import Me, Source, today_here
from commands.times import as_date, as_time

Sources = Mapping[str, Source]

_NUMBERED = re.compile(r"\d+(?:-\d+)?", re.ASCII)

_YES = frozenset({"yes", "y", "true", "on", "1"})
_NO = frozenset({"no", "n", "false", "off", "0", ""})

_MONTHS = timedelta(days=152)
"""Five: a day without a year lies at most a month on the wrong side of today, where it is said that it has passed."""


class Unreadable(Exception):  # noqa: N818 - it becomes the words beside a field
    """An answer that its field cannot take, with one sentence that says what it can; `reply` where that needs more."""

    def __init__(self, words: Words, *, reply: Message | None = None) -> None:
        super().__init__(words.msgid)
        self.words = words
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading an answer may need beside the answer."""

    work: Work
    me: Me
    sources: Sources
    answers: MutableMapping[str, Answer]


async def read(reader: Reader, field: Field) -> object | None:
    """One answer as the handler gets it; None where an optional field was left empty. Raises Unreadable."""
    given = _tidy(reader.answers.get(field.name, ""))
    if not given:
        if field.required:
            raise Unreadable(_missing(field))
        return None
    if field.source and field.kind in _CHOSEN:
        return await _sourced(reader, field, _single(given))
    return await _READERS[field.kind](reader, field, given)


def _tidy(answer: Answer) -> Answer:
    if isinstance(answer, list):
        return [text for item in answer if (text := clean(item))]
    return clean(answer)


def _single(answer: Answer) -> str:
    return answer if isinstance(answer, str) else answer[0]


def _many(answer: Answer) -> list[str]:
    return [part for item in answer.split(",") if (part := item.strip())] if isinstance(answer, str) else answer


def _missing(field: Field) -> Words:
    if field.kind in {Kind.ONE, Kind.MANY, Kind.RANKED}:
        return _("Please choose here.")
    return _("Please tick this to go on.") if field.kind is Kind.YES else _("Please fill this in.")


async def _sourced(reader: Reader, field: Field, value: str) -> object:
    source = reader.sources[field.source]
    found = await source.load(reader.work, reader.me, value)
    if found is not None:
        return found
    if _NUMBERED.fullmatch(value):  # nobody types these: a button of an older message does, or of somebody else's
        raise Unreadable(asking.gone(), reply=asking.stale())
    others = {name: answer for name, answer in reader.answers.items() if name != field.name}
    choice = await labels.meant(reader.work, reader.me, source, value, others)
    found = None if choice is None else await source.load(reader.work, reader.me, choice.value)
    if found is None:
        raise Unreadable((source.unknown or _unknown)(value))
    if choice is not None and field.kind in _CHOSEN:  # what other questions depend on is the value, not its label
        reader.answers[field.name] = choice.value
    return found


def _unknown(typed: str) -> Words:
    return _("I do not find “{typed}” here. Please choose from the list.", typed=typed)


async def _text(reader: Reader, field: Field, given: Answer) -> str:
    text = _single(given)
    if field.kind is Kind.LINE:
        text = " ".join(text.split())
    if len(text) > field.max_length:
        raise Unreadable(
            _(
                "This is {count} characters long; {most} fit. Please shorten it a little.",
                count=len(text),
                most=field.max_length,
            )
        )
    return text


async def _number(reader: Reader, field: Field, given: Answer) -> int:
    text = _single(given)
    least, most = field.least or 0, field.most if field.most is not None else 1_000_000
    if not re.fullmatch(r"-?\d{1,7}", text, re.ASCII) or not least <= int(text) <= most:
        raise Unreadable(_("Please give a whole number from {least} to {most}.", least=least, most=most))
    return int(text)


async def _yes(reader: Reader, field: Field, given: Answer) -> bool | None:
    text = _single(given).lower()
    if text not in _YES | _NO:
        raise Unreadable(_("Please answer yes or no."))
    if field.required and text in _NO:
        raise Unreadable(_missing(field))
    return text in _YES


async def _one(reader: Reader, field: Field, given: Answer) -> str:
    return _chosen(field, _single(given))


async def _lots(reader: Reader, field: Field, given: Answer) -> list[object]:
    values = _many(given)
    if field.source:
        return [await _sourced(reader, field, value) for value in dict.fromkeys(values)]
    return list(dict.fromkeys(_chosen(field, value) for value in values))


async def _ranked(reader: Reader, field: Field, given: Answer) -> list[str]:
    values = [_chosen(field, value) for value in _many(given)]
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise Unreadable(_("“{choice}” is chosen twice. Please choose each only once.", choice=_label(field, twice)))
    if len(values) > field.places:
        raise Unreadable(_("Please choose at most {most}.", most=field.places))
    return values


async def _date(reader: Reader, field: Field, given: Answer) -> date:
    today = today_here(reader.work, reader.me)
    found = as_date(_single(given), today, near=today - _MONTHS if field.back else today + _MONTHS)
    if found is None:
        raise Unreadable(
            _(
                "I cannot read “{typed}” as one day. Please write it like 2027-06-01 or June 1.",
                typed=_single(given),
            )
        )
    return found


async def _time(reader: Reader, field: Field, given: Answer) -> time:
    found = as_time(_single(given))
    if found is None:
        raise Unreadable(_("Please write the time like 14:30 or 2:30 pm."))
    return found


async def _person(reader: Reader, field: Field, given: Answer) -> Person:
    return await _somebody(reader, _single(given))


async def _people(reader: Reader, field: Field, given: Answer) -> list[Person]:
    return [await _somebody(reader, name) for name in dict.fromkeys(_many(given))]


async def _somebody(reader: Reader, typed: str) -> Person:
    found = await queries.people_called(reader.work, reader.me.community.id, typed.removeprefix("@"))
    if len(found) == 1:
        return found[0]
    if found:
        raise Unreadable(_("Several people are called “{typed}”. Please choose one from the list.", typed=typed))
    raise Unreadable(
        _(
            "I do not know anybody called “{typed}” here. Please choose somebody from the list, or ask them to write "
            "to me once: then they are in it.",
            typed=typed,
        )
    )


async def _channel(reader: Reader, field: Field, given: Answer) -> Channel:
    typed = _single(given)
    found = await queries.channel_called(reader.work, reader.me.space.id, typed.removeprefix("#"))
    if found is None:
        raise Unreadable(_("I see no channel called “{typed}”. Please choose one that I am a member of.", typed=typed))
    return found


async def _timezone(reader: Reader, field: Field, given: Answer) -> str:
    typed = _single(given)
    found = matching_zones(typed)
    if not found:
        raise Unreadable(
            _(
                "I do not know the time zone “{typed}”. Please type the nearest large city, such as Chicago.",
                typed=typed,
            )
        )
    if len(found) > 1:
        several: tuple[Inline, ...] = tuple(found[:5])
        raise Unreadable(
            _(
                "Several time zones fit “{typed}”: {zones}. Please choose one.",
                typed=typed,
                zones=All(several),
            )
        )
    return found[0]


def _chosen(field: Field, typed: str) -> str:
    for choice in field.choices:
        if typed == choice.value or typed.casefold() == _plain(choice.label).casefold():
            return choice.value
    raise Unreadable(_("“{typed}” is not one of the choices. Please choose from the list.", typed=typed))


def _label(field: Field, value: str) -> Inline:
    return next(choice.label for choice in field.choices if choice.value == value)


def _plain(label: Inline) -> str:
    return label.msgid if isinstance(label, Words) else str(label)


_CHOSEN = frozenset({Kind.ONE, Kind.CHANNEL, Kind.HIDDEN})
"""Kinds whose source decides; for others it only helps to search."""

_READERS: Mapping[Kind, Callable[[Reader, Field, Answer], Awaitable[object]]] = {
    Kind.LINE: _text,
    Kind.TEXT: _text,
    Kind.HIDDEN: _text,
    Kind.FILE: _text,
    Kind.NUMBER: _number,
    Kind.YES: _yes,
    Kind.ONE: _one,
    Kind.MANY: _lots,
    Kind.RANKED: _ranked,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.PERSON: _person,
    Kind.PEOPLE: _people,
    Kind.CHANNEL: _channel,
    Kind.TIMEZONE: _timezone,
}
