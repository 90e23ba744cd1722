"""The program's letter: one for each person and rhythm day, with a part for each of their pairs.

A letter is a function of facts that are stored anyway, so it can be written anew when one of its parts was answered:
that part then says what came of it, and the others keep their buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import Role
from bot.texts import paces
from bot.texts.answers import outcome
from bot.texts.sheet import About, Sheet, Topic
from bot.texts.topics import QUESTIONS
from bot.ui import Button, Buttons, Message, Part, Text, When, Words, _, message


def letter(sheet: Sheet) -> Message:
    """The letter as it reads now."""
    alone = len(sheet.abouts) == 1 and not sheet.asks_pace
    said = () if sheet.said is None else (Text(sheet.said),)
    parts = _alone(sheet) if alone else _listed(sheet)
    return message(*said, *parts, *_news(sheet.news), notice=_notice(sheet))


def closed(sheet: Sheet, *, since: datetime, until: datetime) -> Message:
    """What stays of a letter whose time is over: which time it was, what was answered, and no button."""
    head = _(
        "**This letter asked about your mentoring from {since} to {until}.**",
        since=When(since, "day"),
        until=When(until, "day"),
    )
    return message(head, *map(_over, sheet.abouts), notice=_("An earlier letter about your mentoring"))


def new_phase(title: Words, task: Words | None, *, role: Role | None) -> Message:
    """A phase of the program has begun: one line in the next letter, with the first thing to do in it.

    `role` is named where the reader has several, and so reads several lines.
    """
    begun = _("A new phase has begun: *{title}*.", title=title)
    return message(
        begun if task is None else _step(begun, task, role), notice=_("A new phase of your mentoring program")
    )


def _step(begun: Words, task: Words, role: Role | None) -> Words:
    if role is Role.MENTOR:
        return _("{begun} A good first step as a mentor: {task}", begun=begun, task=task)
    if role is Role.MENTEE:
        return _("{begun} A good first step as a mentee: {task}", begun=begun, task=task)
    return _("{begun} A good first step: {task}", begun=begun, task=task)


def _alone(sheet: Sheet) -> list[Part]:
    about = sheet.abouts[0]
    words = [_line(about)] if about.answer else QUESTIONS[about.topic].whole(sheet.reader, about)
    return [*map(Text, words), _last(sheet)]


def _listed(sheet: Sheet) -> list[Part]:
    parts: list[Part] = [*_head(sheet)]
    for about in sheet.abouts[:-1]:
        parts += [Text(_line(about)), Buttons(_buttons(about))]
    return [*parts, Text(_line(sheet.abouts[-1])), _last(sheet)]


def _head(sheet: Sheet) -> Sequence[Part]:
    if sheet.asks_pace:
        return paces.question(sheet.reader)
    return (
        Text(_("**{reader}, a few lines about your pairs.**", reader=sheet.reader)),
        Text(_("One press for each is plenty. I keep the day and nothing else.")),
    )


def _last(sheet: Sheet) -> Buttons:
    """The last pair's buttons; as long as anything is open, also how to hear less and how to ask for help."""
    if all(about.answer for about in sheet.abouts):
        return Buttons(_buttons(sheet.abouts[-1]))
    args = sheet.abouts[0].args if len(sheet.abouts) == 1 else {}
    trouble = Button(_("Something is not working"), "nudge trouble", args)
    return Buttons(_buttons(sheet.abouts[-1]), quiet=(paces.LESS, *(() if _offers_help(sheet) else (trouble,))))


def _offers_help(sheet: Sheet) -> bool:
    return any(about.topic is Topic.SILENCE and about.answer is None for about in sheet.abouts)


def _notice(sheet: Sheet) -> Words:
    if sheet.asks_pace:
        return paces.NOTICE
    topics = {about.topic for about in sheet.abouts}
    return QUESTIONS[topics.pop()].notice if len(topics) == 1 else _("A few lines about your mentoring")


def _line(about: About) -> Words:
    return outcome(about).words(about) if about.answer else QUESTIONS[about.topic].line(about)


def _buttons(about: About) -> tuple[Button, ...]:
    return outcome(about).buttons(about) if about.answer else QUESTIONS[about.topic].buttons(about)


def _news(news: Sequence[Message]) -> list[Part]:
    """Of each piece of news its first text, and of what asks for something its first buttons."""
    parts: list[Part] = []
    for one in news:
        parts += [part for part in one.parts if isinstance(part, Text)][:1]
        parts += [Buttons(part.main) for part in one.parts if isinstance(part, Buttons)][:1]
    return parts


def _over(about: About) -> Words:
    if about.answer:
        return _line(about)
    if about.topic is Topic.THANKS:
        return _("You and {partner}: your talk was noted.", partner=about.partner)
    return _("About you and {partner} I need no answer any more.", partner=about.partner)
