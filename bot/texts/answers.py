"""What an answer to the program's letter came to, and how to take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.texts.sheet import About, Answer
from bot.texts.topics import PLANNED, TALKED, row
from bot.ui import Button, Buttons, Day, Message, When, Words, _, message

NOTED = _("Your answer has arrived")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer: what it came to, and what can be done about it."""

    words: Callable[[About], Words]
    buttons: Callable[[About], tuple[Button, ...]]


def outcome(about: About) -> Outcome:
    """How this pair's answer reads; it must have one."""
    assert about.answer is not None, "only what was answered has an outcome"
    return OUTCOMES[about.answer]


def alone(about: About) -> Message:
    """An answer that belongs to no letter, or to one that stays as it is."""
    answered = outcome(about)
    return message(answered.words(about), Buttons(answered.buttons(about)), notice=NOTED)


def late(about: About) -> Message:
    """An answer to a letter whose time is over: it counts as well."""
    answered = outcome(about)
    return message(
        _("That letter was about an earlier time, and your answer still counts."),
        answered.words(about),
        Buttons(answered.buttons(about)),
        notice=NOTED,
    )


def undone(about: About) -> Message:
    """An answer was taken back where there is no letter to ask again in."""
    return message(
        _("Taken back. Nothing is noted for you and {partner}.", partner=about.partner), Buttons((TALKED(about),))
    )


def over(about: About) -> Message:
    """A button about a pair that has ended."""
    return message(
        _("You and {partner} are no longer a pair here, so there is nothing left to answer.", partner=about.partner),
        Buttons((Button(_("Where do I stand?"), "mentor status"),)),
    )


def _talked(about: About) -> Words:
    day = Day(about.talked_on or date.min)
    if about.noted_by is not None:
        return _("{who} has noted your talk of {day}. It counts for you both.", who=about.noted_by, day=day)
    return _("Noted. You talked with {partner} on {day}.", partner=about.partner, day=day)


def _planned(about: About) -> Words:
    return _("Good, a talk with {partner} is planned.", partner=about.partner)


def _not_yet(about: About) -> Words:
    return _(
        "All right. When you are ready, two times that suit you are enough to ask {partner}.", partner=about.partner
    )


def _well(about: About) -> Words:
    good = _("Good to know that you and {partner} talk.", partner=about.partner)
    if about.until is None:
        return good
    return _("{good} I do not ask about it again before {day}.", good=good, day=When(about.until, "day"))


def _busy(about: About) -> Words:
    if about.until is None:
        return _("All right. I do not ask about it for a while, and nobody is told that your pair is quiet.")
    return _(
        "All right. I write again from {day} on, and nobody is told that your pair is quiet.",
        day=When(about.until, "day"),
    )


def _undo(about: About) -> Button:
    return Button(_("Undo"), "nudge undo", about.args)


def _after_talk(about: About) -> tuple[Button, ...]:
    talk = {"checkin": str(about.noted)}
    details = Button(_("Add details"), "checkin details", talk)
    if about.noted_by is not None:
        return details, Button(_("It was another talk"), "checkin log", about.args)
    return details, Button(_("Undo"), "nudge untalked", talk)


OUTCOMES: Mapping[Answer, Outcome] = {
    Answer.TALKED: Outcome(_talked, _after_talk),
    Answer.PLANNED: Outcome(_planned, row(TALKED, _undo)),
    Answer.NOT_YET: Outcome(_not_yet, row(TALKED, PLANNED)),
    Answer.WELL: Outcome(_well, row(_undo)),
    Answer.BUSY: Outcome(_busy, row(_undo)),
}
