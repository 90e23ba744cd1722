"""Whether each member and period ended in exactly one way, counted from dates alone and not by the bot's own rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.domain import Cohort, Member, Nudge, Pairing
from bot.storage.work import Work

FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Periods by their outcome, and what is wrong with them: periods with none, with several, or after the end."""

    outcomes: Mapping[str, int]
    by_fortnight: Mapping[date, Mapping[str, int]]
    missing: int
    doubled: int
    beyond: int

    @property
    def is_exact(self) -> bool:
        """Whether each member and period ended in exactly one way."""
        return not self.missing + self.doubled + self.beyond


async def read(work: Work, starts_on: date) -> Settled:
    """What became of all periods."""
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    outcomes: Counter[str] = Counter()
    fortnights: defaultdict[date, Counter[str]] = defaultdict(Counter)
    rows = await work.session.execute(select(Nudge.member_id, Nudge.period, Nudge.outcome, Nudge.at))
    for member, period, outcome, at in rows:
        found[member][period] += 1
        outcomes[str(outcome)] += 1
        fortnights[starts_on + (at.date() - starts_on) // FORTNIGHT * FORTNIGHT][str(outcome)] += 1
    lasted = await _lasted(work)
    return Settled(
        outcomes=dict(sorted(outcomes.items())),
        by_fortnight={day: dict(sorted(fortnights[day].items())) for day in sorted(fortnights)},
        missing=sum(period not in found[member] for member, last in lasted.items() for period in range(1, last + 1)),
        doubled=sum(count > 1 for periods in found.values() for count in periods.values()),
        beyond=sum(not 1 <= period <= lasted.get(member, 0) for member, periods in found.items() for period in periods),
    )


def by_fortnight(days: Mapping[date, int], *, since: date, until: date) -> dict[date, int]:
    """Days summed up by fortnights from `since` on; those without any are there, too."""
    counted: Counter[date] = Counter()
    for day, count in days.items():
        counted[since + (day - since) // FORTNIGHT * FORTNIGHT] += count
    return {day: counted[day] for day in (since + FORTNIGHT * n for n in range((until - since) // FORTNIGHT + 1))}


async def _lasted(work: Work) -> dict[int, int]:
    """How many whole fortnights had begun for each member when their pairing ended, after the first."""
    rows = await work.session.execute(
        select(Member.id, Pairing.starts_on, Pairing.ends_on, Cohort.ends_on)
        .join(Pairing, Member.pairing_id == Pairing.id)
        .join(Cohort, Pairing.cohort_id == Cohort.id)
        .where(Pairing.starts_on.is_not(None))
    )
    return {
        member: (((ended or cohort_ends) - started) // FORTNIGHT if started else 0)
        for member, started, ended, cohort_ends in rows
    }
