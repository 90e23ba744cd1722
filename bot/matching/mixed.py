"""The best assignment without double meetings as an integer program, for the rare cohort where the search is too long.

It takes peers who would nearly all choose each other. HiGHS, which comes with SciPy, closes such cases at once. Its
limit is a floating-point number, rounded down here to the next possible value: a proof by a tried solver, not one
by exact whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from bot.matching.assignment import Assignment
from bot.matching.problem import Numbers, Problem

SECONDS = 60
"""For each of the two steps; reached only by hundreds of people who all choose each other."""

MOST_CELLS = 100_000
"""Above (about 400 people), HiGHS would need minutes and gigabytes."""


class UnsolvedError(ArithmeticError):
    """Too large for HiGHS, or it found nothing in the time it had."""


def assign_mixed(problem: Problem, *, rows: Sequence[int], columns: Sequence[int]) -> Assignment:
    """The assignment of the highest value in which no two persons meet twice; `rows`, `columns`: their persons.

    In two steps, because one with bonus and score together would ask more digits than HiGHS looks at. Raises
    UnsolvedError.
    """
    row, column = np.nonzero(problem.scores >= 0)
    if not len(row):
        return Assignment(np.full(len(problem.scores), -1), 0, 0)
    if len(row) > MOST_CELLS:
        raise UnsolvedError(f"{len(row)} cells")
    unit = int(np.gcd.reduce(problem.bonus))
    bonus, scores = problem.bonus[row] // unit, problem.scores[row, column].astype(np.int64)
    limits = [
        (row, np.ones(len(problem.scores), np.int64)),
        (column, problem.places),
        _meetings(np.array(rows)[row], np.array(columns)[column]),
    ]
    picked, most = _highest(bonus, limits, at_least=None)
    picked, total = _highest(scores, limits, at_least=(bonus, int(bonus[picked].sum())))
    chosen = np.full(len(problem.scores), -1)
    chosen[row[picked]] = column[picked]
    return Assignment(chosen, problem.value(chosen), most * unit + total)


Limit = tuple[NDArray[np.intp], Numbers]
"""To which group each cell belongs, and how many of each group may be chosen."""


def _highest(
    worth: Numbers, limits: Sequence[Limit], *, at_least: tuple[Numbers, int] | None
) -> tuple[NDArray[np.intp], int]:
    """The cells that add up to most, and a sum that none exceeds."""
    cells = np.arange(len(worth))
    constraints = [
        LinearConstraint(csr_array((np.ones(len(cells)), (group, cells))), -np.inf, most[: group.max() + 1])
        for group, most in limits
    ]
    if at_least is not None:
        constraints.append(LinearConstraint(at_least[0][None, :].astype(np.float64), at_least[1], np.inf))
    found = milp(
        -worth.astype(np.float64),
        constraints=constraints,
        integrality=np.ones(len(cells), np.int64),
        bounds=Bounds(0, 1),
        options={"time_limit": SECONDS, "mip_rel_gap": 0},
    )
    if found.x is None:
        raise UnsolvedError(found.message)
    return np.flatnonzero(found.x > 0.5), int(np.floor(0.1 - found.mip_dual_bound))


def _meetings(here: Numbers, there: Numbers) -> Limit:
    pairs = np.stack((np.minimum(here, there), np.maximum(here, there)))
    group = np.unique(pairs, axis=1, return_inverse=True)[1]
    return group, np.ones(len(here), np.int64)
