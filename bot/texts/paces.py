"""How often somebody wants to hear from the program: the question, the choices, and how to go back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from bot.texts import quiet_hours
from bot.ui import Button, Buttons, Message, Part, Text, When, Who, Words, _, message


class Choice(StrEnum):
    """What can be chosen: a pace, or four weeks of quiet."""

    MONTHLY = "monthly"
    PHASES = "phases"
    PAUSE = "pause"
    FORTNIGHTLY = "fortnightly"


LESS = Button(_("Ask me less often"), "nudge less")
NOTICE = _("How often shall I write to you?")

LABELS: Mapping[Choice, Words] = {
    Choice.MONTHLY: _("Once a month"),
    Choice.PHASES: _("Only at new phases"),
    Choice.PAUSE: _("Pause for four weeks"),
    Choice.FORTNIGHTLY: _("Every two weeks, as before"),
}

_MEANS: Mapping[Choice, Words] = {
    Choice.MONTHLY: _("From now on I write once a month."),
    Choice.PHASES: _("From now on I write when a new phase of the program begins, a few times a year."),
    Choice.FORTNIGHTLY: _("I write every two weeks, as before."),
}


def question(reader: Who) -> Sequence[Part]:
    """The head of a letter that asks for the pace that suits, and says what follows without an answer."""
    wanted = (Choice.MONTHLY, Choice.PHASES, Choice.FORTNIGHTLY)
    return (
        Text(_("**{reader}, how often shall I write to you?**", reader=reader)),
        Text(
            _(
                "Every two weeks may be more than you need. If you choose nothing, I write once a month from now on. "
                "You can change that in every letter."
            )
        ),
        Buttons(tuple(button(choice) for choice in wanted)),
    )


def offered() -> Message:
    """What can be chosen, and what each means."""
    return message(
        _("**How often shall I write to you?**"),
        _(
            "Once a month, only when a new phase of the program begins, or not at all for four weeks. It changes "
            "nothing for your partner, and nobody is told."
        ),
        Buttons(offered_buttons(), (quiet_hours.CHOOSE,)),
    )


def chosen(choice: Choice, until: datetime | None) -> Message:
    """What a choice means, and how to go back."""
    back = () if choice is Choice.FORTNIGHTLY else (button(Choice.FORTNIGHTLY),)
    other = Button(_("Choose something else"), "nudge less")
    return message(said(choice, until), Buttons((*back, other)), notice=_("How often I write to you"))


def said(choice: Choice, until: datetime | None) -> Words:
    """What a choice means, in one or two sentences."""
    if choice is Choice.PAUSE and until is not None:
        means = _("I write again from {day} on.", day=When(until, "day"))
    else:
        means = _MEANS[choice]
    return _("{means} “Ask me less often” in any letter changes it again.", means=means)


def offered_buttons() -> tuple[Button, ...]:
    """Every choice there is."""
    return tuple(button(choice) for choice in Choice)


def button(choice: Choice) -> Button:
    """The press that chooses it."""
    return Button(LABELS[choice], "nudge pace", {"choice": choice.value})
