"""Charts of messages as images. matplotlib is loaded by the first chart, and used without any of its global state."""

from __future__ import annotations

import io
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from bot.storage.work import work_is_open
from bot.ui import Day, Picture
from bot.ui.plain import PlainSpeaker

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

SHARPNESS = 200
"""Dots an inch: twice what a screen shows, for screens with twice the dots."""

WIDTH, HEIGHT = 3.9, 2.3
"""One chart, in inches of a hundred screen dots."""

MARGIN, TITLE, LEGEND = 0.19, 0.26, 0.2
"""Inches between a chart and the edge of its card, for a title, and for a line of labels."""

TEXT = 7.5
"""Points of labels and figures; the title has one more."""

KEY = 0.24
"""Inches beside a name of a series: its color, and the distance to the next one."""

LINE = 0.16
"""Inches from one line of such names to the next."""

MOST_RANKS, MOST_LINES = 4, 3
"""Names of series side by side, and below each other."""

FEWEST = 4
"""Room for so many bars is kept, so that a chart of one is no wall of color."""

MOST_LABELS = 8
"""Labels that fit side by side below columns; of more, every second, third … is written."""

_DRAWING = Lock()
"""matplotlib's fonts are shared by all threads and are not made for that."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colors of one background. Color-blind people can tell those of the series apart (after Okabe and Ito)."""

    card: str
    edge: str
    ink: str
    faint: str
    series: tuple[str, ...]


LIGHT = Look("#ffffff", "#dfe3e8", "#1f2733", "#5d6673", ("#0072b2", "#d98200", "#009e73", "#b5568c", "#3d3d3d"))
DARK = Look("#1d2127", "#363c45", "#eceff3", "#a6aeb9", ("#56b4e9", "#f0a92b", "#30c296", "#e08fbb", "#d9d9d9"))


def draw(picture: Picture, *beside: Picture, dark: bool = False, language: str = "en") -> bytes:
    """A chart as PNG, and others beside it in the same image; any thread may ask.

    Labels that are days stand below columns, words stand beside bars. Raises RuntimeError while a Work is open:
    drawing takes a tenth of a second.
    """
    if work_is_open():
        raise RuntimeError("A Work is open: nothing is drawn while the database waits.")
    with _DRAWING:
        return _draw((picture, *beside), DARK if dark else LIGHT, PlainSpeaker(language))


def _draw(pictures: tuple[Picture, ...], look: Look, speaker: PlainSpeaker) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context({"font.family": "DejaVu Sans", "font.size": TEXT, "text.parse_math": False}):
        canvas = FigureCanvasAgg(Figure((WIDTH * len(pictures), HEIGHT), SHARPNESS, facecolor="none"))
        _card(canvas.figure, look)
        for place, picture in enumerate(pictures):
            _chart(canvas, picture, look, speaker, left=WIDTH * place)
        image = io.BytesIO()
        canvas.figure.savefig(image, format="png", dpi=SHARPNESS, metadata={"Software": None})
    return image.getvalue()


def _card(figure: Figure, look: Look) -> None:
    """A ground of its own, so that an image made for one background can still be read on the other."""
    from matplotlib.patches import FancyBboxPatch

    width, height = figure.get_size_inches()
    card = FancyBboxPatch(
        (0.01, 0.01),
        width - 0.02,
        height - 0.02,
        boxstyle="round,pad=0,rounding_size=0.09",
        transform=figure.dpi_scale_trans,
        facecolor=look.card,
        edgecolor=look.edge,
        linewidth=0.6,
        zorder=-1,
    )
    figure.add_artist(card)


def _chart(canvas: FigureCanvasAgg, picture: Picture, look: Look, speaker: PlainSpeaker, *, left: float) -> None:
    """One chart whose card begins `left` inches from the left."""
    figure = canvas.figure
    names = [speaker.write(series.name) for series in picture.series] if len(picture.series) > 1 else []
    ranks, names = _legend_fits(canvas, names)
    lines = -(-len(names) // ranks)
    top = HEIGHT - MARGIN - TITLE - (LEGEND + LINE * (lines - 1) if lines else 0)
    is_over_time = any(isinstance(label, Day) for label in picture.labels)
    beside = 0 if is_over_time else _widest(canvas, [speaker.write(label) for label in picture.labels])
    below = MARGIN + (LEGEND if is_over_time else 0)
    width, height = figure.get_size_inches()
    box = (left + MARGIN + beside, below, WIDTH - 2 * MARGIN - beside, top - below)
    axes = figure.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height), facecolor="none")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelcolor=look.faint if is_over_time else look.ink, pad=5)
    (_columns if is_over_time else _bars)(axes, picture, look, speaker)
    title = figure.text((left + MARGIN) / width, 1 - MARGIN / height, speaker.write(picture.title), va="top")
    title.set(fontsize=TEXT + 1, fontweight="bold", color=look.ink)
    if names:
        _legend(axes, look, names, at=(-beside / box[2], 1 + 0.06 / box[3]), ranks=ranks)


