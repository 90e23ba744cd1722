"""What kind of person somebody is: how soon they read, whether they answer, how often they talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """One kind of person; `share` of a hundred people are like that, all other shares are from 0 to 1.

    `reads`: of letters. `hours`: until a letter is read, typically. `answers`: of letters that were read. `notes`: of
    talks that are noted without being asked. `days`: between two talks, typically. `goals`: writes one when asked.
    `less`, `pauses`, `leaves`, `worries`: the share of read letters after which somebody asks for fewer, pauses, leaves
    their pair or asks for help. `vanishes`: of people whose account is closed one day.
    """

    name: str
    share: int
    reads: float = 0.9
    hours: float = 8
    answers: float = 0.75
    notes: float = 0.25
    days: int = 16
    goals: float = 0.6
    less: float = 0.01
    pauses: float = 0.01
    leaves: float = 0.002
    worries: float = 0.004
    vanishes: float = 0


EAGER = Temper(name="eager", share=22, reads=0.98, hours=3, answers=0.95, notes=0.7, days=12, goals=0.9)

TEMPERS: tuple[Temper, ...] = (
    EAGER,
    Temper(name="steady", share=34),
    Temper(name="busy", share=17, reads=0.75, hours=30, answers=0.5, notes=0.1, days=26, less=0.06, pauses=0.05),
    Temper(name="forgetful", share=12, reads=0.5, hours=60, answers=0.45, notes=0.05, days=30, goals=0.3),
    Temper(name="reserved", share=8, answers=0.15, notes=0.02, days=18, goals=0.2, less=0.05),
    Temper(name="doubtful", share=5, answers=0.6, days=40, goals=0.2, leaves=0.06, worries=0.06),
    Temper(name="absent", share=2, reads=0.3, hours=90, answers=0.3, notes=0, days=90, goals=0.1, vanishes=0.8),
)


def drawn(rng: Random, tempers: Sequence[Temper] = TEMPERS) -> Temper:
    """Somebody's temper, by the shares of the table."""
    return rng.choices(tempers, [temper.share for temper in tempers])[0]
