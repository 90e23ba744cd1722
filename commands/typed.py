"""Reading a typed command: its path, its options by name, and the rest in order. Nothing typed makes this fail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.ui import SEVERAL, Answer, Field, Kind
from bot.ui.markup import clean

LONGEST = 4000
"""Characters of a typed command that are read; no platform sends more in one."""

_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_STRAIGHT = re.compile(r'(?:[^"]|"")*')
"""What stands between straight quotes; one that is written twice is part of the words."""

_HALVES = frozenset({"am", "pm", "a.m.", "p.m."})
"""What belongs to the figure before it: "6 pm" is one time."""

_PIECE = re.compile(r"(?:(?P<name>[a-z_]+):(?=\S))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Piece:
    """One word or quoted run of words, with the option it names, if any."""

    text: str
    name: str = ""


def pieces(text: str, names: frozenset[str]) -> list[Piece]:
    """Split what follows a path. Only known `names` start an option; a quote that never closes takes the rest."""
    found: list[Piece] = []
    at, text = 0, clean(text)[:LONGEST]
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        named = _PIECE.match(text, at)
        name = named["name"] if named and named["name"] in names else ""
        at += len(name) + 1 if name else 0
        word, at = _word(text, at)
        found.append(Piece(word, name))
    return found


def answers(text: str, fields: Sequence[Field]) -> dict[str, Answer]:
    """The typed answers by field name: named ones first, then unnamed words into the fields that are left, in order.

    The first free LINE, TEXT or `whole` field takes all unnamed words that are left, and so does one that takes several
    answers.
    """
    asked = {field.name: field for field in fields}
    given: dict[str, Answer] = {}
    loose: list[str] = []
    for piece in pieces(text, frozenset(asked)):
        if loose and not piece.name and piece.text.lower() in _HALVES and loose[-1][-1:].isdigit():
            loose[-1] += f" {piece.text}"
        elif piece.name:
            given[piece.name] = _several(piece.text) if asked[piece.name].kind in SEVERAL else piece.text
        else:
            loose.append(piece.text)
    for field in fields:
        if not loose:
            break
        if field.name in given or field.kind is Kind.HIDDEN:
            continue
        if field.whole or field.kind in {Kind.LINE, Kind.TEXT, Kind.DATE, Kind.TIMEZONE, Kind.PERSON, Kind.CHANNEL}:
            given[field.name], loose = " ".join(loose), []
        elif field.kind in SEVERAL:
            given[field.name], loose = _several(", ".join(loose)), []
        else:
            given[field.name] = loose.pop(0)
    return given


def written(path: str, given: Mapping[str, Answer]) -> str:
    """The text that runs a command with these answers: typed, it gives the same answers again."""
    options = (f' {name}:"{_inside(given[name])}"' for name in sorted(given))
    return path + "".join(options)


def _inside(answer: Answer) -> str:
    """An answer as it stands between straight quotes, where a quote is written twice."""
    text = answer if isinstance(answer, str) else ", ".join(answer)
    return text.replace('"', '""')


def _word(text: str, at: int) -> tuple[str, int]:
    """The word that starts at `at` and where it ends; quotes hold blanks together."""
    closing = _QUOTES.get(text[at]) if at < len(text) else None
    if closing == '"':
        inside = _STRAIGHT.match(text, at + 1)
        assert inside is not None, "it matches nothing, too"
        return inside[0].replace('""', '"'), inside.end() + 1
    if closing is not None:
        end = text.find(closing, at + 1)
        end = len(text) if end < 0 else end
        return text[at + 1 : end], end + 1
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[at:end], end


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
