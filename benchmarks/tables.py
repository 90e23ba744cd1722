"""Rows of figures as a table in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table


def table(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    """A table with a column for each key; what a row has in common with the row above it is not repeated."""
    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, value in rows[0].items():
        shown.add_column(name.replace("_", "\n"), justify="left" if isinstance(value, str) else "right", no_wrap=True)
    above: Sequence[str] = ()
    for row in rows:
        cells = [_cell(value) for value in row.values()]
        shown.add_row(*_without_repeats(row, cells, above))
        above = cells
    return shown


def _cell(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"
        case _:
            return str(value)


def _without_repeats(row: Mapping[str, Any], cells: Sequence[str], above: Sequence[str]) -> list[str]:
    """The leading words of a row, as far as they stand in the row above it."""
    shown, repeats = [], bool(above)
    for number, (value, cell) in enumerate(zip(row.values(), cells, strict=True)):
        repeats = repeats and isinstance(value, str) and above[number] == cell
        shown.append("" if repeats else cell)
    return shown
