"""The points of each criterion, for a block of mentees against all mentors in one go.

A row is a mentee, a column a mentor, a cell 0 to 100 points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching.candidate import Preferences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.int32]
    Flags = NDArray[np.bool_]
    Bits = NDArray[np.uint64]

FULL, UNKNOWN, NONE = 100, 50, 0

RANKS = (100, 85, 70, 55, 40, 30, 20, 10)
"""Points for the best wish that the mentor offers, by its rank; from there on the last."""

STAGES_AHEAD = (40, 80, 100, 90, 70)
"""Points by how many career stages the mentor is ahead: one to three are near enough to remember how it
was."""

ENOUGH_SLOTS = 8
"""Four hours of a day that suit both are as good as any more."""

INSTITUTION = {"other": (FULL, NONE), "same": (NONE, FULL), "indifferent": (FULL, FULL)}
"""By preference: points for two institutions, and for one."""


@dataclass(frozen=True, slots=True)
class Side:
    """What both sides tell about themselves, as arrays with one row a candidate; -1 stands for unknown.

    `hours` and `languages` hold one bit for each slot or language, 64 in a column, set if the candidate named it.
    """

    hours: Bits
    languages: Bits
    career: NDArray[np.int32]
    institution: NDArray[np.int32]

    def rows(self, part: slice) -> Side:
        """Some of the candidates."""
        return Side(self.hours[part], self.languages[part], self.career[part], self.institution[part])


@dataclass(frozen=True, slots=True)
class Block:
    """Some mentees and all mentors.

    `wishes`: the row of `offers` for each rank, one line a mentee; `offers`: one row a topic, one column a
    mentor, and a last row, where wishes that nobody offers and missing ones point, that is False
    throughout.
    """

    wishes: NDArray[np.intp]
    offers: Flags
    mentees: Side
    mentors: Side


def topics(block: Block, preferences: Preferences) -> Points:
    """The rank of the best wish that is met; 0 if none is."""
    import numpy as np

    points = np.zeros((len(block.wishes), block.offers.shape[1]), np.int32)
    for rank in reversed(range(block.wishes.shape[1])):
        points[block.offers[block.wishes[:, rank]]] = RANKS[min(rank, len(RANKS) - 1)]
    return points


def hours(block: Block, preferences: Preferences) -> Points:
    """How much of the day suits both."""
    import numpy as np

    common = np.minimum(_common(block.mentees.hours, block.mentors.hours), ENOUGH_SLOTS)
    return _unless_unknown(common * FULL // ENOUGH_SLOTS, _said(block.mentees.hours), _said(block.mentors.hours))


def career(block: Block, preferences: Preferences) -> Points:
    """How far the mentor is ahead."""
    import numpy as np

    by_stages = np.array((NONE, *STAGES_AHEAD), np.int32)
    ahead = block.mentors.career[None, :] - block.mentees.career[:, None]
    points = by_stages[np.clip(ahead, -1, len(STAGES_AHEAD) - 1) + 1]
    return _unless_unknown(points, block.mentees.career >= 0, block.mentors.career >= 0)


def institution(block: Block, preferences: Preferences) -> Points:
    """One institution or two, as the template prefers."""
    import numpy as np

    other, same = INSTITUTION[preferences.institution]
    here, there = block.mentees.institution, block.mentors.institution
    points = np.where(here[:, None] == there[None, :], np.int32(same), np.int32(other))
    return _unless_unknown(points, here >= 0, there >= 0)


def language(block: Block, preferences: Preferences) -> Points:
    """Whether a common language is known."""
    import numpy as np

    common = np.minimum(_common(block.mentees.languages, block.mentors.languages), 1) * np.int32(FULL)
    return _unless_unknown(common, _said(block.mentees.languages), _said(block.mentors.languages))


def speechless(block: Block) -> Flags:
    """Where both have said which languages they speak and none is common."""
    here, there = block.mentees.languages, block.mentors.languages
    apart: Flags = _said(here)[:, None] & _said(there)[None, :] & (_common(here, there) == 0)
    return apart


def _common(here: Bits, there: Bits) -> Points:
    """How many slots or languages each of the ones has named together with each of the others."""
    import numpy as np

    count = np.zeros((len(here), len(there)), np.int32)
    for mine, theirs in zip(here.T, there.T, strict=True):
        count += np.bitwise_count(mine[:, None] & theirs[None, :])
    return count


def _said(named: Bits) -> Flags:
    said: Flags = named.max(axis=1, initial=0) > 0
    return said


def _unless_unknown(points: Points, here: Flags, there: Flags) -> Points:
    points[~here] = UNKNOWN
    points[:, ~there] = UNKNOWN
    return points
