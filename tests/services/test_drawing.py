"""Charts: what comes out is an image for both backgrounds, whatever the words in it."""

from __future__ import annotations

import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from bot.services import drawing
from bot.services.drawing import draw
from bot.ui import Day, Picture, Series, _
from bot.ui.plain import PlainSpeaker
from tests.stage import Stage

TALKS = Picture(
    _("Talks noted"),
    tuple(Day(date(2027, 6, 7) + timedelta(days=14 * turn)) for turn in range(12)),
    (Series(_("Talks"), (3, 8, 13, 0, 21, 20, 18, 22, 19, 17, 24, 20)),),
    _("Talks"),
)
STATES = Picture(_("Pairs"), (_("talking"), _("quiet")), (Series(_("Pairs"), (29, 6)),), _("Pairs"))
NOTHING = Picture(_("Nothing"), (Day(date(2027, 6, 7)),), (Series(_("Talks"), (0,)),), _("Nothing"))
MANY = Picture(
    _("Many"), (_("a"), _("b")), tuple(Series(_("{n}", n=n), (1, 2)) for n in range(7)), _("Many"), shape="stack"
)
ODD = Picture(_("$x^2$ {name} 図", name="*<!channel>* $\\frac{1}{2}$"), ("$a$",), (Series(_("100 %"), (1,)),), _("Odd"))


NAMES = ("Maximiliana Featherstonehaugh", "Bartholomew Longbottom-Smythe", "Wilhelmina von Hohenstein", "Krishna " * 5)
LONG = Picture(_("Long"), (_("a"),), tuple(Series(_("{n}", n=n), (1,)) for n in NAMES), _("Long"), shape="stack")
"""Four names, of which no two fit side by side."""


def size(image: bytes) -> tuple[int, int]:
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", image[16:24])
    return width, height


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize(
    "picture", [TALKS, STATES, NOTHING, MANY, ODD, LONG], ids=["days", "words", "zero", "stack", "odd", "long"]
)
def test_a_chart_is_drawn_for_light_and_for_dark(picture: Picture) -> None:
    light, dark = draw(picture), draw(picture, dark=True)

    assert size(light) == size(dark) == (780, 460)
    assert light != dark


@pytest.mark.parametrize("count", [2, 4, 7])
def test_no_name_of_a_series_leaves_the_card(count: int) -> None:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    canvas = FigureCanvasAgg(Figure((drawing.WIDTH, drawing.HEIGHT), drawing.SHARPNESS))
    picture = Picture(LONG.title, LONG.labels, (LONG.series * 8)[:count], LONG.alt, shape="stack")
    with rc_context({"font.size": drawing.TEXT}):
        drawing._chart(canvas, picture, drawing.LIGHT, PlainSpeaker("en"), left=0)
        canvas.draw()
    [legend] = [axes.get_legend() for axes in canvas.figure.axes]
    box, card = legend.get_window_extent(), canvas.figure.bbox

    assert box.x0 >= 0
    assert box.x1 <= card.x1 - drawing.MARGIN / 2 * drawing.SHARPNESS
    assert box.y1 <= card.y1 - drawing.MARGIN * drawing.SHARPNESS


def test_charts_stand_side_by_side_in_one_image() -> None:
    assert size(draw(TALKS, STATES)) == (1560, 460)


def test_the_same_chart_is_the_same_image_in_every_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        images = list(pool.map(lambda _turn: draw(STATES), range(8)))

    assert len(set(images)) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_nothing_is_drawn_while_a_work_is_open(stage: Stage) -> None:
    async with stage.app.storage.reading():
        with pytest.raises(RuntimeError, match="A Work is open"):
            draw(STATES)
