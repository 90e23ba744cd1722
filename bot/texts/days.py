"""Many days in few words: single days and spans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.ui import All, Day, Inline, _


def spans(listed: Sequence[str]) -> list[tuple[date, date]]:
    """ISO dates as first and last days of unbroken spans, in order."""
    found: list[tuple[date, date]] = []
    for day in sorted(map(date.fromisoformat, listed)):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def days(listed: Sequence[str]) -> Inline:
    """Quiet days as people read them."""
    shown: tuple[Inline, ...] = tuple(
        Day(first) if first == last else _("{first} to {last}", first=Day(first), last=Day(last))
        for first, last in spans(listed)
    )
    return All(shown) if shown else _("none")
