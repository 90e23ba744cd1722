"""Proposed pairs, as they are stored until the committee has reviewed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.sql.base import ExecutableOption

from bot.domain import Cohort, CohortState, Event, Member, Pairing, PairingState, Role
from bot.matching import Mentee, Mentor, Preferences, common_ground, reasons
from bot.storage import queries
from bot.storage.work import Work
from bot.ui import Text, Words, codec, message

MATCHABLE = (CohortState.MATCHING, CohortState.ACTIVE)
"""States in which pairs are proposed; in an active cohort, for those who have no partner."""


THERE = frozenset({"match.proposed", "match.changed"})
"""What was done last where there is a proposal, be it without any pair."""


@dataclass(frozen=True, slots=True)
class Match:
    """One pair to store, by enrollment, with the sentences of its review and of its introduction."""

    mentee: int
    mentor: int
    score: int
    reasons: dict[str, Any]
    common: dict[str, Any]
    locked: bool = False

    @classmethod
    def of(
        cls, mentee: Mentee, mentor: Mentor, *, preferences: Preferences, score: int = 0, locked: bool = False
    ) -> Match:
        """Two candidates; a pair that a person chose gets its score when the others are matched anew."""
        return cls(
            mentee.enrollment,
            mentor.enrollment,
            score,
            pack(reasons(mentee, mentor, preferences=preferences)),
            pack(common_ground(mentee, mentor, preferences=preferences)),
            locked,
        )


async def hold(work: Work, cohort: Cohort) -> None:
    """Let nobody else change this cohort's proposal until the Work ends, and see it as it is now."""
    await work.flush()
    await work.session.refresh(cohort, with_for_update=True)


async def proposed(
    work: Work, cohort: Cohort, *more: ExecutableOption, offset: int = 0, limit: int | None = None
) -> Sequence[Pairing]:
    """The proposed pairs in a fixed order, with their people and `more`."""
    return await work.all(
        select(Pairing)
        .where(Pairing.cohort_id == cohort.id, Pairing.state == PairingState.PROPOSED)
        .order_by(Pairing.id)
        .offset(offset)
        .limit(limit)
        .options(*queries.with_people(), *more)
    )


async def count(work: Work, cohort: Cohort) -> int:
    """How many pairs are proposed."""
    here = Pairing.cohort_id == cohort.id, Pairing.state == PairingState.PROPOSED
    return await work.first(select(func.count(Pairing.id)).where(*here)) or 0


async def newest(work: Work, cohort: Cohort) -> str:
    """What was done last with a cohort's pairs."""
    kinds = "match.proposed", "match.changed", "cohort.published"
    found = select(Event.kind).where(Event.cohort_id == cohort.id, Event.kind.in_(kinds)).order_by(Event.id.desc())
    return await work.first(found) or ""


async def store(work: Work, cohort: Cohort, matches: Sequence[Match], *, people: Mapping[int, int]) -> None:
    """Keep pairs, however many, in two inserts; `people` gives each enrollment's person."""
    if not matches:
        return
    rows = [
        {
            "cohort_id": cohort.id,
            "locked": match.locked,
            "score": match.score,
            "reasons": match.reasons,
            "common": match.common,
        }
        for match in matches
    ]
    numbers = await work.session.scalars(insert(Pairing).returning(Pairing.id, sort_by_parameter_order=True), rows)
    members = [
        {"pairing_id": number, "person_id": people[enrollment], "enrollment_id": enrollment, "role": role}
        for number, match in zip(numbers, matches, strict=True)
        for enrollment, role in ((match.mentee, Role.MENTEE), (match.mentor, Role.MENTOR))
    ]
    await work.session.execute(insert(Member), members)


async def drop(work: Work, cohort: Cohort, *pairings: int) -> None:
    """Take proposed pairs away: these, or all of them."""
    gone = select(Pairing.id).where(Pairing.cohort_id == cohort.id, Pairing.state == PairingState.PROPOSED)
    gone = gone.where(work.among(Pairing.id, pairings)) if pairings else gone
    numbers = await work.all(gone)
    await work.session.execute(delete(Member).where(work.among(Member.pairing_id, numbers)))
    await work.session.execute(delete(Pairing).where(work.among(Pairing.id, numbers)))


def pack(sentences: Sequence[Words]) -> dict[str, Any]:
    """Sentences as a column keeps them."""
    return codec.dump(message(*sentences))


def unpack(kept: dict[str, Any]) -> tuple[Words, ...]:
    """The sentences that `pack` kept."""
    parts = codec.load(kept).parts if kept else ()
    return tuple(part.words for part in parts if isinstance(part, Text))
