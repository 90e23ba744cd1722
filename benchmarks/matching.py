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
from bot.matching.assignment import assign, choose_dense
from bot.matching.problem import NOT_ALLOWED, Problem, bonuses
from bot.matching.roster import Roster
from bot.matching.scores import score_all

SIZES = (41, 500, 2000, 5000)
ROUNDS = {41: 25, 500: 7, 2000: 1, 5000: 1}
TOPICS = tuple("abcdefghij")
Cohort = tuple[list[Mentee], list[Mentor]]


class Row(TypedDict):
    """One size, in milliseconds and megabytes; a ratio below 1 means that mentorbot is faster.

    `ours`: the assignment with its proof, `scipy`: the dense assignment with columns replicated, both from the same
    ready table of scores. `whole`: the same and the making of that table. `proposal`: all of `solve`, with reasons.
    """

    size: int
    ours_ms: float
    scipy_ms: float
    ratio: float
    whole_ours_ms: float
    whole_scipy_ms: float
    whole_ratio: float
    proposal_ms: float
    fairness_ms: float
    ours_mb: float
    scipy_mb: float
    proven_and_same: bool


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
    ours, scipy, whole_ours, whole_scipy, full = _medians(
        ROUNDS.get(size, 1),
        lambda: assign(problem),
        lambda: choose_dense(problem),
        lambda: assign(_problem(mentees, mentors, rules)),
        lambda: choose_dense(_problem(mentees, mentors, rules)),
        lambda: solve(mentees, mentors, rules=rules),
    )
    found = assign(problem)
    return Row(
        size=size,
        ours_ms=ours,
        scipy_ms=scipy,
        ratio=round(ours / scipy, 2),
        whole_ours_ms=whole_ours,
        whole_scipy_ms=whole_scipy,
        whole_ratio=round(whole_ours / whole_scipy, 2),
        proposal_ms=full,
        fairness_ms=_medians(1, lambda: solve(mentees, mentors, rules=rules, preferences=fair))[0],
        ours_mb=_peak(size, "ours"),
        scipy_mb=_peak(size, "scipy"),
        proven_and_same=found.value == found.bound == problem.value(choose_dense(problem)),
    )


def _problem(mentees: list[Mentee], mentors: list[Mentor], rules: Rules) -> Problem:
    scores = score_all(mentees, mentors, preferences=Preferences())
    never = Roster.of(mentees, mentors, rules=rules).never()
    scores[[row for row, _ in never], [column for _, column in never]] = NOT_ALLOWED
    places = np.array([mentor.capacity for mentor in mentors], np.int64)
    return Problem(scores, bonuses(np.zeros(len(mentees), np.int64), scores, places), places)


def _medians(rounds: int, *runs: Callable[[], object]) -> list[float]:
    """Milliseconds of each, in turn, so that a neighbor on the same machine slows all alike."""
    times = [[_milliseconds(run) for run in runs] for _ in range(rounds)]
    return [round(median(column), 2) for column in zip(*times, strict=True)]


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


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
