"""Quiet hours: chosen, shown, and given up again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.ui import Button, Buttons, Message, Run, Text, When, Words, _, message

CHOOSE = Button(_("Choose quiet hours"), "mentor quiet")
_CHANGE = Button(_("Change the hours"), "mentor quiet")
_NONE = Button(_("No quiet hours"), "mentor quiet off")

NOTICE = _("Your quiet hours")


def chosen(begins: datetime, ends: datetime, letter_at: datetime | None) -> Message:
    """Quiet hours are set; the instants are those of today."""
    return message(
        _(
            "**From {begins} to {ends} I do not write to you of my own accord.**",
            begins=When(begins, "hour"),
            ends=When(ends, "hour"),
        ),
        _(
            "What falls into these hours comes afterwards, in the daytime of a working day. What you ask me is "
            "answered at any time."
        ),
        *_next(letter_at),
        Buttons((_CHANGE, _NONE)),
        notice=NOTICE,
    )


def none(letter_at: datetime | None) -> Message:
    """There are none any more."""
    return message(
        _("**You have no quiet hours now.** I write in the daytime of working days, by your own clock."),
        *_next(letter_at),
        Buttons((CHOOSE,)),
        notice=NOTICE,
    )


def one_missing() -> Words:
    """Half a span is none."""
    return _("Please give both times, or leave both empty for no quiet hours.")


def no_span() -> Words:
    """Both times are the same."""
    return _("These hours would begin and end at the same time. Please choose another end.")


def no_room() -> Words:
    """Nothing is left of the day."""
    return _(
        "These hours leave me less than an hour of the day to write to you. Please leave at least one; {pause} stops "
        "my letters for a while.",
        pause=Run("mentor pause"),
    )


def beside(shown: Message, begins: datetime, ends: datetime) -> Message:
    """Where somebody stands, with their quiet hours before the last buttons."""
    line = Text(_("Your quiet hours: {begins} to {ends}.", begins=When(begins, "hour"), ends=When(ends, "hour")))
    last = next(place for place in reversed(range(len(shown.parts))) if isinstance(shown.parts[place], Buttons))
    return replace(shown, parts=(*shown.parts[:last], line, *shown.parts[last:]))


def _next(letter_at: datetime | None) -> tuple[Words, ...]:
    return () if letter_at is None else (_("My next letter to you comes on {moment}.", moment=When(letter_at)),)
