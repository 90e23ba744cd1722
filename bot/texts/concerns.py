"""Something is not working: who could be told, what they hear, and what they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain import ConcernTo
from bot.ui import All, Button, Buttons, Inline, Message, Run, Who, Words, _, message

Listeners = Mapping[ConcernTo, Who]
"""Who could hear a concern about one pair: its liaison, its coordinator, or both."""


def ask(pair: int, partner: Inline, listeners: Listeners, *, told: Sequence[Who]) -> Message:
    """Who could be told, before anybody is; or who else, where somebody was `told` before."""
    head = (
        _("**Thank you for saying so. {listener} has your message, and nobody else.**", listener=All(tuple(told)))
        if told
        else _("**Thank you for saying so. Nobody has been told.**")
    )
    return message(
        head,
        _(
            "If you like, I ask {who} to get in touch with you. I pass on your name and your pair, and no reason. "
            "{partner} hears nothing from me.",
            who=_either(listeners),
            partner=partner,
        ),
        Buttons((*_tell(pair, listeners), Button(_("Not now"), "nudge keep"))),
        notice=_("Your message has arrived"),
    )


def nobody() -> Message:
    """There is nobody who could be told."""
    return message(
        _(
            "There is nobody in the team whom I could tell for you. {leave} ends a pair kindly.",
            leave=Run("mentor leave"),
        ),
        notice=_("Your message has arrived"),
    )


def kept() -> Message:
    """Nobody is told."""
    return message(
        _("All right, nobody is told. The button stays in my letters."), notice=_("All right, nobody is told")
    )


def told(listener: Who, partner: Inline, *, others: Sequence[Who]) -> Message:
    """Who was told, now and before, and that the partner was not."""
    before = (_("{others} has your message, too.", others=All(tuple(others))),) if others else ()
    return message(
        _(
            "I have asked {listener} to get in touch with you. {listener} knows your name and your pair, and no more. "
            "{partner} hears nothing from me.",
            listener=listener,
            partner=partner,
        ),
        *before,
        Buttons((Button(_("Where do I stand?"), "mentor status"),)),
        notice=_("Your message has been passed on"),
    )


def knows_already(listener: Who) -> Message:
    """The same person was asked before, and it is not settled."""
    return message(
        _("{listener} has your message already and will get in touch with you.", listener=listener),
        notice=_("Your message has been passed on"),
    )


def heard(pair: int, raised_by: Who, people: Sequence[Who], *, also: Sequence[Who], alone: bool) -> Message:
    """Somebody asks for a person: the liaison or the coordinator hears who, and nothing else.

    `also` are others who were told and whom the reader may know of; `alone`: nobody else was told.
    """
    return message(
        _("**Somebody in your program would like to hear from you.**"),
        _(
            "{person} asks you to get in touch. It is about the pair of {people}. {known} Please write to {person} "
            "alone.",
            person=raised_by,
            people=All(tuple(people)),
            known=_known(also, alone=alone),
        ),
        Buttons((Button(_("See this pair"), "liaison pair", {"pair": str(pair)}),)),
        delicate=True,
    )


def _known(also: Sequence[Who], *, alone: bool) -> Words:
    if alone:
        return _("I know no more than that, and I have told nobody else.")
    if also:
        return _("I know no more than that. {others} was asked for the same before.", others=All(tuple(also)))
    return _("I know no more than that.")


def _either(listeners: Listeners) -> Inline:
    named = tuple(_NAMED[to](who) for to, who in listeners.items())
    return named[0] if len(named) == 1 else _("{first} or {second}", first=named[0], second=named[1])


def _tell(pair: int, listeners: Listeners) -> list[Button]:
    """A liaison is told by name; the coordinator “only”, where the liaison could have been told."""
    labels = {
        ConcernTo.LIAISON: lambda who: _("Tell {name}", name=who.name[:40]),
        ConcernTo.COORDINATOR: lambda who: (
            _("Tell the coordinator only") if len(listeners) > 1 else _("Tell {name}", name=who.name[:40])
        ),
    }
    args = {"pair": str(pair)}
    return [Button(labels[to](who), "nudge tell", {**args, "to": to.value}) for to, who in listeners.items()]


def _liaison(who: Who) -> Words:
    return _("{who}, your liaison,", who=who)


def _coordinator(who: Who) -> Words:
    return _("{who}, the coordinator,", who=who)


_NAMED = {ConcernTo.LIAISON: _liaison, ConcernTo.COORDINATOR: _coordinator}
