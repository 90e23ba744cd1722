"""The report as one page that needs no other file: figures in cards and tables, charts for light and dark."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from adapters.simulation.figures import Figures
from adapters.simulation.report import Cost, Lines, checks, cost_line, holds, sections, title
from bot.services.drawing import draw
from bot.ui import Day, Inline, Picture, Series, Words

_STYLE = """
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #1f2733; --faint: #5d6673; --edge: #dfe3e8;
  --good: #00735a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1d2127; --ink: #eceff3; --faint: #a6aeb9;
  --edge: #363c45; --good: #30c296; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
p { color: var(--faint); margin: 0 0 1.5rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; }
.card, section { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: .9rem 1.1rem; }
.card b { display: block; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.card span { color: var(--faint); font-size: .875rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: .75rem; }
.charts img { display: block; width: 100%; height: auto; }
.cards, .charts, section { margin-bottom: 1rem; }
table { border-collapse: collapse; width: 100%; }
td { padding: .35rem 0; border-top: 1px solid var(--edge); vertical-align: top; }
tr:first-child td { border-top: 0; }
td:first-child { color: var(--faint); width: 42%; padding-right: 1rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
@media (max-width: 34rem) { td { display: block; width: auto !important; } td + td { border-top: 0; padding-top: 0; } }
"""

_COLUMNS: Mapping[str, Sequence[str]] = {
    "letter": ("nudged",),
    "thanks": ("thanked",),
    "quiet": ("snoozed", "paused"),
    "gone": ("ended", "unreachable"),
}
"""How outcomes stand together in a chart: more colors than these are hard to tell apart."""

_SPAN = 5
"""Messages that one bar of the last chart stands for."""


def page(figures: Figures, cost: Cost) -> str:
    """The whole page. Draws with matplotlib, so no Work may be open."""
    tables = "".join(_table(heading, lines) for heading, lines in sections(figures)[:-1])
    charts = "".join(map(_image, (_talks(figures), _outcomes(figures), _kinds(figures), _unasked(figures))))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>A simulated program</title><style>{_STYLE}</style><main>"
        f"<h1>A simulated program</h1><p>{escape(title(figures))}</p>"
        f'<div class="cards">{_cards(figures)}</div><div class="charts">{charts}</div>'
        f"{_checks(figures)}{tables}<p>{escape(cost_line(cost))}</p></main></html>"
    )


def _cards(figures: Figures) -> str:
    cards = (
        (f"{sum(figures.applications.values()):,}", "applications"),
        (f"{sum(figures.pairs.values()):,}", "pairs"),
        (f"{figures.talks.median_a_pair:g}", "talks noted for a pair (median)"),
        (f"{figures.goals['reached']:,} of {figures.goals['set']:,}", "goals reached"),
        (f"{figures.mailed.mean_unasked:.1f}", "unasked messages a person (mean)"),
    )
    return "".join(f'<div class="card"><b>{value}</b><span>{label}</span></div>' for value, label in cards)


def _checks(figures: Figures) -> str:
    mood, said = ("good", "All checks hold.") if holds(figures) else ("bad", "Something is wrong.")
    return f'<section><h2 class="{mood}">{said}</h2>{_rows(checks(figures))}</section>'


def _table(heading: str, lines: Lines) -> str:
    return f"<section><h2>{escape(heading)}</h2>{_rows(lines)}</section>"


def _rows(lines: Lines) -> str:
    rows = "".join(f"<tr><td>{escape(label)}</td><td>{escape(value)}</td></tr>" for label, value in lines)
    return f"<table>{rows}</table>"


def _image(picture: Picture) -> str:
    light, dark = (b64encode(draw(picture, dark=dark)).decode() for dark in (False, True))
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="data:image/png;base64,{dark}">'
        f'<img src="data:image/png;base64,{light}" alt="{escape(picture.alt.msgid)}"></picture>'
    )


def _talks(figures: Figures) -> Picture:
    days = figures.talks.by_fortnight
    return _over_time("Talks noted, by fortnight", days, {"talks": [float(count) for count in days.values()]})


def _outcomes(figures: Figures) -> Picture:
    days = figures.periods.by_fortnight
    series = {
        name: [float(sum(counted.get(outcome, 0) for outcome in outcomes)) for counted in days.values()]
        for name, outcomes in _COLUMNS.items()
    }
    return _over_time("What became of periods, by fortnight", days, series)


def _kinds(figures: Figures) -> Picture:
    counted = sorted(figures.mailed.by_kind.items(), key=lambda kind: -kind[1])
    return _bars("Deliveries, by kind", {kind.replace("_", " "): count for kind, count in counted})


def _unasked(figures: Figures) -> Picture:
    spans: dict[str, int] = {}
    for first in range(0, figures.mailed.most_unasked + 1, _SPAN):
        within = range(first, first + _SPAN)
        spans[f"{first} to {first + _SPAN - 1}"] = sum(figures.mailed.unasked.get(number, 0) for number in within)
    return _bars("People, by messages they had not asked for", spans)


def _over_time(heading: str, days: Mapping[date, object], series: Mapping[str, Sequence[float]]) -> Picture:
    drawn = tuple(Series(Words(name), tuple(values)) for name, values in series.items())
    sums = ", ".join(f"{name} {sum(values):g}" for name, values in series.items())
    return Picture(
        Words(heading),
        tuple(map(Day, days)),
        drawn,
        Words(f"{heading}. In all: {sums}"),
        "stack" if drawn[1:] else "bars",
    )


def _bars(heading: str, counted: Mapping[str, int]) -> Picture:
    labels: tuple[Inline, ...] = tuple(counted)
    values = tuple(float(count) for count in counted.values())
    said = ", ".join(f"{label}: {count}" for label, count in counted.items())
    return Picture(Words(heading), labels, (Series(Words(""), values),), Words(f"{heading}. {said}"))
