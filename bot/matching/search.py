"""The best assignment in which no two persons meet twice, neither both ways round nor in two pairs.

This couples cells that an assignment problem treats alone, so it is searched: of two cells that must not
both be chosen, one is given up, in turn, always going on with the most promising case (branch and bound). A
case is never better than the case it came from, hence the first one without such a meeting is the best of
all.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from bot.matching.objective import Best, Objective, Value
from bot.matching.problem import Cell, Numbers, Problem, filled

MOST_CASES = 300
"""So many are a fraction of a second at 41 people; real cohorts take one to twenty. Then HiGHS goes on."""

MOST_CELLS = 300_000_000
"""Cells looked at in all cases together: at 5 000 people some twenty cases, about a minute."""


@dataclass(frozen=True, slots=True)
class People:
    """The person of every row and of every column."""

    rows: Sequence[int]
    columns: Sequence[int]

    def meetings(self, chosen: Numbers) -> list[tuple[Cell, Cell]]:
        """Pairs of chosen cells in which the same two persons meet."""
        first: dict[frozenset[int], Cell] = {}
        twice = []
        for row, column in zip(*(part.tolist() for part in filled(chosen)), strict=True):
            pair = frozenset((self.rows[row], self.columns[column]))
            if first.setdefault(pair, (row, column)) != (row, column):
                twice.append((first[pair], (row, column)))
        return twice


@dataclass(frozen=True, slots=True)
class Found:
    """An assignment that keeps every rule, its value, and what no other can exceed.

    `cases`: how many assignment problems it took; `by`: what shows the limit, prices or the integer program.
    """

    chosen: Numbers
    value: Value
    limit: Value
    proven: bool
    cases: int
    by: Literal["prices", "program"]


def search(problem: Problem, people: People, *, objective: Objective) -> Found:
    """The best assignment without double meetings."""
    first = objective(problem)
    proven = first.proven
    waiting: list[tuple[Value, int, frozenset[Cell], Best]] = [_case(first, 0, frozenset())]
    cases = 1
    while True:
        _, _, given_up, best = heapq.heappop(waiting)
        meetings = people.meetings(best.chosen)
        if not meetings:
            return Found(best.chosen, best.value, best.value, proven, cases, "prices")
        if cases >= MOST_CASES or cases * problem.scores.size > MOST_CELLS:
            return _as_program(problem, people, objective=objective, last=(given_up, best.value), cases=cases)
        for cell in meetings[0]:
            child = objective(problem.without(given_up | {cell}))
            proven = proven and child.proven
            heapq.heappush(waiting, _case(child, cases, given_up | {cell}))
            cases += 1


def _case(best: Best, number: int, given_up: frozenset[Cell]) -> tuple[Value, int, frozenset[Cell], Best]:
    level, worst, total = best.value
    return (-level, -worst, -total), number, given_up, best


def _as_program(
    problem: Problem,
    people: People,
    *,
    objective: Objective,
    last: tuple[frozenset[Cell], Value],
    cases: int,
) -> Found:
    """Go on with an integer program; if that takes too long as well, settle for a good result."""
    from bot.matching.mixed import UnsolvedError, assign_mixed

    try:
        best = objective(problem, using=partial(assign_mixed, rows=people.rows, columns=people.columns))
    except UnsolvedError:
        best = _settled(problem, people, objective=objective, given_up=last[0])
    limit = best.value if best.proven else last[1]
    return Found(best.chosen, best.value, limit, best.value == limit, cases, "program")


def _settled(problem: Problem, people: People, *, objective: Objective, given_up: frozenset[Cell]) -> Best:
    """Of every two cells that are left in the way of each other, give up the lower one."""
    while True:
        best = objective(problem.without(given_up))
        meetings = people.meetings(best.chosen)
        if not meetings:
            return replace(best, proven=False)
        lower = (min(meeting, key=lambda cell: int(problem.scores[cell])) for meeting in meetings)
        given_up = given_up.union(lower)
