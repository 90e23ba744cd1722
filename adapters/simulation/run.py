"""`mentorbot simulate`: a run with a progress bar, and its report as it was asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from sqlalchemy import event
from sqlalchemy.engine import Engine

from adapters.simulation import figures as figures_of
from adapters.simulation import report
from adapters.simulation.figures import Figures
from adapters.simulation.play import START, Watch, play
from adapters.simulation.report import Cost
from adapters.simulation.world import Plan, Unplayable
from bot.programs import templates
from bot.settings import driver_url

__all__ = ["Order", "Plan", "Unplayable", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for. Without the address of a `database` the run has a temporary one."""

    plan: Plan
    database: str = ""
    json: bool = False
    html: Path | None = None


def run(order: Order, make_tables: Callable[[str], object]) -> bool:
    """Play a program and report; whether everything was as it should be. Raises Unplayable."""
    _check(order)
    with _database(order.database) as url, _progress() as watch:
        make_tables(url)
        found, cost = asyncio.run(_played(order.plan, url, watch))
    if order.html is not None:
        from adapters.simulation.page import page  # charts take a second to load

        order.html.write_text(page(found, cost))
    console = Console()
    if order.json:
        console.file.write(report.as_json(found, cost) + "\n")
    else:
        report.show(found, cost, console)
    return report.holds(found)


def _check(order: Order) -> None:
    if order.plan.template not in templates():
        raise Unplayable(f"There is no program {order.plan.template}. There are: {', '.join(templates())}.")


async def _played(plan: Plan, url: str, watch: Watch) -> tuple[Figures, Cost]:
    began = time.perf_counter()
    with _counting() as statements:
        world = await play(plan, url, watch=watch)
    seconds = time.perf_counter() - began
    try:
        found = await figures_of.read(world)
    finally:
        await world.app.close()
    return found, Cost(seconds=seconds, statements=statements[0], requests=world.asking.asked)


@contextmanager
def _database(given: str) -> Iterator[str]:
    if given:
        yield _address(given)
        return
    with TemporaryDirectory(prefix="mentorbot-simulation-") as folder:
        yield f"sqlite+aiosqlite:///{folder}/simulation.db"


def _address(given: str) -> str:
    try:
        return driver_url(given)
    except ValueError:
        raise Unplayable(
            "--database must be sqlite:///path/to/file.db or postgresql://user:password@host/name."
        ) from None


@contextmanager
def _progress() -> Iterator[Watch]:
    """A bar on the error stream, so that a report can be piped; it shows the played day."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("getting ready")

        def watch(now: datetime, end: datetime) -> None:
            total, completed = (end - START).total_seconds(), (now - START).total_seconds()
            progress.update(task, description=f"{now:%b %d, %Y}", total=total, completed=completed)

        yield watch


@contextmanager
def _counting() -> Iterator[list[int]]:
    """How many SQL statements any engine is asked for."""
    counted = [0]

    def count(*_: object) -> None:
        counted[0] += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", count)
