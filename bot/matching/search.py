"""The best assignment in which no two persons meet twice, neither both ways round nor in two pairs.

This couples cells that an assignment problem treats alone, so it is searched: of two cells that must not
both be chosen, one is given up, in turn, always going on with the most promising case (branch and bound). A
case is never better than the case it came from, hence the first one without such a meeting is the best of
all.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from bot.matching.objective import Best, Objective, Value
from bot.matching.problem import Cell, Numbers, Problem, filled

MOST_CASES = 2_000


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
    """An assignment that keeps every rule, its value, and what no other can exceed."""

    chosen: Numbers
    value: Value
    limit: Value
    proven: bool
    cases: int


def search(problem: Problem, people: People, *, objective: Objective) -> Found:
    """The best assignment without double meetings; after MOST_CASES, the best one found and what remains
    possible."""
    first = objective(problem)
    proven = first.proven
    waiting: list[tuple[Value, int, frozenset[Cell], Best]] = [_case(first, 0, frozenset())]
    cases = 1
    while True:
        _, _, given_up, best = heapq.heappop(waiting)
        meetings = people.meetings(best.chosen)
        if not meetings:
            return Found(best.chosen, best.value, best.value, proven, cases)
        if cases >= MOST_CASES:
            return _settle(
                problem, people, objective=objective, given_up=given_up, limit=best.value, cases=cases
            )
        for cell in meetings[0]:
            child = objective(problem.without(given_up | {cell}))
            proven = proven and child.proven
            heapq.heappush(waiting, _case(child, cases, given_up | {cell}))
            cases += 1


def _case(best: Best, number: int, given_up: frozenset[Cell]) -> tuple[Value, int, frozenset[Cell], Best]:
    level, worst, total = best.value
    return (-level, -worst, -total), number, given_up, best


def _settle(
    problem: Problem,
    people: People,
    *,
    objective: Objective,
    given_up: frozenset[Cell],
    limit: Value,
    cases: int,
) -> Found:
    """Stop searching: of every two cells that are left in the way of each other, give up the lower one."""
    while True:
        best = objective(problem.without(given_up)) if given_up else objective(problem)
        meetings = people.meetings(best.chosen)
        if not meetings:
            return Found(best.chosen, best.value, limit, best.value == limit, cases)
        lower = (min(meeting, key=lambda cell: int(problem.scores[cell])) for meeting in meetings)
        given_up = given_up.union(lower)
