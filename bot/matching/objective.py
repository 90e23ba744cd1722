"""What is best: the highest total, or the highest worst score first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.matching.assignment import Assignment, assign
from bot.matching.problem import Numbers, Problem

Value = tuple[int, int, int]
"""What the matched rows are worth as such, the lowest score if that counts, the total score: compared in
this order."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best assignment by an objective, its value, and whether every step of the way there was proven."""

    chosen: Numbers
    value: Value
    proven: bool


Assign = Callable[[Problem], Assignment]


class Objective(Protocol):
    """Finds the best assignment; `using` is what finds the one of the highest value."""

    def __call__(self, problem: Problem, /, *, using: Assign = assign) -> Best: ...


def by_total(problem: Problem, /, *, using: Assign = assign) -> Best:
    """Most matches, then the highest total."""
    return _best(problem, using(problem), worst=0)


def by_worst(problem: Problem, /, *, using: Assign = assign) -> Best:
    """Most matches, then the highest worst score, then the highest total.

    The worst score can be no lower than this threshold if and only if the cells from the threshold on still
    match as many (and the same waits), so the highest such threshold is searched for by halves. That the
    next one fails is proven by prices too.
    """
    start = by_total(problem, using=using)
    proven = start.proven
    possible = _thresholds(problem, start.chosen)
    low, high = 0, len(possible) - 1
    while low < high:
        middle = (low + high + 1) // 2
        attempt = using(problem.at_least(int(possible[middle])).counting())
        if attempt.value == start.value[0]:
            low = middle
        else:
            proven = proven and attempt.bound < start.value[0]
            high = middle - 1
    worst = int(possible[low])
    best = _best(problem, using(problem.at_least(worst)), worst=worst)
    return Best(best.chosen, best.value, best.proven and proven)


OBJECTIVES: dict[str, Objective] = {"total": by_total, "worst": by_worst}


def _best(problem: Problem, found: Assignment, *, worst: int) -> Best:
    level = int(problem.bonus[found.chosen >= 0].sum())
    return Best(found.chosen, (level, worst, found.value - level), found.value == found.bound)


def _thresholds(problem: Problem, chosen: Numbers) -> Numbers:
    """The scores that could be the worst one, ascending: from what is reached already to the best of the
    neediest row."""
    reached = problem.worst(chosen)
    everyone = len(chosen) > 0 and bool((chosen >= 0).all())
    scores = problem.scores.max(axis=1) if everyone else problem.scores
    limit = int(scores.min() if everyone else scores.max(initial=0))
    seen = np.bincount(np.maximum(problem.scores, 0).ravel(), minlength=reached + 1) > 0
    between = np.flatnonzero(seen[: limit + 1])
    return np.union1d([reached], between[between > reached])
