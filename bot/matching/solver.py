"""The way from candidates to a proposal. NumPy and SciPy are loaded by the first call, not by the import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.matching.candidate import Mentee, Mentor, Preferences, Rules
from bot.matching.criteria import reasons
from bot.matching.leftover import explain
from bot.matching.proof import proof
from bot.matching.proposal import LeftOver, Pair, Proposal
from bot.matching.roster import Roster

if TYPE_CHECKING:
    from bot.matching.problem import Scores
    from bot.matching.search import Found


def solve(
    mentees: Sequence[Mentee],
    mentors: Sequence[Mentor],
    *,
    rules: Rules | None = None,
    preferences: Preferences | None = None,
) -> Proposal:
    """The best pairs: most mentees matched, then those who waited, then the highest scores by the objective.

    Exact, and the same for the same people in whatever order they come. Takes a moment to seconds, so call
    it in a thread or process of its own. Raises ValueError for enrollment numbers that occur twice,
    impossible locks or weights.
    """
    rules, preferences = rules or Rules(), preferences or Preferences()
    roster = Roster.of(mentees, mentors, rules=rules)
    pairs, found = _find(roster, preferences)
    pairs += _locked(mentees, mentors, rules=rules, preferences=preferences)
    return Proposal(
        pairs=tuple(sorted(pairs, key=lambda pair: pair.mentee)),
        left_over=_left_over(roster, pairs, preferences=preferences),
        free=_free(roster, pairs),
        optimal=found.proven,
        proof=proof(found, locked=len(rules.locked)),
    )


def score(mentee: Mentee, mentor: Mentor, *, preferences: Preferences) -> int:
    """The score of two people, for a pair that the committee made itself."""
    from bot.matching.scores import score_one

    return score_one(mentee, mentor, preferences=preferences)


def _find(roster: Roster, preferences: Preferences) -> tuple[list[Pair], Found]:
    import numpy as np

    from bot.matching.objective import OBJECTIVES
    from bot.matching.problem import NOT_ALLOWED, Problem, bonuses
    from bot.matching.scores import score_all
    from bot.matching.search import People, search

    scores = score_all(roster.open, roster.mentors, preferences=preferences)
    never = roster.never()
    scores[[row for row, _ in never], [column for _, column in never]] = NOT_ALLOWED
    places = np.array(roster.places, np.int64)
    waited = np.array([mentee.waited for mentee in roster.open], np.int64)
    problem = Problem(scores, bonuses(waited, scores, places), places)
    people = People([who.person for who in roster.open], [who.person for who in roster.mentors])
    found = search(problem, people, objective=OBJECTIVES[preferences.objective])
    return _pairs(roster, found.chosen.tolist(), scores=scores, preferences=preferences), found


def _pairs(roster: Roster, chosen: list[int], *, scores: Scores, preferences: Preferences) -> list[Pair]:
    cells = ((row, column) for row, column in enumerate(chosen) if column >= 0)
    return [
        _pair(roster.open[row], roster.mentors[column], score=int(scores[row, column]), preferences=preferences)
        for row, column in cells
    ]


def _locked(
    mentees: Sequence[Mentee], mentors: Sequence[Mentor], *, rules: Rules, preferences: Preferences
) -> list[Pair]:
    here = {mentee.enrollment: mentee for mentee in mentees}
    there = {mentor.enrollment: mentor for mentor in mentors}
    met = ((here[mentee], there[mentor]) for mentee, mentor in rules.locked)
    return [
        _pair(mentee, mentor, score=score(mentee, mentor, preferences=preferences), preferences=preferences)
        for mentee, mentor in met
    ]


def _pair(mentee: Mentee, mentor: Mentor, *, score: int, preferences: Preferences) -> Pair:
    return Pair(mentee.enrollment, mentor.enrollment, score, reasons(mentee, mentor, preferences=preferences))


def _left_over(roster: Roster, pairs: list[Pair], *, preferences: Preferences) -> tuple[LeftOver, ...]:
    why = explain(roster.mentees, roster.mentors, preferences=preferences)
    matched = {pair.mentee for pair in pairs}
    alone = (mentee for mentee in roster.mentees if mentee.enrollment not in matched)
    return tuple(LeftOver(mentee.enrollment, why(mentee)) for mentee in alone)


def _free(roster: Roster, pairs: list[Pair]) -> tuple[tuple[int, int], ...]:
    taken = Counter(pair.mentor for pair in pairs)
    left = ((mentor.enrollment, mentor.capacity - taken[mentor.enrollment]) for mentor in roster.mentors)
    return tuple((enrollment, places) for enrollment, places in left if places > 0)
