"""When a person's next letter falls due: derived by one function, called by whatever changes a date, zone or pause."""

from __future__ import annotations

from collections.abc import Collection

from bot.storage.work import Work


async def plan(work: Work, people: Collection[int]) -> None:
    """Derive `next_letter_at` of these people anew from their pairings, cohorts and zones."""
