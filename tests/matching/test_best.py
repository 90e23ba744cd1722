"""A proposal is the best there is, compared with trying everything."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from bot.matching import Mentee, Mentor, Preferences, Rules, assignment, mixed, search, solve
from tests.matching import casts

quick = settings(max_examples=150, deadline=None)


@quick
@given(casts.cohorts(), casts.rules(), casts.preferences())
def test_no_matching_that_keeps_the_rules_is_better(cohort, rules, preferences):
    mentees, mentors = cohort
    proposal = solve(mentees, mentors, rules=rules, preferences=preferences)
    best = max(
        casts.value(matching, mentees, preferences=preferences)
        for matching in casts.every_matching(mentees, mentors, rules=rules, preferences=preferences)
    )
    found = casts.chosen(proposal, mentees, mentors)
    assert casts.value(found, mentees, preferences=preferences) == best
    assert proposal.optimal


@quick
@given(casts.cohorts(), casts.rules(), casts.preferences())
def test_the_sparse_way_finds_the_same_as_trying_everything(cohort, rules, preferences):
    mentees, mentors = cohort
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignment, "DENSE_CELLS", 0)
        patch.setattr("bot.matching.edges.PER_SIDE", 1)
        proposal = solve(mentees, mentors, rules=rules, preferences=preferences)
    best = max(
        casts.value(matching, mentees, preferences=preferences)
        for matching in casts.every_matching(mentees, mentors, rules=rules, preferences=preferences)
    )
    found = casts.chosen(proposal, mentees, mentors)
    assert casts.value(found, mentees, preferences=preferences) == best
    assert proposal.optimal


@quick
@given(casts.cohorts(), casts.rules(), casts.preferences())
def test_every_pair_keeps_every_rule(cohort, rules, preferences):
    mentees, mentors = cohort
    found = casts.chosen(solve(mentees, mentors, rules=rules, preferences=preferences), mentees, mentors)
    assert found in set(_in_order(casts.every_matching(mentees, mentors, rules=rules, preferences=preferences)))


@quick
@given(casts.cohorts(), casts.rules(), casts.preferences(), st.randoms())
def test_the_order_of_the_input_changes_nothing(cohort, rules, preferences, draw):
    mentees, mentors = cohort
    shuffled = draw.sample(mentees, len(mentees)), draw.sample(mentors, len(mentors))
    first = solve(mentees, mentors, rules=rules, preferences=preferences)
    assert solve(*shuffled, rules=rules, preferences=preferences) == first


@quick
@given(casts.cohorts(), casts.preferences())
def test_everybody_is_in_a_pair_or_left_over_and_every_place_taken_or_free(cohort, preferences):
    mentees, mentors = cohort
    proposal = solve(mentees, mentors, preferences=preferences)
    matched = [pair.mentee for pair in proposal.pairs]
    assert sorted(matched + [alone.mentee for alone in proposal.left_over]) == [who.enrollment for who in mentees]
    places = sum(mentor.capacity for mentor in mentors)
    assert len(matched) + sum(left for _, left in proposal.free) == places


def test_two_people_who_are_both_do_not_mentor_each_other_even_if_that_scores_highest():
    ada = Mentee(1, 1, ("cataloging",)), Mentor(11, 1, frozenset({"cataloging"}))
    ben = Mentee(2, 2, ("cataloging",)), Mentor(12, 2, frozenset({"cataloging"}))
    proposal = solve([ada[0], ben[0]], [ada[1], ben[1]])
    assert len(proposal.pairs) == 1
    assert proposal.optimal


def test_twins_who_would_all_choose_each_other_are_mixed_at_the_least_cost():
    mentees, mentors = _twins(3)
    everything = casts.every_matching(mentees, mentors, rules=Rules(), preferences=Preferences())
    best = max(casts.value(matching, mentees, preferences=Preferences()) for matching in everything)
    proposal = solve(mentees, mentors)
    assert (len(proposal.pairs), proposal.total) == (best[0], best[3])
    assert proposal.optimal


@pytest.mark.parametrize("objective", ["total", "worst"])
def test_a_long_search_goes_on_as_an_integer_program_with_the_same_result(objective, monkeypatch):
    wanted = Preferences(objective=objective)
    searched = solve(*_twins(6), preferences=wanted)
    monkeypatch.setattr(search, "MOST_CASES", 1)
    programmed = solve(*_twins(6), preferences=wanted)
    assert (len(programmed.pairs), programmed.total) == (len(searched.pairs), searched.total)
    assert searched.optimal
    assert programmed.optimal
    assert "HiGHS" in programmed.proof.msgid


def test_a_search_that_is_stopped_keeps_the_rules_and_does_not_claim_to_be_optimal(monkeypatch):
    def give_up(*_args, **_more):
        raise mixed.UnsolvedError

    monkeypatch.setattr(search, "MOST_CASES", 5)
    monkeypatch.setattr(mixed, "_highest", give_up)
    mentees, mentors = _twins(8)
    proposal = solve(mentees, mentors)
    meetings = {frozenset((one.person, two.person)) for one, two in casts.chosen(proposal, mentees, mentors)}
    assert len(meetings) == len(proposal.pairs)
    assert not proposal.optimal
    assert "stopped" in proposal.proof.msgid


def test_whoever_waited_longest_comes_first_when_places_are_few():
    mentees = [Mentee(number, number, ("cataloging",), waited=number % 3) for number in range(6)]
    mentors = [Mentor(90, 90, frozenset({"cataloging"}), 3)]
    pairs = solve(mentees, mentors).pairs
    assert sorted(mentees[pair.mentee].waited for pair in pairs) == [1, 2, 2]


def test_more_people_are_matched_rather_than_fewer_with_higher_scores():
    narrow = Mentee(1, 1, ("cataloging",), hours=frozenset(range(30, 40)))
    broad = Mentee(2, 2, ("cataloging", "preservation"), hours=frozenset(range(30, 40)))
    one = Mentor(11, 11, frozenset({"cataloging"}), hours=frozenset(range(30, 40)))
    two = Mentor(12, 12, frozenset({"preservation"}), hours=frozenset({3}))
    pairs = {(pair.mentee, pair.mentor) for pair in solve([narrow, broad], [one, two]).pairs}
    assert pairs == {(1, 11), (2, 12)}


@pytest.mark.parametrize("places", [1, 3])
def test_five_hundred_reach_the_total_of_an_independent_dense_solver(places):
    draw = random.Random(places)
    topics = [f"topic {number}" for number in range(10)]
    mentees = [Mentee(number, number, tuple(draw.sample(topics, 3))) for number in range(500)]
    mentors = [
        Mentor(number, 1000 + number, frozenset(draw.sample(topics, draw.randint(1, 4))), draw.randint(1, places))
        for number in range(300)
    ]
    plain = Preferences(weights={"topics": 1, "hours": 0, "career": 0, "institution": 0, "language": 0})
    proposal = solve(mentees, mentors, preferences=plain)
    columns = [mentor for mentor in mentors for _ in range(mentor.capacity)]
    points = (100, 85, 70)
    table = np.zeros((500, len(columns)))
    for (row, mentee), (column, mentor) in product(enumerate(mentees), enumerate(columns)):
        met = [point for point, wish in zip(points, mentee.wishes, strict=True) if wish in mentor.offers]
        table[row, column] = 100_000 + met[0] if met else 0
    rows, taken = linear_sum_assignment(table, maximize=True)
    assert len(proposal.pairs) * 100_000 + proposal.total == int(table[rows, taken].sum())
    assert proposal.optimal


def _twins(count: int) -> tuple[list[Mentee], list[Mentor]]:
    persons = range(2 * count)
    wishes = [(f"topic {person // 2}", "common") for person in persons]
    hours = [frozenset(range(28, 30 + person)) for person in persons]
    mentees = [Mentee(person, person, wishes[person], hours[person]) for person in persons]
    mentors = [Mentor(100 + person, person, frozenset(wishes[person]), 1, hours[person]) for person in persons]
    return mentees, mentors


def _in_order(matchings):
    return (tuple(sorted(matching, key=lambda pair: pair[0].enrollment)) for matching in matchings)
