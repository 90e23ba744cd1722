"""What a place at each mentor is worth: numbers that show, without a search, that nothing better exists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.matching.problem import Numbers, Problem, filled

ROWS = 512

NEVER = np.iinfo(np.int64).min // 2
"""What a cell gains that is not allowed."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What every row gains, and what a place in every column costs, in units of the problem's value."""

    rows: Numbers
    columns: Numbers


def find_all_prices(problem: Problem, chosen: Numbers) -> Numbers:
    """What `find_prices` grants the columns, looking at every cell: as a table, which is faster where cells are few.

    `chosen` must be the best assignment of all; otherwise prices would rise for ever, which is an error.
    """
    gains = np.where(
        problem.scores >= 0, problem.scores + (problem.bonus - _own_worth(problem, chosen))[:, None], NEVER
    )
    prices = np.zeros(len(problem.places) + 1, np.int64)  # the last one is that of being left over: always 0
    columns = prices[:-1]
    for _round in range(len(problem.places) + 2):
        bids = (gains + prices[chosen][:, None]).max(axis=0)
        if not (bids > columns).any():
            return columns
        np.maximum(columns, bids, out=columns)
    raise ArithmeticError("the assignment is not the best")


def find_prices(problem: Problem, chosen: Numbers, *, edges: Numbers) -> Prices:
    """The lowest prices at which no row would rather have another column, looking at some cells only.

    `chosen` must be the best assignment within `edges`; otherwise prices would rise for ever, which is an
    error. Prices rise from 0: whoever would gain elsewhere bids it up, and then only those whose own column
    became dearer look again.
    """
    row, column = np.divmod(edges, len(problem.places))
    worth = problem.scores.ravel()[edges] + problem.bonus[row]
    starts = np.searchsorted(row, np.arange(len(chosen) + 1))
    holds = _own_worth(problem, chosen)
    prices = np.zeros(len(problem.places), np.int64)
    gains = holds.copy()
    looking = np.arange(len(chosen))
    for _round in range(2 * len(problem.places) + 2):
        if not len(looking):
            return Prices(gains, prices)
        mine = _edges_of(looking, starts)
        before = prices.copy()
        np.maximum.at(prices, column[mine], worth[mine] - gains[row[mine]])
        dearer = np.append(prices > before, False)
        looking = np.flatnonzero(dearer[chosen])
        gains[looking] = holds[looking] - prices[chosen[looking]]
    raise ArithmeticError("the assignment is not the best within its edges")


def upper_bound(problem: Problem, column_prices: Numbers) -> int:
    """A value that no assignment can exceed, whatever the prices are and wherever they come from.

    Each row takes the column that gains it most at these prices, all places are sold at theirs: every real
    assignment is worth at most that (weak duality). Exact integers, computed afresh from all scores.
    """
    prices = np.maximum(column_prices, 0)
    total = int(prices @ problem.places)
    for start in range(0, len(problem.scores), ROWS):
        scores = problem.scores[start : start + ROWS]
        gains = np.where(scores >= 0, scores - prices, NEVER)
        best = gains.max(axis=1, initial=NEVER) + problem.bonus[start : start + ROWS]
        total += int(np.maximum(best, 0).sum())
    return total


def _own_worth(problem: Problem, chosen: Numbers) -> Numbers:
    rows, columns = filled(chosen)
    holds = np.zeros(len(chosen), np.int64)
    holds[rows] = problem.scores[rows, columns] + problem.bonus[rows]
    return holds


def _edges_of(rows: Numbers, starts: Numbers) -> Numbers:
    counts = starts[rows + 1] - starts[rows]
    shift = starts[rows] - np.concatenate(([0], np.cumsum(counts)[:-1]))
    return np.repeat(shift, counts) + np.arange(counts.sum())
