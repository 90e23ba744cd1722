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
    """Start in every way so often, with bytecode of its own, so that it matters not who has run what before."""
    with TemporaryDirectory(prefix="mentorbot-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        first = [_sandbox(folder, "first", idle=0)]
        fresh = [_sandbox(folder, f"fresh-{number}", idle=0) for number in range(rounds)]
        again = [_sandbox(folder, "first", idle=idle / rounds) for _number in range(rounds)]
        helps = [(_help(folder), 0.0, 0.0) for _number in range(rounds + 1)][1:]
    return [
        _row("mentorbot --help", helps),
        _row("mentorbot sandbox, nothing compiled yet", first),
        _row("mentorbot sandbox, new database", fresh),
        _row("mentorbot sandbox, again", again),
    ]


def _help(folder: Path) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "bot", "--help"]
    subprocess.run(command, env=_environment(folder, "help"), check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def _sandbox(folder: Path, name: str, *, idle: float) -> tuple[float, float, float]:
    """Milliseconds until it is ready, megabytes then, percent of a processor while idle."""
    start = time.perf_counter()
    with _running(_environment(folder, name)) as process:
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
def _running(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bot", "sandbox"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _environment(folder: Path, name: str) -> Mapping[str, str]:
    return {
        **os.environ,
        "PORT": "0",
        "SANDBOX_DATABASE_URL": f"sqlite:///{folder}/{name}.db",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": f"{folder}/bytecode",
    }


def _row(start: str, found: list[tuple[float, float, float]]) -> Row:
    times, memory, idle = zip(*found, strict=True)
    return Row(
        start=start,
        median_ms=round(median(times)),
        longest_ms=round(max(times)),
        memory_mb=round(max(memory)),
        idle_cpu=round(median(idle), 1),
    )
