"""The summary's pictures as data, each with words that say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.texts.pairs import STATES, PairState
from bot.ui import All, Day, Picture, Series, _


def talks(fortnights: Sequence[tuple[date, int]]) -> Picture:
    """Talks noted in two weeks each, by the first day of these."""
    numbers = tuple(count for _first, count in fortnights)
    return Picture(
        _("Talks noted, two weeks each"),
        tuple(Day(first) for first, _count in fortnights),
        (Series(_("Talks"), numbers),),
        _(
            "Columns: talks noted in two weeks each, from {first} on: {numbers}.",
            first=Day(fortnights[0][0]),
            numbers=All(numbers),
        ),
    )


def states(pairs: Mapping[PairState, int]) -> Picture:
    """How many pairs are in each state; states without any are left out."""
    shown = [(words, count) for state, words in STATES.items() if (count := pairs.get(state, 0))]
    return Picture(
        _("How the pairs are doing"),
        tuple(words for words, _count in shown),
        (Series(_("Pairs"), tuple(count for _words, count in shown)),),
        _(
            "Bars: pairs by state: {states}.",
            states=All(tuple(_("{count} {state}", count=count, state=words) for words, count in shown)),
        ),
    )
