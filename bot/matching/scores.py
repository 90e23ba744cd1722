"""The score of every possible pair, in blocks of rows so that a large cohort fits into little memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.matching.candidate import Mentee, Mentor, Preferences
from bot.matching.criteria import CRITERIA, weights
from bot.matching.measures import Block, Side, speechless, topics
from bot.matching.problem import NOT_ALLOWED, Scores
from bot.matching.sentences import institution_key

if TYPE_CHECKING:
    from bot.matching.measures import Bits

ROWS = 512
"""Mentees scored at a time: a block of 512 by 3 000 is 6 MB for each criterion."""

_WORD = (1 << 64) - 1


def score_all(mentees: Sequence[Mentee], mentors: Sequence[Mentor], *, preferences: Preferences) -> Scores:
    """One row a mentee, one column a mentor; NOT_ALLOWED without a common topic or language."""
    scores = np.empty((len(mentees), len(mentors)), np.int32)
    start = 0
    for block in _blocks(mentees, mentors):
        part = scores[start : start + len(block.wishes)]
        part[:] = _weighed(block, preferences)
        part[speechless(block)] = NOT_ALLOWED
        if preferences.need_topic:
            part[topics(block, preferences) == 0] = NOT_ALLOWED
        start += len(part)
    return scores


def score_one(mentee: Mentee, mentor: Mentor, *, preferences: Preferences) -> int:
    """The score of two people, whatever the conditions say of them."""
    (block,) = _blocks([mentee], [mentor])
    return int(_weighed(block, preferences)[0, 0])


def _weighed(block: Block, preferences: Preferences) -> Scores:
    weight = weights(preferences.weights)
    total = np.zeros((len(block.wishes), block.offers.shape[1]), np.int32)
    for criterion in CRITERIA:
        if weight[criterion.name]:
            total += criterion.points(block, preferences) * np.int32(weight[criterion.name])
    return total


def _blocks(mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Iterator[Block]:
    names = sorted(frozenset().union(*(mentor.offers for mentor in mentors)))
    row = {topic: index for index, topic in enumerate(names)}
    offers = np.zeros((len(names) + 1, len(mentors)), np.bool_)
    for column, mentor in enumerate(mentors):
        offers[[row[topic] for topic in mentor.offers], column] = True
    wishes = _wishes(mentees, row)
    here, there = _sides(mentees, mentors)
    for start in range(0, len(mentees), ROWS):
        part = slice(start, start + ROWS)
        yield Block(wishes[part], offers, here.rows(part), there)


def _wishes(mentees: Sequence[Mentee], row: dict[str, int]) -> NDArray[np.intp]:
    most = max((len(mentee.wishes) for mentee in mentees), default=0)
    nobody = len(row)
    lines = ([row.get(topic, nobody) for topic in mentee.wishes] for mentee in mentees)
    padded = [line + [nobody] * (most - len(line)) for line in lines]
    return np.array(padded, np.intp).reshape(len(mentees), most)


def _sides(mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> tuple[Side, Side]:
    everyone: list[Mentee | Mentor] = [*mentees, *mentors]
    institutions = _numbered(institution_key(who.institution) for who in everyone)
    both = Side(
        hours=_named([who.hours for who in everyone]),
        languages=_named([who.languages for who in everyone]),
        career=np.array([who.career for who in everyone], np.int32),
        institution=np.array(institutions, np.int32),
    )
    return both.rows(slice(len(mentees))), both.rows(slice(len(mentees), None))


def _named(sets: Sequence[frozenset[int] | frozenset[str]]) -> Bits:
    """Sets as bits, in as many columns of 64 as all their members need."""
    bit = {key: 1 << number for number, key in enumerate(frozenset().union(*sets))}
    whole = [sum(bit[key] for key in keys) for keys in sets]
    columns = range(0, max(len(bit), 1), 64)
    return np.array([[(bits >> first) & _WORD for first in columns] for bits in whole], np.uint64)


def _numbered(names: Iterable[str]) -> list[int]:
    numbers: dict[str, int] = {"": -1}
    return [numbers.setdefault(name, len(numbers)) for name in names]
