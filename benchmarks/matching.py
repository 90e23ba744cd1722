"""Matching beside SciPy's dense solver, in the same run: `python -m benchmarks.matching`."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypedDict

import numpy as np

from bot.matching import Mentee, Mentor, Preferences, Rules, solve
from bot.matching.assignment import DENSE_CELLS, Assignment, assign, choose_dense
from bot.matching.problem import NOT_ALLOWED, Numbers, Problem, bonuses
from bot.matching.roster import Roster
from bot.matching.scores import score_all

SIZES = (41, 500, 2000, 5000)
ROUNDS = {41: 25, 500: 7, 2000: 1, 5000: 1}
REPEATS = {41: 10}
"""Calls in a row that count as one: fractions of a millisecond would be those of a cold cache."""

TOPICS = tuple("abcdefghij")
Cohort = tuple[list[Mentee], list[Mentor]]


class Row(TypedDict):
    """One size, in milliseconds and megabytes; a ratio below 1 means that mentorbot is faster.

    All start from one ready table of scores. `call`: the bare call of SciPy's dense solver, on a matrix made ready.
    `scipy`: that solver doing the same job (columns replicated, people counted first, forbidden cells masked, pairs
    read out), which proves nothing. `found`: our assignment alone; up to 10,000 cells that is the same solver, above
    them prices steer the search and so belong to it. `ours`: the assignment with the proof that nothing better exists.
    `whole`: ours to SciPy's with the making of the table. `proposal`: all of `solve`, with reasons. `proven`: shown to
    be the best, and worth as much as SciPy's.
    """

    size: int
    call_ms: float
    scipy_ms: float
    found_ms: float
    found_ratio: float
    ours_ms: float
    ratio: float
    whole_ratio: float
    proposal_ms: float
    fairness_ms: float
    ours_mb: float
    scipy_mb: float
    proven: bool


def measure(sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Measure every size; each peak of memory in a process of its own."""
    return [_measure(size) for size in sizes]


def cohort(size: int, *, seed: int = 1) -> Cohort:
    """An invented cohort: `size` mentees, six mentors for ten of them, ten topics, four zones, 1–3 places a mentor."""
    draw = random.Random(seed)
    mentees = [
        Mentee(number, number, tuple(draw.sample(TOPICS, 3)), *_about(draw, size, stages=4)) for number in range(size)
    ]
    mentors = [
        Mentor(number, size + number, frozenset(draw.sample(TOPICS, draw.randint(1, 4))), draw.randint(1, 3),
               *_about(draw, size, stages=5))
        for number in range(size * 6 // 10)
    ]  # fmt: skip
    return mentees, mentors


def forbidden(size: int, *, seed: int = 1) -> frozenset[tuple[int, int]]:
    """As many pairs that must not meet as there are mentees."""
    draw = random.Random(seed)
    return frozenset((draw.randrange(size), size + draw.randrange(size * 6 // 10)) for _ in range(size))


def _about(draw: random.Random, size: int, *, stages: int) -> tuple[frozenset[int], int, str, frozenset[str]]:
    start, length = draw.choice((28, 30, 32, 34)) + draw.randrange(8), draw.randrange(4, 18)
    hours = frozenset((start + slot) % 48 for slot in range(length))
    languages = frozenset(["en", *draw.sample(("es", "fr", "zh", "hi"), draw.choice((0, 0, 0, 1)))])
    return hours, draw.randrange(stages), f"institution {draw.randrange(max(3, size // 8))}", languages


def _measure(size: int) -> Row:
    mentees, mentors = cohort(size)
    rules = Rules(forbidden=forbidden(size))
    problem = _problem(mentees, mentors, rules)
    fair = Preferences(objective="worst")
    call, scipy, found_in, ours, whole_ours, whole_scipy, full = _medians(
        size,
        _bare_call(problem),
        lambda: choose_dense(problem),
        lambda: _find(problem),
        lambda: assign(problem),
        lambda: assign(_problem(mentees, mentors, rules)),
        lambda: choose_dense(_problem(mentees, mentors, rules)),
        lambda: solve(mentees, mentors, rules=rules),
    )
    found = assign(problem)
    return Row(
        size=size,
        call_ms=call,
        scipy_ms=scipy,
        found_ms=found_in,
        found_ratio=round(found_in / scipy, 2),
        ours_ms=ours,
        ratio=round(ours / scipy, 2),
        whole_ratio=round(whole_ours / whole_scipy, 2),
        proposal_ms=full,
        fairness_ms=_medians(size, lambda: solve(mentees, mentors, rules=rules, preferences=fair))[0],
        ours_mb=_peak(size, "ours"),
        scipy_mb=_peak(size, "scipy"),
        proven=found.value == found.bound == problem.value(choose_dense(problem)),
    )


def _problem(mentees: list[Mentee], mentors: list[Mentor], rules: Rules) -> Problem:
    scores = score_all(mentees, mentors, preferences=Preferences())
    never = Roster.of(mentees, mentors, rules=rules).never()
    scores[[row for row, _ in never], [column for _, column in never]] = NOT_ALLOWED
    places = np.array([mentor.capacity for mentor in mentors], np.int64)
    return Problem(scores, bonuses(np.zeros(len(mentees), np.int64), scores, places), places)


def _find(problem: Problem) -> Numbers | Assignment:
    """Our assignment without the check of its proof, where that can be left out."""
    return choose_dense(problem) if problem.scores.size <= DENSE_CELLS else assign(problem)


def _bare_call(problem: Problem) -> Callable[[], object]:
    from scipy.optimize import linear_sum_assignment

    owner = np.repeat(np.arange(len(problem.places)), problem.places)
    cost = -np.where(problem.scores >= 0, problem.scores + problem.bonus[:, None], 0)[:, owner].astype(np.float64)
    return lambda: linear_sum_assignment(cost)


def _medians(size: int, *runs: Callable[[], object]) -> list[float]:
    """Milliseconds of each, in turn, so that a neighbor on the same machine slows all alike."""
    repeats = REPEATS.get(size, 1)
    times = [[_milliseconds(run, repeats) for run in runs] for _ in range(ROUNDS.get(size, 1))]
    middle = (median(column) for column in zip(*times, strict=True))
    return [round(one, 3 if one < 1 else 1) for one in middle]


def _milliseconds(run: Callable[[], object], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) * 1000 / repeats


def _peak(size: int, who: str) -> float:
    """Megabytes that a process of its own needs at most, from start to result."""
    command = [sys.executable, "-m", "benchmarks.matching", who, str(size)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _run_alone(who: str, size: int) -> None:
    mentees, mentors = cohort(size)
    rules = Rules(forbidden=forbidden(size))
    if who == "ours":
        solve(mentees, mentors, rules=rules)
    else:
        choose_dense(_problem(mentees, mentors, rules))
    # Not ru_maxrss: a child inherits its parent's peak.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(int(peak.split()[1]) // 1024)


def _print(rows: list[Row]) -> None:
    print(" ".join(f"{name:>15}" for name in rows[0]))
    for row in rows:
        print(" ".join(f"{value!s:>15}" for value in row.values()))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _run_alone(sys.argv[1], int(sys.argv[2]))
    else:
        _print(measure())
