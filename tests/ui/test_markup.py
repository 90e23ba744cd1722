"""The Markdown subset: read in a time that grows with the text, whatever stands in it."""

from __future__ import annotations

import time

from bot.ui.markup import plain, quote


def test_stars_that_never_close_are_read_at_once() -> None:
    began = time.monotonic()
    said = plain(f"**** {quote('_~|' * 400)}")

    assert said.endswith("_~|")
    assert time.monotonic() - began < 1


def test_escapes_inside_bold_words_are_resolved() -> None:
    assert plain(f"**{quote('a*b_c')}** and *{quote('d*')}*") == "a*b_c and d*"
