"""Quiet days as one line of text: "2027-12-24 to 2028-01-02, May 17"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.texts.days import spans
from bot.ui import _
from commands.spec import Refused
from commands.times import as_date

MOST = 120
"""Quiet days of one cohort; more would leave too little of it."""

_BETWEEN = re.compile(r"\s*[,;\n]\s*|\s+and\s+")
_TO = re.compile(r"\s+(?:to|until|-|–|—)\s+|\s*[–—]\s*")


def read(typed: str, *, near: date) -> list[str]:
    """The days as ISO dates, sorted; a day without a year is the one nearest to `near`. Raises Refused."""
    found = {day for piece in _pieces(typed) for day in _span(piece, near)}
    if len(found) > MOST:
        raise Refused(
            _("These are {count} days; {most} fit. Please shorten the longest span.", count=len(found), most=MOST),
            field="quiet_days",
        )
    return [day.isoformat() for day in sorted(found)]


def write(days: Sequence[str]) -> str:
    """The same line again, with spans put together, for a form that knows them."""
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in spans(days))


def _pieces(typed: str) -> Iterator[str]:
    """What stands between commas; a comma before a year belongs to the date ("May 17, 2028")."""
    joined = re.sub(r",\s*(\d{4})(?!-)", r" \1", typed)
    return (piece for piece in _BETWEEN.split(joined.strip()) if piece)


def _span(piece: str, near: date) -> list[date]:
    ends = [as_date(part, near) for part in _TO.split(piece)]
    first, last = ends[0], ends[-1]
    if first is None or last is None or len(ends) > 2:
        raise Refused(
            _(
                "I cannot read “{piece}” as a day or a span of days. Please write it like 2027-12-24 to 2028-01-02.",
                piece=piece,
            ),
            field="quiet_days",
        )
    if last < first:
        raise Refused(
            _("In “{piece}” the last day comes before the first. Please turn them round.", piece=piece),
            field="quiet_days",
        )
    return [first + timedelta(days=number) for number in range(min((last - first).days, MOST) + 1)]
