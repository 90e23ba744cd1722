"""`make bench`: what things cost, as tables and as JSON. No test depends on a time."""

from __future__ import annotations

import gc
import json
import logging
import os
import platform
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import discord, latency, load, matching, simulation, slack, start, sweeps
from benchmarks.tables import table

Rows = Sequence[Mapping[str, Any]]

WIDTH = 120
"""Columns of a table that goes into a file."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to measure: in full, and quickly with smaller sizes."""

    name: str
    title: str
    full: Callable[[], Rows]
    quick: Callable[[], Rows]


SUBJECTS = (
    Subject("latency", "Each command through dispatch", latency.measure, partial(latency.measure, times=10)),
    Subject(
        "sweeps",
        "A sweep of those who are due, among many who are not",
        sweeps.measure,
        partial(sweeps.measure, (5_000, 50_000), due=200),
    ),
    Subject("matching", "Matching beside SciPy", matching.measure, partial(matching.measure, (41, 500))),
    Subject(
        "load",
        "20 commands a second on SQLite",
        load.measure,
        partial(load.measure, 200, alone=3.0),
    ),
    Subject(
        "slack",
        "Slash commands on Slack, beside a bare Bolt app",
        slack.measure,
        partial(slack.measure, 2, seconds=1.0),
    ),
    Subject(
        "discord",
        "Commands on Discord, beside a bare discord.py client",
        discord.measure,
        partial(discord.measure, 2, seconds=1.0),
    ),
    Subject(
        "simulation",
        "A whole program",
        simulation.measure,
        partial(simulation.measure, (("short", 5, 1),)),
    ),
    Subject("start", "Starting, and being idle", start.measure, partial(start.measure, 2, idle=2.0)),
)


def main(
    *,
    only: Annotated[
        list[str] | None, typer.Option(help="Measure this subject alone; can be given several times.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Smaller sizes: two minutes in all.")] = False,
    path: Annotated[Path, typer.Option("--json", dir_okay=False, help="Where the figures go.")] = Path(
        "var/bench.json"
    ),
) -> None:
    """Measure what things cost. Ten minutes on an idle machine; compare figures of one run only."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")  # the PostgreSQL package asks for it
    logging.disable(logging.WARNING)  # APScheduler says so whenever a job takes longer than its interval
    chosen = [subject for subject in SUBJECTS if not only or subject.name in only]
    if not chosen:
        raise typer.BadParameter(f"There are: {', '.join(subject.name for subject in SUBJECTS)}.", param_hint="--only")
    console = Console(width=None if Console().is_terminal else WIDTH)
    found: dict[str, Rows] = {}
    for subject in chosen:
        began = perf_counter()
        gc.collect()
        with console.status(subject.title):
            found[subject.name] = (subject.quick if quick else subject.full)()
        console.print(table(f"{subject.title} ({perf_counter() - began:.0f} s)", found[subject.name]))
        _write(path, found, quick=quick)
    console.print(f"Written to {path}.")


def _write(path: Path, found: Mapping[str, Rows], *, quick: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    report = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "quick": quick, "machine": _machine()}
    path.write_text(json.dumps({**report, "subjects": found}, indent=2) + "\n")


def _machine() -> Mapping[str, Any]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load": [round(one, 1) for one in os.getloadavg()],
    }


if __name__ == "__main__":
    typer.run(main)
