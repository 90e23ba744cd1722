"""The report in words: for a terminal and for other programs; `page.py` makes it a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.simulation.figures import Figures

Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the run took: the only part of a report that differs from run to run."""

    seconds: float
    statements: int
    requests: int

    @property
    def rates(self) -> Mapping[str, float]:
        """Per second."""
        return {
            "requests_a_second": round(self.requests / self.seconds, 1),
            "statements_a_second": round(self.statements / self.seconds, 1),
        }


def sections(figures: Figures) -> Sequence[tuple[str, Lines]]:
    """Everything under its heading."""
    return (
        ("Applications", _applications(figures)),
        ("Pairs", _pairs(figures)),
        ("Talks and goals", _talks(figures)),
        ("Messages that a person of a pair had not asked for", _unasked(figures)),
        ("Deliveries", _deliveries(figures)),
        ("What became of each member's periods", _periods(figures)),
        ("Checks", checks(figures)),
    )


def checks(figures: Figures) -> Lines:
    """What has to hold, and whether it does."""
    settled, mailed = figures.periods, figures.mailed
    exact = (
        "yes" if settled.is_exact else _wrong(missing=settled.missing, doubled=settled.doubled, beyond=settled.beyond)
    )
    return (
        ("each member and period has exactly one outcome", exact),
        ("unasked letters at night, on weekends or quiet days", _few(mailed.indecent)),
        ("letters delivered twice", str(mailed.twice)),
        ("applicants who never heard what became of them", _few(figures.unheard)),
        ("requests that failed", _few(figures.failed)),
        ("forms that came back", _few(figures.returned)),
    )


def holds(figures: Figures) -> bool:
    """Whether all checks hold."""
    faults = (figures.mailed.indecent, figures.mailed.twice, figures.unheard, figures.failed, figures.returned)
    return figures.periods.is_exact and not any(faults)


def cost_line(cost: Cost) -> str:
    """What the run took, in one line."""
    rates = cost.rates
    return (
        f"{cost.seconds:.1f} s, {cost.requests:,} requests ({rates['requests_a_second']:,} a second), "
        f"{cost.statements:,} statements ({rates['statements_a_second']:,} a second)"
    )


def show(figures: Figures, cost: Cost, console: Console) -> None:
    """The report in a terminal."""
    console.print(Text(title(figures), style="bold"))
    for heading, lines in sections(figures):
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, expand=True)
        table.add_column(heading, style="dim", ratio=2)
        table.add_column(ratio=3)
        for label, value in lines:
            table.add_row(label, Text(value))
        console.print(table)
        console.print()
    console.print(Text(cost_line(cost), style="dim"))


def as_json(figures: Figures, cost: Cost) -> str:
    """The report for other programs: `figures` are the same for the same plan, `cost` is not."""
    spent = {"seconds": round(cost.seconds, 2), "statements": cost.statements, **cost.rates}
    return json.dumps({"figures": _plain(asdict(figures)), "cost": spent}, indent=2)


def title(figures: Figures) -> str:
    """What was played."""
    return (
        f"{figures.template}, {figures.starts_on:%B} {figures.starts_on.day}, {figures.starts_on.year} to "
        f"{figures.ends_on:%B} {figures.ends_on.day}, {figures.ends_on.year}: {figures.people} invented people, "
        f"seed {figures.seed}"
    )


def _applications(figures: Figures) -> Lines:
    return (
        ("as mentee, mentor, both", _mapped(figures.applications)),
        ("what became of them", _mapped(figures.application_states)),
    )


def _pairs(figures: Figures) -> Lines:
    pairs = figures.pairs
    return (
        ("pairs that were matched", f"{sum(pairs.values()):,}"),
        ("of these", _mapped(pairs)),
        ("of these, formed when the program had begun", str(figures.matched_later)),
        ("without a partner", _mapped(figures.left_over) or "nobody"),
        ("what the first proposal said of itself", figures.proof),
    )


def _talks(figures: Figures) -> Lines:
    talks, goals = figures.talks, figures.goals
    return (
        ("pairs that talked", f"{talks.pairs:,} of {sum(figures.pairs.values()):,}"),
        ("talks noted for a pair", f"median {talks.median_a_pair:g}, mean {talks.mean_a_pair:g}"),
        ("talks noted, of those that took place", f"{talks.noted:,} of {talks.happened:,}"),
        ("talks of which both told, of these counted once", f"{talks.told_by_both:,}, {talks.joined:,}"),
        ("goals", f"{goals['set']:,} set by {goals['pairs']:,} pairs, {goals['reached']:,} reached"),
    )


def _unasked(figures: Figures) -> Lines:
    mailed = figures.mailed
    return (
        ("in a whole program", f"mean {mailed.mean_unasked:g}, most {mailed.most_unasked}"),
        ("the most of somebody with two pairs or more", str(mailed.most_unasked_of_two)),
        ("by kind, in the mean", _mapped(mailed.unasked_by_kind)),
    )


def _deliveries(figures: Figures) -> Lines:
    mailed = figures.mailed
    return (
        ("by kind", _mapped(mailed.by_kind)),
        ("letters that were rewritten after an answer or their time", f"{mailed.edits:,}"),
        ("not delivered", _mapped(figures.undelivered) or "none"),
    )


def _periods(figures: Figures) -> Lines:
    outcomes = figures.periods.outcomes
    return (("outcomes", _mapped(outcomes)), ("altogether", f"{sum(outcomes.values()):,}"))


def _mapped(counts: Mapping[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items())


def _few(found: Sequence[str]) -> str:
    """How many, and the first of them."""
    return f"{len(found)}: {'; '.join(found[:3])}" if found else "0"


def _wrong(**counts: int) -> str:
    return "no: " + ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _plain(value: Any) -> Any:
    """The same with days as text, also where they are keys."""
    match value:
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case date():
            return value.isoformat()
        case _:
            return value
