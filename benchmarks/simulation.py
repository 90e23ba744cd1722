"""A whole program, played through the real bot in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import TypedDict

PLAYS = (("alcts", 41, 1),)


class Row(TypedDict):
    """One program from its call to its close. `cpu_s` is the processor's time, which neighbors disturb less."""

    template: str
    pairs: int
    seed: int
    seconds: float
    cpu_s: float
    requests: int
    statements: int
    statement_ms: float


def measure(plays: tuple[tuple[str, int, int], ...] = PLAYS) -> list[Row]:
    """Play each template with so many pairs and a seed."""
    return [_measure(*play) for play in plays]


def _measure(template: str, pairs: int, seed: int) -> Row:
    before = _processor()
    found = subprocess.run(
        [sys.executable, "-m", "bot", "simulate", template, "--pairs", str(pairs), "--seed", str(seed), "--json"],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    report = json.loads(found.stdout)
    cost, seconds = report["cost"], _processor() - before
    return Row(
        template=template,
        pairs=pairs,
        seed=seed,
        seconds=round(cost["seconds"], 1),
        cpu_s=round(seconds, 1),
        requests=report["figures"]["requests"],
        statements=cost["statements"],
        statement_ms=round(seconds * 1000 / cost["statements"], 2),
    )


def _processor() -> float:
    """Seconds of processor time that ended child processes have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
