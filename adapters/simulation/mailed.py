"""What reached people: letters by kind, how many a person had not asked for, and whether each came once and by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean
from zoneinfo import ZoneInfo

from sqlalchemy import select

from adapters.simulation.deliver import Sent
from adapters.simulation.people import Resident
from adapters.simulation.world import World
from bot.domain import Letter, LetterKind
from bot.storage.work import Work

UNASKED = frozenset(
    {
        LetterKind.NEWS,
        LetterKind.INTRODUCTION,
        LetterKind.FAREWELL,
        LetterKind.NUDGE,
        LetterKind.FIRST_CONTACT,
        LetterKind.GOAL,
        LetterKind.TIDING,
    }
)
"""What nobody asked for. Results, reminders and calls were asked for; duties and summaries are the team's work."""

EARLIEST, LATEST, SATURDAY = 8, 20, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """Deliveries by kind, edits of them, and what people who are or were in a pair had not asked for."""

    by_kind: Mapping[str, int]
    edits: int
    mean_unasked: float
    most_unasked: int
    most_unasked_of_two: int
    """Of people with two pairs or more."""
    unasked: Mapping[int, int]
    """How many people had so many."""
    unasked_by_kind: Mapping[str, float]
    """A person, in the mean."""
    indecent: Sequence[str]
    """What came at night, on a weekend or on a quiet day of its reader."""
    twice: int


async def read(work: Work, world: World) -> Mailed:
    """Count what the messenger has delivered."""
    rows = await work.session.execute(select(Letter.id, Letter.kind))
    kinds = {number: kind for number, kind in rows}  # noqa: C416 - a Row is no pair to the types
    letters = [(sent, kinds[sent.letter]) for sent in world.box.sent]
    had = _unasked(world, letters)
    people = [who for who in world.applicants if who.bonds]
    totals = [sum(had[who.user].values()) for who in people] or [0]
    by_kind = sum((had[who.user] for who in people), Counter[str]())
    return Mailed(
        by_kind=dict(sorted(Counter(str(kind) for _sent, kind in letters).items())),
        edits=world.box.rewritten,
        mean_unasked=round(mean(totals), 2),
        most_unasked=max(totals),
        most_unasked_of_two=max((sum(had[who.user].values()) for who in people if len(who.bonds) > 1), default=0),
        unasked=dict(sorted(Counter(totals).items())),
        unasked_by_kind={kind: round(count / max(len(people), 1), 2) for kind, count in sorted(by_kind.items())},
        indecent=sorted(_indecent(world, letters)),
        twice=sum(count > 1 for count in Counter(sent.letter for sent in world.box.sent).values()),
    )


def _unasked(world: World, letters: Sequence[tuple[Sent, LetterKind]]) -> defaultdict[str, Counter[str]]:
    """By user and kind; what is posted in a room reaches everybody in it."""
    had: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sent, kind in letters:
        if kind in UNASKED:
            for user in (sent.user,) if sent.user else world.box.rooms.get(sent.conversation, ()):
                had[user][str(kind)] += 1
    return had


def _indecent(world: World, letters: Sequence[tuple[Sent, LetterKind]]) -> Iterator[str]:
    for sent, kind in letters:
        who = world.residents.get(sent.user)
        if who is not None and kind in UNASKED and not _is_decent(sent.at, who, world.quiet):
            yield f"{kind} at {sent.at.astimezone(ZoneInfo(who.zone)):%a %Y-%m-%d %H:%M} in {who.zone}"


def _is_decent(at: datetime, who: Resident, quiet: frozenset[date]) -> bool:
    here = at.astimezone(ZoneInfo(who.zone))
    return EARLIEST <= here.hour < LATEST and here.weekday() < SATURDAY and here.date() not in quiet
