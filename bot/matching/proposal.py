"""What comes out of matching."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ui import Words


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentee and a mentor by enrollment; score and reasons are for the committee's review alone."""

    mentee: int
    mentor: int
    score: int
    reasons: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A mentee without a mentor, and the facts that explain it without blame."""

    mentee: int
    why: Words


@dataclass(frozen=True, slots=True)
class Proposal:
    """The best pairs, in order of the mentees' enrollment numbers.

    `free`: (mentor enrollment, places left). `optimal`: a bound, computed afresh from the scores, shows
    that nothing better exists; `proof` says so in a sentence for the committee.
    """

    pairs: tuple[Pair, ...]
    left_over: tuple[LeftOver, ...]
    free: tuple[tuple[int, int], ...]
    optimal: bool
    proof: Words

    @property
    def total(self) -> int:
        """The sum of all scores."""
        return sum(pair.score for pair in self.pairs)
