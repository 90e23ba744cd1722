"""The proof is a check that can fail."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.assignment import assign
from bot.matching.prices import find_all_prices, find_prices, upper_bound
from bot.matching.problem import Problem


def _problem(table, places):
    return Problem(np.array(table, np.int32), np.full(len(table), 1000, np.int64), np.array(places, np.int64))


def _all_cells(problem):
    return np.flatnonzero(problem.scores.ravel() >= 0)


CROSSED = _problem([[9, 8], [8, 1]], [1, 1])


def test_the_best_assignment_meets_its_bound():
    best = assign(CROSSED)
    assert (best.chosen.tolist(), best.value, best.bound) == ([1, 0], 2016, 2016)


def test_a_worse_assignment_is_rejected_when_prices_are_asked_for():
    with pytest.raises(ArithmeticError):
        find_prices(CROSSED, np.array([0, 1]), edges=_all_cells(CROSSED))
    with pytest.raises(ArithmeticError):
        find_all_prices(CROSSED, np.array([0, 1]))


def test_a_worse_assignment_does_not_meet_the_bound():
    best = assign(CROSSED)
    assert CROSSED.value(np.array([0, 1])) < best.bound
    assert CROSSED.value(np.array([0, -1])) < best.bound


def test_an_assignment_that_breaks_a_rule_has_no_value():
    with pytest.raises(ValueError, match="not allowed"):
        CROSSED.value(np.array([0, 0]))
    with pytest.raises(ValueError, match="not allowed"):
        _problem([[-1]], [1]).value(np.array([0]))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.integers(-1, 20), min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
    st.lists(st.integers(-5, 2000), min_size=3, max_size=3),
)
def test_no_prices_whatever_give_a_bound_below_the_best(table, places, prices):
    problem = _problem(table, places)
    best = assign(problem)
    assert best.value == best.bound
    assert upper_bound(problem, np.array(prices)) >= best.value


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.integers(-1, 20), min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
)
def test_a_table_and_a_list_of_cells_give_the_same_prices(table, places):
    problem = _problem(table, places)
    best = assign(problem)
    prices = find_prices(problem, best.chosen, edges=_all_cells(problem))
    assert find_all_prices(problem, best.chosen).tolist() == prices.columns.tolist()
    assert upper_bound(problem, prices.columns) == best.value


def test_importing_matching_loads_neither_numpy_nor_scipy():
    asked = "import sys, bot.matching; print({'numpy', 'scipy'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
