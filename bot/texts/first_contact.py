"""The first message of a pair: asked for once, of the person who is to write first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.ui import Button, Buttons, Inline, Message, Part, Text, When, Who, Words, _, message


@dataclass(frozen=True, slots=True)
class Beginning:
    """One pair that was introduced; `heard` once anything tells that they are in touch."""

    pair: int
    partner: Inline
    introduced_at: datetime
    heard: bool = False


def letter(reader: Who, pairs: Sequence[Beginning]) -> Message:
    """The letter as it reads now: what was answered has become its outcome."""
    parts = _alone(reader, pairs[0]) if len(pairs) == 1 else _listed(reader, pairs)
    return message(*parts, notice=_("The first message to your partner"))


def closed(pairs: Sequence[Beginning], *, since: datetime) -> Message:
    """What stays of the letter when the first weeks are over."""
    return message(
        _("**This letter is from {day}, the first weeks of your mentoring.**", day=When(since, "day")),
        *(_heard(pair) if pair.heard else _over(pair) for pair in pairs),
        notice=_("An earlier letter about your mentoring"),
    )


def not_yet(partner: Inline) -> Message:
    """There is no hurry, and a line to begin with."""
    return message(
        _("That is fine. If it helps, here is a line to begin with:"),
        _("“Hello {partner}, I am glad that we are a pair. When would a first talk suit you?”", partner=partner),
        _("When you have written, “We have written” in my letter tells me."),
    )


def outcome(pair: Beginning) -> Message:
    """The same answer where there is no letter to change."""
    return message(_heard(pair), Buttons(_buttons(pair)))


def _alone(reader: Who, pair: Beginning) -> list[Part]:
    if pair.heard:
        return [Text(_heard(pair)), Buttons(_buttons(pair))]
    return [
        Text(_("**{reader}, would you write to {partner} first?**", reader=reader, partner=pair.partner)),
        Text(
            _(
                "I introduced the two of you on {day}. Many people wait for the other to begin, so a hello and two "
                "times that suit you make it easy. If you have written already, one press tells me.",
                day=When(pair.introduced_at, "day"),
            )
        ),
        Buttons(_buttons(pair)),
    ]


def _listed(reader: Who, pairs: Sequence[Beginning]) -> list[Part]:
    parts: list[Part] = [
        Text(_("**{reader}, would you write first?**", reader=reader)),
        Text(_("Many people wait for the other to begin. A hello and two times that suit you are plenty.")),
    ]
    for pair in pairs:
        parts += [Text(_heard(pair) if pair.heard else _asked(pair)), Buttons(_buttons(pair))]
    return parts


def _asked(pair: Beginning) -> Words:
    return _("{partner}, since {day}:", partner=pair.partner, day=When(pair.introduced_at, "day"))


def _heard(pair: Beginning) -> Words:
    return _("You and {partner} are in touch. That is all I wanted to know.", partner=pair.partner)


def _over(pair: Beginning) -> Words:
    return _("About you and {partner} I need no answer any more.", partner=pair.partner)


def _buttons(pair: Beginning) -> tuple[Button, ...]:
    args = {"pair": str(pair.pair)}
    if pair.heard:
        return (Button(_("Undo"), "nudge undo", args),)
    return (
        Button(_("We have written"), "nudge written", args),
        Button(_("It is planned"), "nudge planned", args),
        Button(_("Not yet"), "nudge later", args),
    )
