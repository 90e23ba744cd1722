"""Something is not working: who could be told, what they hear, and what they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain import ConcernTo
from bot.ui import All, Button, Buttons, Inline, Message, Run, Who, Words, _, message

Listeners = Mapping[ConcernTo, Who]
"""Who could hear a concern about one pair: its liaison, its coordinator, or both."""


def ask(pair: int, partner: Inline, listeners: Listeners) -> Message:
    """Who could be told, before anybody is."""
    return message(
        _("**Thank you for saying so. Nobody has been told.**"),
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


def told(listener: Who, partner: Inline) -> Message:
    """Who was told, and that the partner was not."""
    return message(
        _(
            "I have asked {listener} to get in touch with you. {listener} knows your name and your pair, and no more. "
            "{partner} hears nothing from me.",
            listener=listener,
            partner=partner,
        ),
        Buttons((Button(_("Where do I stand?"), "mentor status"),)),
        notice=_("Your message has been passed on"),
    )


def knows_already(listener: Who) -> Message:
    """The same person was asked before, and it is not settled."""
    return message(
        _("{listener} has your message already and will get in touch with you.", listener=listener),
        notice=_("Your message has been passed on"),
    )


def heard(pair: int, raised_by: Who, people: Sequence[Who]) -> Message:
    """Somebody asks for a person: the liaison or the coordinator hears who, and nothing else."""
    return message(
        _("**Somebody in your program would like to hear from you.**"),
        _(
            "{person} asks you to get in touch. It is about the pair of {people}. I know no more than that, and I have "
            "told nobody else, so please write to {person} alone.",
            person=raised_by,
            people=All(tuple(people)),
        ),
        Buttons((Button(_("See this pair"), "liaison pair", {"pair": str(pair)}),)),
    )


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
