"""Locks, impossible input, and the weights of a template."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import Mentee, Mentor, Preferences, Rules, solve
from tests.matching import casts

ADA = Mentee(1, 1, ("cataloging",))
CY = Mentee(2, 3, ("cataloging",))
BEN = Mentor(11, 2, frozenset({"cataloging"}))
DEE = Mentor(12, 4, frozenset({"preservation"}))


@settings(max_examples=100, deadline=None)
@given(casts.cohorts(), casts.rules(), casts.preferences(), st.data())
def test_a_locked_pair_stays_and_the_rest_is_best_around_it(cohort, rules, preferences, data):
    mentees, mentors = cohort
    possible = [
        (mentee, mentor)
        for mentee in mentees
        for mentor in mentors
        if casts.may_meet(mentee, mentor, rules=rules, preferences=preferences)
    ]
    if not possible:
        return
    kept = data.draw(st.sampled_from(possible))
    locked = Rules(rules.forbidden, rules.ruled_out, rules.former, ((kept[0].enrollment, kept[1].enrollment),))
    total = Preferences(preferences.weights, preferences.institution, "total", preferences.need_topic)
    proposal = solve(mentees, mentors, rules=locked, preferences=total)
    everything = casts.every_matching(mentees, mentors, rules=rules, preferences=total)
    best = max((len(matching), *_others(matching, kept, mentees, total)) for matching in everything if kept in matching)
    found = casts.chosen(proposal, mentees, mentors)
    assert kept in found
    assert (len(found), *_others(found, kept, mentees, total)) == best


def test_a_lock_may_pass_over_topics_because_a_person_decided_it():
    proposal = solve([ADA], [DEE], rules=Rules(locked=((1, 12),)))
    assert [(pair.mentee, pair.mentor) for pair in proposal.pairs] == [(1, 12)]


@pytest.mark.parametrize(
    ("locked", "says"),
    [
        (((1, 99),), "unknown"),
        (((99, 11),), "unknown"),
        (((1, 11), (2, 11)), "1 places and 2 locked"),
        (((1, 11), (1, 12)), "locked twice"),
        (((1, 11), (1, 11)), "locked twice"),
    ],
)
def test_a_lock_that_cannot_be_kept_is_refused(locked, says):
    with pytest.raises(ValueError, match=says):
        solve([ADA, CY], [BEN, DEE], rules=Rules(locked=locked))


def test_locks_both_ways_between_two_people_are_refused():
    both = Mentee(3, 2, ("cataloging",)), Mentor(13, 1, frozenset({"cataloging"}))
    with pytest.raises(ValueError, match="cannot be kept"):
        solve([ADA, both[0]], [BEN, both[1]], rules=Rules(locked=((1, 11), (3, 13))))


@pytest.mark.parametrize("kind", ["forbidden", "ruled_out", "former"])
def test_a_lock_against_any_rule_is_refused_in_the_same_words(kind):
    rules = Rules(**{kind: frozenset({(2, 1)})}, locked=((1, 11),))
    with pytest.raises(ValueError, match=r"^the locked pair 1, 11 cannot be kept under the rules$"):
        solve([ADA], [BEN], rules=rules)


def test_the_same_enrollment_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        solve([ADA, ADA], [BEN])


@pytest.mark.parametrize(
    ("weights", "says"),
    [({"charm": 1}, "unknown criteria: charm"), ({"topics": -1}, "negative"), ({"hours": 1001}, "1000")],
)
def test_weights_that_make_no_sense_are_refused(weights, says):
    with pytest.raises(ValueError, match=says):
        solve([ADA], [BEN], preferences=Preferences(weights=weights))


def test_an_empty_cohort_is_no_error():
    assert solve([], []).pairs == ()
    assert [alone.mentee for alone in solve([ADA], []).left_over] == [1]
    assert solve([], [BEN]).free == ((11, 1),)


def _others(matching, kept, mentees, preferences):
    """Waits and total of all pairs but the locked one, whose mentee is matched in any case."""
    rest = tuple(pair for pair in matching if pair != kept)
    others = [mentee for mentee in mentees if mentee != kept[0]]
    return casts.value(rest, others, preferences=preferences)[1:]
