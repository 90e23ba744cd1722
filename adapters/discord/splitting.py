"""Texts that are too long for one message, in pieces that each stand for themselves."""

from __future__ import annotations

from collections.abc import Sequence

_FENCE = "```"


def pieces(text: str, most: int) -> list[str]:
    """A text in pieces: between lines where that can be, else between words, and never within an escape."""
    found: list[str] = []
    while len(text) > most:
        at = _break(text, most)
        found.append(text[:at].rstrip())
        begin = "> " if text[:at].rpartition("\n")[2].startswith("> ") and text[at - 1] != "\n" else ""
        text = begin + text[at:].lstrip("\n ")
    if text:
        found.append(text)
    return found


def fenced(lines: Sequence[str], most: int) -> list[str]:
    """Lines as blocks of code, which keep their blanks; none is longer than a message."""
    room = most - 2 * len(_FENCE) - 2
    blocks: list[str] = []
    for line in lines:
        safe = line.replace("`", "ˋ")[:room]
        if blocks and len(blocks[-1]) + 1 + len(safe) <= room:
            blocks[-1] += f"\n{safe}"
        else:
            blocks.append(safe)
    return [f"{_FENCE}\n{block}\n{_FENCE}" for block in blocks]


def _break(text: str, most: int) -> int:
    for sign in ("\n\n", "\n", " "):
        at = text.rfind(sign, most // 2, most)
        if at > 0:
            return at + 1
    escapes = len(text[:most]) - len(text[:most].rstrip("\\"))
    return most - escapes % 2
