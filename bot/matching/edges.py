"""The few cells that are worth looking at, kept as sorted numbers row × columns + column."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bot.matching.prices import Prices
from bot.matching.problem import Numbers, Problem, Scores

ROWS = 512
"""Rows looked at in one go, which bounds the memory."""

PER_SIDE = 12
"""Best cells of every row and of every column to start with; measured best between 8 and 48."""

LOTS = 128


def best_edges(problem: Problem) -> Numbers:
    """The best cells of every row and of every column."""
    columns = problem.scores.shape[1]
    of_rows = _best(problem.scores)
    of_columns = _best(problem.scores.T)
    column, row = np.divmod(of_columns, problem.scores.shape[0])
    return np.union1d(of_rows, row * columns + column)


def missing_edges(problem: Problem, prices: Prices) -> Numbers:
    """The best cells of every row that would gain more elsewhere than the prices grant it; none, if all is well."""
    width = len(problem.places)
    found = [np.empty(0, np.int64)]
    for part in _parts(len(problem.scores)):
        gains = problem.bonus[part, None] + problem.scores[part] - prices.columns
        gains[problem.scores[part] < 0] = -1
        rows = np.flatnonzero(gains.max(axis=1) > prices.rows[part])
        if len(rows):
            row, column = _top(gains[rows] * LOTS + _lots(part, width)[rows])
            found.append((part.start + rows[row]) * width + column)
    return np.concatenate(found)


def _best(scores: Scores) -> Numbers:
    width = scores.shape[1]
    found = [np.empty(0, np.int64)]
    for part in _parts(len(scores)):
        keys = scores[part] + _lots(part, width)
        keys[scores[part] < 0] = -1
        row, column = _top(keys)
        found.append((part.start + row) * width + column)
    return np.concatenate(found)


def _lots(part: slice, width: int) -> NDArray[np.int32]:
    """A little noise that is the same every time: rows with equal scores should not all look at the same columns."""
    row = np.arange(part.start, part.stop, dtype=np.int32)[:, None]
    column = np.arange(width, dtype=np.int32)[None, :]
    return (row * np.int32(37) + column * np.int32(101)) & np.int32(LOTS - 1)


def _top(keys: Numbers | NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of PER_SIDE high keys of each row, the highest among them; negative ones never.

    One from each of PER_SIDE stretches of the row: ten times as fast as the exact best, and what it misses comes in
    with `missing_edges`.
    """
    height, width = keys.shape
    stretch = -(-width // PER_SIDE)
    padded = np.full((height, PER_SIDE * stretch), -1, keys.dtype)
    padded[:, :width] = keys
    offset = padded.reshape(height, PER_SIDE, stretch).argmax(axis=2)
    column = (offset + np.arange(PER_SIDE) * stretch).ravel()
    row = np.repeat(np.arange(height), PER_SIDE)
    allowed = padded[row, column] >= 0
    return row[allowed], column[allowed]


def _parts(length: int) -> Iterator[slice]:
    return (slice(start, min(start + ROWS, length)) for start in range(0, length, ROWS))
