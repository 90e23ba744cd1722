"""The bare assignment problem, without people: a table of scores, places, and what a match is worth as
such."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Scores = NDArray[np.int32]
Cell = tuple[int, int]

NOT_ALLOWED = -1


@dataclass(frozen=True, slots=True)
class Problem:
    """Choose at most one column for each row and at most `places` rows for each column, so that the value
    is highest.

    A chosen cell is worth `bonus` of its row plus its score. The bonus outweighs all that scores could ever
    add up to, so the highest value means: most rows first, then (if a bonus says so) certain rows, then the
    highest total score.
    """

    scores: Scores
    bonus: Numbers
    places: Numbers

    def value(self, chosen: Numbers) -> int:
        """What an assignment is worth. Raises ValueError if it breaks a rule."""
        rows, columns = filled(chosen)
        picked = self.scores[rows, columns].astype(np.int64)
        if (picked < 0).any() or (np.bincount(columns, minlength=len(self.places)) > self.places).any():
            raise ValueError("a cell that is not allowed was chosen, or a column too often")
        return int(picked.sum() + self.bonus[rows].sum())

    def worst(self, chosen: Numbers) -> int:
        """The lowest score that was chosen; 0 if nothing was."""
        picked = self.scores[filled(chosen)]
        return int(picked.min()) if len(picked) else 0

    def without(self, cells: Iterable[Cell]) -> Problem:
        """The same with some cells not allowed."""
        rows, columns = zip(*cells, strict=True)
        scores = self.scores.copy()
        scores[rows, columns] = NOT_ALLOWED
        return replace(self, scores=scores)

    def at_least(self, score: int) -> Problem:
        """The same with every lower score not allowed."""
        return replace(self, scores=np.where(self.scores >= score, self.scores, np.int32(NOT_ALLOWED)))

    def counting(self) -> Problem:
        """The same with all scores 0: only how many and which rows are matched counts."""
        return replace(self, scores=np.minimum(self.scores, 0))


def filled(chosen: Numbers) -> tuple[NDArray[np.intp], Numbers]:
    """Rows that have a column, and their columns."""
    rows = np.flatnonzero(chosen >= 0)
    return rows, chosen[rows]


def bonuses(waited: Numbers, scores: Scores, places: Numbers) -> Numbers:
    """What it is worth to match each row at all: more rows outweigh everything, then longer waits outweigh
    any score.

    Only the order of the waits counts, so they are numbered 0, 1, 2 …; this keeps the values small enough
    for exact arithmetic, and is the same: rows that can be matched together form a matroid, where any
    rising values of the waits choose the same.
    """
    most = min(len(waited), int(places.sum()))
    outweighs_scores = most * int(scores.max(initial=0)) + 1
    rank = np.unique(waited, return_inverse=True)[1].astype(np.int64)
    return outweighs_scores * (1 + int(rank.sum()) + rank)
