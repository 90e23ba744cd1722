"""What a liaison hears of quiet pairs: days, never words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.ui import All, Button, Buttons, Day, Message, Part, Row, Rows, When, Who, Words, _, message


@dataclass(frozen=True, slots=True)
class QuietPair:
    """A pair of which nothing was heard: since when, and when its members were asked."""

    pair: int
    people: Sequence[Who]
    heard_at: datetime | None
    began_on: date
    asked_at: datetime | None


def quiet(reader: Who, pairs: Sequence[QuietPair]) -> Message:
    """One letter for all pairs that somebody hears of at the same moment."""
    head = (
        _("**{reader}, a pair that you look after may be glad of a word from you.**", reader=reader)
        if len(pairs) == 1
        else _("**{reader}, some of your pairs may be glad of a word from you.**", reader=reader)
    )
    return message(
        head,
        *_listed(pairs),
        _(
            "A short hello from a person does more here than another message from me. I know the days and nothing "
            "else; they know that you hear of it."
        ),
        notice=_("A quiet moment among the pairs you look after"),
        delicate=True,
    )


def _listed(pairs: Sequence[QuietPair]) -> Sequence[Part | Words]:
    if len(pairs) == 1:
        return (_line(pairs[0]), Buttons((_write(pairs[0]), _touch(pairs[0])), (_see(pairs[0]),)))
    return (Rows(tuple(Row(_line(pair), (_write(pair), _touch(pair))) for pair in pairs)),)


def _line(pair: QuietPair) -> Words:
    people = All(tuple(pair.people))
    heard = (
        _("{people}: no news since they began on {day}.", people=people, day=Day(pair.began_on))
        if pair.heard_at is None
        else _("{people}: no news since {day}.", people=people, day=When(pair.heard_at, "day"))
    )
    if pair.asked_at is None:
        return heard
    return _("{heard} I asked on {day} and had no answer.", heard=heard, day=When(pair.asked_at, "day"))


def _write(pair: QuietPair) -> Button:
    names = All(tuple(person.name[:24].strip() for person in pair.people))
    return Button(_("Write to {names}", names=names), "liaison write", {"pair": str(pair.pair)})


def _touch(pair: QuietPair) -> Button:
    return Button(_("I am in touch"), "liaison touch", {"pair": str(pair.pair)})


def _see(pair: QuietPair) -> Button:
    return Button(_("See this pair"), "liaison pair", {"pair": str(pair.pair)})
