"""What is asked about a pair, by what it needs now: alone in a letter, or as a line beside other pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.texts.sheet import About, Topic
from bot.ui import Button, When, Who, Words, _, ngettext


@dataclass(frozen=True, slots=True)
class Question:
    """One topic: its notice, its paragraphs in a letter of its own, its line beside others, and its buttons."""

    notice: Words
    whole: Callable[[Who, About], list[Words]]
    line: Callable[[About], Words]
    buttons: Callable[[About], tuple[Button, ...]]


def _talk(reader: Who, about: About) -> list[Words]:
    return [
        _("**{reader}, have you talked with {partner} lately?**", reader=reader, partner=about.partner),
        _("One press tells me. I keep the day and nothing else: your words belong to the two of you."),
        *_prompt(about, _("A question to take along, if you like: “{prompt}”")),
    ]


def _talk_line(about: About) -> Words:
    if about.prompt is None:
        return _("{partner}: have you talked lately?", partner=about.partner)
    return _("{partner}: have you talked lately? “{prompt}”", partner=about.partner, prompt=about.prompt)


def _goals(reader: Who, about: About) -> list[Words]:
    return [
        _("**{reader}, what would you and {partner} like to reach?**", reader=reader, partner=about.partner),
        _(
            "One sentence is enough to begin with, and either of you can write it. You can both read and change it; "
            "a liaison sees only that it is there."
        ),
    ]


def _goals_line(about: About) -> Words:
    return _("{partner}: what would you like to reach together? One sentence is enough.", partner=about.partner)


def _silence(reader: Who, about: About) -> list[Words]:
    return [
        _("**{reader}, how is your mentoring going?**", reader=reader),
        _(
            "I have heard nothing of you and {partner} {weeks}. You may be talking without telling me, and that is "
            "fine. It may also be a time with little room for it.",
            partner=about.partner,
            weeks=ngettext("for a week", "for {count} weeks", about.weeks),
        ),
        _("I ask {partner} separately, and your answer stays with me.", partner=about.partner),
        *_consequence(about),
    ]


def _silence_line(about: About) -> Words:
    asked = _("{partner}: how is it going? I have had no news for some time.", partner=about.partner)
    if about.hears_at is None:
        return asked
    return _(
        "{asked} If that stays so until {day}, I let {listener} know that your pair is quiet, and no more.",
        asked=asked,
        day=When(about.hears_at, "day"),
        listener=about.listener,
    )


def _consequence(about: About) -> list[Words]:
    if about.hears_at is None:
        return []
    return [
        _(
            "Without a word from either of you by {day}, I let {listener} know that your pair is quiet, and nothing "
            "more, so that somebody can ask how you are.",
            day=When(about.hears_at, "day"),
            listener=about.listener,
        )
    ]


def _thanks(reader: Who, about: About) -> list[Words]:
    return [
        _("**Thank you, {reader}. Your talk with {partner} is noted.**", reader=reader, partner=about.partner),
        *_prompt(about, _("A question for the next one, if you like: “{prompt}”")),
    ]


def _thanks_line(about: About) -> Words:
    if about.prompt is None:
        return _("{partner}: thank you, your talk is noted.", partner=about.partner)
    return _("{partner}: thank you, your talk is noted. “{prompt}”", partner=about.partner, prompt=about.prompt)


def _prompt(about: About, words: Words) -> list[Words]:
    return [] if about.prompt is None else [Words(words.msgid, {"prompt": about.prompt})]


def _press(label: Words, run: str) -> Callable[[About], Button]:
    return lambda about: Button(label, run, about.args)


TALKED = _press(_("We talked"), "nudge talked")
PLANNED = _press(_("It is planned"), "nudge planned")
_NOT_YET = _press(_("Not yet"), "nudge later")


def row(*presses: Callable[[About], Button]) -> Callable[[About], tuple[Button, ...]]:
    """Buttons about one pair, in this order."""
    return lambda about: tuple(press(about) for press in presses)


QUESTIONS: Mapping[Topic, Question] = {
    Topic.TALK: Question(_("Your mentoring: one press is enough"), _talk, _talk_line, row(TALKED, PLANNED, _NOT_YET)),
    Topic.GOALS: Question(
        _("Your mentoring: a first goal"),
        _goals,
        _goals_line,
        row(_press(_("Write a first goal"), "goals set"), TALKED, _NOT_YET),
    ),
    Topic.SILENCE: Question(
        _("A question about your mentoring"),
        _silence,
        _silence_line,
        row(
            _press(_("We talk, all is well"), "nudge well"),
            _press(_("A busy time: ask me in a month"), "nudge busy"),
            _press(_("I would like some help"), "nudge trouble"),
        ),
    ),
    Topic.THANKS: Question(
        _("Thank you, your talk is noted"),
        _thanks,
        _thanks_line,
        row(_press(_("We talked again"), "nudge talked")),
    ),
}