def _widest(canvas: FigureCanvasAgg, labels: list[str]) -> float:
    """The room that labels take beside bars, in inches."""
    from matplotlib.font_manager import FontProperties

    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    font = FontProperties(size=TEXT)
    widths = (renderer.get_text_width_height_descent(label, font, ismath=False)[0] for label in labels)
    return max(widths, default=0) / SHARPNESS + 0.08


def _legend_fits(canvas: FigureCanvasAgg, names: list[str]) -> tuple[int, list[str]]:
    """How many names of series stand side by side, and the names, shortened where even so they do not fit."""
    room, fewest = WIDTH - 2 * MARGIN, max(-(-len(names) // MOST_LINES), 1)
    ranks = max(min(int(room / (_widest(canvas, names) + KEY)), MOST_RANKS), fewest)
    return ranks, [_cut(canvas, name, room / ranks - KEY) for name in names]


def _cut(canvas: FigureCanvasAgg, name: str, room: float) -> str:
    """A name as far as there is room for it, in inches."""
    shorter = (f"{name[:length].rstrip()}…" for length in range(len(name) - 1, 0, -1))
    return next((one for one in (name, *shorter) if _widest(canvas, [one]) <= room), "…")


def _legend(axes: Axes, look: Look, names: list[str], *, at: tuple[float, float], ranks: int) -> None:
    axes.legend(
        axes.get_legend_handles_labels()[0],
        names,
        loc="lower left",
        bbox_to_anchor=at,
        ncols=ranks,
        frameon=False,
        labelcolor=look.ink,
        handlelength=0.8,
        handleheight=0.8,
        handletextpad=0.5,
        columnspacing=1.4,
        borderpad=0,
        borderaxespad=0,
    )


def _columns(axes: Axes, picture: Picture, look: Look, speaker: PlainSpeaker) -> None:
    for offset, width, bottom, values, color, name in _shares(picture, look, speaker):
        places = [place + offset for place in range(len(values))]
        drawn = axes.bar(places, values, width, bottom=bottom, color=color, label=name)
        if picture.shape == "bars":
            axes.bar_label(drawn, _figures(values), padding=2, color=look.ink)
    every = -(-len(picture.labels) // MOST_LABELS)
    shown = range(len(picture.labels) - 1, -1, -every)
    axes.set_xticks(list(shown), [speaker.write(picture.labels[place]) for place in shown])
    axes.set_yticks([])
    axes.set_xlim(-0.5, max(len(picture.labels), FEWEST) - 0.5)
    axes.set_ylim(0, _top(picture) * 1.14)
    axes.spines["bottom"].set(visible=True, color=look.edge, linewidth=0.8)


def _bars(axes: Axes, picture: Picture, look: Look, speaker: PlainSpeaker) -> None:
    for offset, width, start, values, color, name in _shares(picture, look, speaker):
        places = [place + offset for place in range(len(values))]
        drawn = axes.barh(places, values, width, left=start, color=color, label=name)
        if picture.shape == "bars":
            axes.bar_label(drawn, _figures(values), padding=4, color=look.ink)
    axes.set_yticks(range(len(picture.labels)), [speaker.write(label) for label in picture.labels])
    axes.set_xticks([])
    axes.set_xlim(0, _top(picture) * 1.14)
    axes.set_ylim(max(len(picture.labels), FEWEST) - 0.5, -0.5)


_Share = tuple[float, float, list[float], tuple[float, ...], str, str]


def _shares(picture: Picture, look: Look, speaker: PlainSpeaker) -> list[_Share]:
    """For each series where its columns stand (offset, width, from where on), its values, color and name."""
    shares: list[_Share] = []
    stacked, many = picture.shape == "stack", len(picture.series)
    width = 0.66 if stacked else 0.66 / many
    ground = [0.0] * len(picture.labels)
    for place, series in enumerate(picture.series):
        offset = 0.0 if stacked else (place - (many - 1) / 2) * width
        color = look.series[place % len(look.series)]
        shares.append((offset, width, ground, series.values, color, speaker.write(series.name)))
        if stacked:
            ground = [below + value for below, value in zip(ground, series.values, strict=True)]
    return shares


def _top(picture: Picture) -> float:
    columns = list(zip(*(series.values for series in picture.series), strict=True))
    heights = [sum(column) if picture.shape == "stack" else max(column) for column in columns]
    return max(heights, default=0) or 1


def _figures(values: tuple[float, ...]) -> list[str]:
    return [f"{value:g}" for value in values]
