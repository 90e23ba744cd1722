"""How long a start takes in a fresh process, and what the bot needs when nothing happens."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypedDict

import psutil  # type: ignore[import-untyped]

ROUNDS = 5
IDLE = 10.0
"""Seconds in which nothing is asked of the sandbox."""


class Row(TypedDict):
    """One start. `memory_mb` is resident after it, `idle_cpu` percent of one processor while nothing happens."""

    start: str
    median_ms: float
    longest_ms: float
    memory_mb: float
    idle_cpu: float


def measure(rounds: int = ROUNDS, *, idle: float = IDLE) -> list[Row]:
    """Start in every way so often."""
    with TemporaryDirectory(prefix="mentorbot-bench-", ignore_cleanup_errors=True) as folder:
        fresh = [_sandbox(Path(folder) / str(number), idle=0) for number in range(rounds)]
        again = [_sandbox(Path(folder) / "0", idle=idle / rounds) for _number in range(rounds)]
    helps = [(_help(), 0.0, 0.0) for _number in range(rounds)]
    return [
        _row("mentorbot --help", helps),
        _row("mentorbot sandbox, first time", fresh),
        _row("mentorbot sandbox, again", again),
    ]


def _help() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "--help"], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def _sandbox(folder: Path, *, idle: float) -> tuple[float, float, float]:
    """Milliseconds until it is ready, megabytes then, percent of a processor while idle."""
    start = time.perf_counter()
    with _running(folder) as process:
        assert process.stdout is not None
        while "ready" not in (line := process.stdout.readline()):
            assert line, "the sandbox should start"
        ready = (time.perf_counter() - start) * 1000
        seen = psutil.Process(process.pid)
        time.sleep(idle / 2)  # what a start leaves behind is done
        seen.cpu_percent()
        time.sleep(idle)
        return ready, seen.memory_info().rss / 2**20, seen.cpu_percent() if idle else 0.0


@contextmanager
def _running(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bot", "sandbox"]
    process = subprocess.Popen(
        command, env=_environment(folder), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _environment(folder: Path) -> Mapping[str, str]:
    here = {"PORT": "0", "SANDBOX_DATABASE_URL": f"sqlite:///{folder}/sandbox.db", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **here}


def _row(start: str, found: list[tuple[float, float, float]]) -> Row:
    times, memory, idle = zip(*found, strict=True)
    return Row(
        start=start,
        median_ms=round(median(times)),
        longest_ms=round(max(times)),
        memory_mb=round(max(memory)),
        idle_cpu=round(median(idle), 1),
    )
