"""Matching beside SciPy's dense solver, in the same run: `python -m benchmarks.matching`."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import TypedDict

import numpy as np
from scipy.optimize import linear_sum_assignment

from bot.matching import Mentee, Mentor, Preferences, solve
from bot.matching.assignment import assign, choose_dense
from bot.matching.problem import Numbers, Problem, bonuses
from bot.matching.scores import score_all

SIZES = (41, 500, 2000, 5000)
ROUNDS = {41: 25, 500: 7, 2000: 1, 5000: 1}
TOPICS = tuple("abcdefghij")
Cohort = tuple[list[Mentee], list[Mentor]]


class Row(TypedDict):
    """One size: milliseconds and megabytes; a ratio below 1 means that mentorbot is faster."""

    size: int
    ours_ms: float
    scipy_ms: float
    ratio: float
    whole_ours_ms: float
    whole_scipy_ms: float
    whole_ratio: float
    fairness_ms: float
    ours_mb: float
    scipy_mb: float
    same_value: bool


def measure(sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Measure every size; each peak of memory in a process of its own."""
    return [_measure(size) for size in sizes]


def cohort(size: int, *, seed: int = 1) -> Cohort:
    """An invented cohort: `size` mentees, six mentors for ten of them, ten topics, four zones, 1–3 places a mentor."""
    draw = random.Random(seed)
    mentees = [
        Mentee(number, number, tuple(draw.sample(TOPICS, 3)), *_about(draw, size, stages=4))
        for number in range(size)
    ]
    mentors = [
        Mentor(number, size + number, frozenset(draw.sample(TOPICS, draw.randint(1, 4))), draw.randint(1, 3),
               *_about(draw, size, stages=5))
        for number in range(size * 6 // 10)
    ]  # fmt: skip
    return mentees, mentors


def forbidden(size: int, *, seed: int = 1) -> frozenset[tuple[int, int]]:
    """One pair in a hundred that must not meet."""
    draw = random.Random(seed)
    pairs = size * (size * 6 // 10) // 100
    return frozenset((draw.randrange(size), size + draw.randrange(size * 6 // 10)) for _ in range(pairs))


def _about(
    draw: random.Random, size: int, *, stages: int
) -> tuple[frozenset[int], int, str, frozenset[str]]:
    start, length = draw.choice((28, 30, 32, 34)) + draw.randrange(8), draw.randrange(4, 18)
    hours = frozenset((start + slot) % 48 for slot in range(length))
    languages = frozenset(["en", *draw.sample(("es", "fr", "zh", "hi"), draw.choice((0, 0, 0, 1)))])
    return hours, draw.randrange(stages), f"institution {draw.randrange(max(3, size // 8))}", languages


def _measure(size: int) -> Row:
    mentees, mentors = cohort(size)
    rules, rounds = Rules(forbidden=forbidden(size)), ROUNDS[size]
    problem = _problem(mentees, mentors, rules)
    # In turn, so that a neighbor on the same machine slows both alike.
    ours, theirs, whole, whole_theirs = (
        median(times)
        for times in zip(
            *(
                (
                    _milliseconds(lambda: assign(problem)),
                    _milliseconds(lambda: choose_dense(problem)),
                    _milliseconds(lambda: solve(mentees, mentors, rules=rules)),
                    _milliseconds(lambda: choose_dense(_problem(mentees, mentors, rules))),
                )
                for _ in range(rounds)
            ),
            strict=True,
        )
    )
