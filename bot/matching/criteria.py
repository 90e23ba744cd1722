"""What makes a good pair: a table of criteria, each with its weight, its score and its sentences.

A criterion gives 0 to 100 points to a pair; the score of a pair is the sum of weight times points. All of
it is whole numbers, so that two equally good results are equal and a proof is exact. Whatever somebody did
not say counts 50: it neither helps nor harms them.

Two things are conditions and no criteria: a common language, if both have said which they speak, and
(unless the template says otherwise) a common topic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching import measures, sentences
from bot.matching.candidate import Mentee, Mentor, Preferences
from bot.ui import Words

if TYPE_CHECKING:
    from bot.matching.measures import Block, Points

Sentences = Callable[[Mentee, Mentor, Preferences], tuple[Words, ...]]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that makes a pair better or worse.

    `points` scores a block of mentees against all mentors at once. `review` is what the committee reads of
    a pair, `shared` what the two read of each other: what they have in common, never a score, a rank or a
    preference.
    """

    name: str
    weight: int
    points: Callable[[Block, Preferences], Points]
    review: Sentences
    shared: Sentences


CRITERIA = (
    Criterion("topics", 50, measures.topics, sentences.wishes_met, sentences.shared_topics),
    Criterion("hours", 20, measures.hours, sentences.hours, sentences.shared_hours),
    Criterion("career", 15, measures.career, sentences.career, sentences.shared_career),
    Criterion("institution", 10, measures.institution, sentences.institution, sentences.shared_institution),
    Criterion("language", 5, measures.language, sentences.languages, sentences.shared_languages),
)


def weights(chosen: Mapping[str, int]) -> dict[str, int]:
    """Every criterion's weight: the template's, or the default.

    Raises ValueError for a name that is no criterion, a negative weight, or more than 1000 in all.
    """
    known = {criterion.name: criterion.weight for criterion in CRITERIA}
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        raise ValueError(f"unknown criteria: {', '.join(unknown)}; known are: {', '.join(known)}")
    merged = known | dict(chosen)
    if min(merged.values()) < 0 or sum(merged.values()) > 1000:
        raise ValueError("weights must not be negative, and at most 1000 in all")
    return merged


def reasons(mentee: Mentee, mentor: Mentor, *, preferences: Preferences) -> tuple[Words, ...]:
    """Why these two, for the committee's review; works for any pair, also one that the committee made
    itself."""
    weight = weights(preferences.weights)
    rows = (criterion for criterion in CRITERIA if weight[criterion.name])
    return tuple(words for row in rows for words in row.review(mentee, mentor, preferences))


def common_ground(mentee: Mentee, mentor: Mentor, *, preferences: Preferences) -> tuple[Words, ...]:
    """What these two have in common, for their introduction: no score, no rank, nothing about anybody
    else."""
    return tuple(words for row in CRITERIA for words in row.shared(mentee, mentor, preferences))
