"""Who looks after which pair: sharing out, moving, and being away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.texts.liaison import EVERYBODY
from bot.texts.summary import MY_PAIRS
from bot.ui import All, Button, Buttons, Facts, Message, Row, Rows, Who, Words, _, message, ngettext


@dataclass(frozen=True, slots=True)
class Load:
    """A liaison, and how many pairs they look after."""

    liaison: Who
    pairs: int


def assigned(given: int, loads: Sequence[Load], *, alone: int) -> Message:
    """Who looks after how many pairs now."""
    done = (
        ngettext("**{count} pair has a liaison now.**", "**{count} pairs have a liaison now.**", given)
        if given
        else _("**Nothing had to change.**")
    )
    left = ngettext(
        "{count} pair has none: all liaisons are in it themselves. Another liaison would help.",
        "{count} pairs have none: all liaisons are in them themselves. Another liaison would help.",
        alone,
    )
    return message(
        done,
        Facts(tuple((_("{liaison}", liaison=load.liaison), _pairs(load.pairs)) for load in loads)),
        *((left,) if alone else ()),
        *((_("Each of them hears from me which pairs are new."),) if given else ()),
        Buttons((Button(_("Move one pair"), "liaison assign"), EVERYBODY)),
    )


def choose_liaison(people: Sequence[Who], number: int, loads: Sequence[Load]) -> Message:
    """Who could look after a pair, and how many each has already."""
    rows = Rows(
        tuple(
            Row(
                _("{liaison}: {pairs}", liaison=load.liaison, pairs=_pairs(load.pairs)),
                (
                    Button(
                        _("Choose {name}", name=load.liaison.name[:40]), "liaison assign", _args(number, load.liaison)
                    ),
                ),
            )
            for load in loads
        )
    )
    return message(_("**Who should look after {names}?**", names=All(tuple(people))), rows)


def moved(people: Sequence[Who], number: int, liaison: Who, former: Who | None) -> Message:
    """A pair has another liaison; the way back is one tap."""
    return message(
        _("{liaison} looks after {names} now.", liaison=liaison, names=All(tuple(people))),
        _("The liaisons hear it from me now, and the pair in its next letters."),
        Buttons((Button(_("See this pair"), "liaison pair", {"pair": str(number)}),), _back(number, former)),
    )


def taken_over(people: Sequence[Who], liaison: Who) -> Message:
    """A liaison hears that somebody else looks after a pair of theirs."""
    return message(
        _("**One of your pairs has another liaison now.**"),
        _(
            "{liaison} looks after {names} from today on. Thank you for your care.",
            liaison=liaison,
            names=All(tuple(people)),
        ),
        Buttons((MY_PAIRS,)),
    )


def new_liaison(liaison: Who) -> Message:
    """A member hears, in the next letter, whom to turn to."""
    return message(_("Your liaison is {liaison} now: the person to turn to, about anything.", liaison=liaison))


def ask_away(count: int) -> Message:
    """Handing over is asked once."""
    return message(
        ngettext(
            "**Shall I ask the coordinators to find somebody else for your pair?**",
            "**Shall I ask the coordinators to find somebody else for your {count} pairs?**",
            count,
        ),
        _("Until they have, you stay their liaison. The pairs hear nothing before that."),
        Buttons((Button(_("Yes, please ask"), "liaison away", {"sure": "yes"}), MY_PAIRS)),
    )


def away_noted() -> Message:
    """The coordinators know."""
    return message(
        _("The coordinators have your message. You hear from me when somebody else takes over."),
        notice=_("The coordinators have your message"),
    )


def away(liaison: Who, count: int) -> Message:
    """A coordinator hears that a liaison is away."""
    return message(
        _("**A liaison is away for a while.**"),
        ngettext(
            "{liaison} looks after {count} pair and asks that somebody else does.",
            "{liaison} looks after {count} pairs and asks that somebody else does.",
            count,
            liaison=liaison,
        ),
        Buttons(
            (
                Button(_("Share them out"), "liaison handover", {"liaison": str(liaison.person)}),
                Button(_("Move one pair"), "liaison assign"),
            )
        ),
    )


def handed_over(liaison: Who, people: Sequence[Who]) -> Message:
    """A liaison hears that their pairs are in good hands."""
    names = All(tuple(people))
    after = (
        _("{names} look after them now.", names=names)
        if len(people) > 1
        else _("{names} looks after them now.", names=names)
    )
    return message(
        _("**Your pairs are in good hands.**"),
        _("{after} Welcome back whenever you like, {liaison}.", after=after, liaison=liaison),
    )


def _back(pair: int, former: Who | None) -> tuple[Button, ...]:
    if former is None:
        return ()
    return (Button(_("Give it back to {name}", name=former.name[:40]), "liaison assign", _args(pair, former)),)


def _pairs(count: int) -> Words:
    return ngettext("{count} pair", "{count} pairs", count)


def _args(pair: int, liaison: Who) -> dict[str, str]:
    return {"pair": str(pair), "liaison": str(liaison.person)}
