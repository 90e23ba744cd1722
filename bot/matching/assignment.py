"""The best assignment, found with SciPy and shown to be the best by prices.

Up to a few thousand cells SciPy's dense solver is fastest. Above, a cohort has far more possible pairs than
good ones: the best dozen of every mentee and every mentor are solved sparsely, the prices of that solution
point at the cells that could still improve it, those are added, and so on until there are none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.matching.edges import best_edges, missing_edges
from bot.matching.prices import find_all_prices, find_prices, upper_bound
from bot.matching.problem import Numbers, Problem

DENSE_CELLS = 10_000
"""Up to here (100 × 100) the dense solver wins."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """For each row its column or -1, what that is worth, and a value that nothing exceeds."""

    chosen: Numbers
    value: int
    bound: int


def assign(problem: Problem) -> Assignment:
    """The assignment of the highest value."""
    if problem.scores.size == 0 or not problem.places.any():
        return Assignment(np.full(len(problem.scores), -1), 0, 0)
    chosen, prices = _dense(problem) if problem.scores.size <= DENSE_CELLS else _sparse(problem)
    return Assignment(chosen, problem.value(chosen), upper_bound(problem, prices))


def _dense(problem: Problem) -> tuple[Numbers, Numbers]:
    chosen = choose_dense(problem)
    return chosen, find_all_prices(problem, chosen)


def _sparse(problem: Problem) -> tuple[Numbers, Numbers]:
    edges = best_edges(problem)
    while True:
        chosen = choose_sparse(problem, edges)
        prices = find_prices(problem, chosen, edges=edges)
        missing = missing_edges(problem, prices)
        if not len(missing):
            return chosen, prices.columns
        edges = np.union1d(edges, missing)


def choose_dense(problem: Problem) -> Numbers:
    """The best assignment by SciPy's Jonker-Volgenant solver; a column stands there once for each of its
    places."""
    from scipy.optimize import linear_sum_assignment

    owner = np.repeat(np.arange(len(problem.places)), np.minimum(problem.places, len(problem.scores)))
    cost = np.where(problem.scores >= 0, -problem.bonus[:, None].astype(np.float64) - problem.scores, 0.0)
    rows, columns = linear_sum_assignment(cost.take(owner, axis=1))  # costs as it keeps them, so that it copies nothing
    taken = owner[columns]
    chosen = np.full(len(problem.scores), -1)
    chosen[rows] = np.where(problem.scores[rows, taken] >= 0, taken, -1)
    return chosen


def choose_sparse(problem: Problem, edges: Numbers) -> Numbers:
    """The best assignment within some cells, by SciPy's sparse Jonker-Volgenant solver.

    Every row also gets a column of its own that stands for "left over" and is worth next to nothing.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    height, width = problem.scores.shape
    row, column = np.divmod(edges, width)
    copies = problem.places[column]
    first = np.cumsum(problem.places) - problem.places
    ends = np.cumsum(np.bincount(row, weights=copies, minlength=height)).astype(np.int64)
    worth = (1 + problem.bonus[row] + problem.scores.ravel()[edges]).astype(np.float64)
    own = problem.places.sum() + np.arange(height)
    place = np.repeat(first[column] - (np.cumsum(copies) - copies), copies) + np.arange(copies.sum())
    table = csr_array(
        (np.insert(np.repeat(worth, copies), ends, 1.0), np.insert(place, ends, own), _starts(ends)),
        shape=(height, int(problem.places.sum()) + height),
    )
    rows, taken = min_weight_full_bipartite_matching(table, maximize=True)
    owner = np.concatenate((np.repeat(np.arange(width), problem.places), np.full(height, -1)))
    chosen = np.full(height, -1)
    chosen[rows] = owner[taken]
    return chosen


def _starts(ends: Numbers) -> Numbers:
    return np.concatenate(([0], ends + np.arange(1, len(ends) + 1)))
