"""Reading a typed command: its path, its options by name, and the rest in order. Nothing typed makes this fail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.ui import SEVERAL, Answer, Field, Kind
from bot.ui.markup import clean
from commands.spec import Command, Request

LONGEST = 20_000
"""Characters of a typed command that are read: more than any platform sends in one, so that none goes uncounted."""

_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_STRAIGHT = re.compile(r'(?:[^"]|"")*')
"""What stands between straight quotes; one that is written twice is part of the words."""

_WORDS = frozenset({Kind.LINE, Kind.TEXT})
_TAKES_ALL = _WORDS | {Kind.DATE, Kind.TIMEZONE, Kind.PERSON, Kind.CHANNEL}

_PEOPLE = frozenset({Kind.PERSON, Kind.PEOPLE})

_HALVES = frozenset({"am", "pm", "a.m.", "p.m."})
"""What belongs to the figure before it: "6 pm" is one time."""

_PIECE = re.compile(r"(?:(?P<name>[a-z_]+):(?=\S))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Piece:
    """One word or quoted run of words, with the option it names, if any; where it stands in the text, with quotes."""

    text: str
    name: str = ""
    start: int = 0
    end: int = 0
    quoted: bool = False


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
        start, quoted = at, at < len(text) and text[at] in _QUOTES
        word, at = _word(text, at)
        found.append(Piece(word, name, start, at, quoted))
    return found


def answers(text: str, fields: Sequence[Field]) -> dict[str, Answer]:
    """The typed answers by field name: named ones first, then unnamed words into the fields that are left, in order.

    The first free LINE, TEXT or `whole` field takes all unnamed words that are left, and so does one that takes several
    answers, and the last one that is free.
    """
    return _read(text, fields)[0]


def is_sure(text: str, fields: Sequence[Field]) -> bool:
    """Whether it is plain which words answer what: if not, the form is shown with them instead of running."""
    return _read(text, fields)[1]


def _read(text: str, fields: Sequence[Field]) -> tuple[dict[str, Answer], bool]:
    asked = {field.name: field for field in fields}
    given: dict[str, Answer] = {}
    loose: list[str] = []
    sure, before = True, None
    for piece in _run_on(clean(text)[:LONGEST], asked):
        if loose and not piece.name and piece.text.lower() in _HALVES and loose[-1][-1:].isdigit():
            loose[-1] += f" {piece.text}"
        elif piece.name:
            given[piece.name] = _several(piece.text) if asked[piece.name].kind in SEVERAL else piece.text
        else:
            loose.append(piece.text)
            sure = sure and (before is None or asked[before].kind not in _WORDS)
        before = piece.name or None
    free = [field for field in fields if field.name not in given and field.kind is not Kind.HIDDEN]
    for field in free:
        if not loose:
            break
        last = field is free[-1] and not _is_settled(field, loose[0])
        if field.whole or last or field.kind in _TAKES_ALL:
            given[field.name], loose = " ".join(loose), []
        elif field.kind in SEVERAL:
            given[field.name], loose = _several(", ".join(loose)), []
        else:
            given[field.name] = loose.pop(0)
    return given, sure and not loose


def _run_on(text: str, asked: Mapping[str, Field]) -> list[Piece]:
    """The pieces, where a named answer without quotes runs on to the next name that is known."""
    found: list[Piece] = []
    for piece in pieces(text, frozenset(asked)):
        last = found[-1] if found else None
        if last is None or not last.name or piece.name or last.quoted or _is_settled(asked[last.name], last.text):
            found.append(piece)
        else:
            found[-1] = Piece(text[last.start : piece.end], last.name, last.start, piece.end)
    return found


def _is_settled(field: Field, word: str) -> bool:
    """Whether one word is the whole answer: a figure, a yes, a choice by its name."""
    if field.kind in {Kind.NUMBER, Kind.YES, Kind.HIDDEN}:
        return True
    choices = {choice.value for choice in field.choices}
    return field.kind in {Kind.ONE, Kind.PERSON, Kind.CHANNEL} and (word.isdigit() or word in choices)


def given(command: Command, rest: str, request: Request) -> dict[str, Answer]:
    """Everything that somebody answered: what they typed behind the path, and what came with a press or a form."""
    said = answers(rest, command.fields)
    if request.mentioned:
        whom = {f"@{name}": str(person) for name, person in request.mentioned.items()}
        for field in command.fields:
            if field.kind in _PEOPLE and field.name in said:
                said[field.name] = _named(said[field.name], whom)
    return {**said, **tidy(request.args)}


def _named(answer: Answer, whom: Mapping[str, str]) -> Answer:
    if isinstance(answer, str):
        return whom.get(answer, answer)
    return [whom.get(one, one) for one in answer]


def tidy(given: Mapping[str, Answer]) -> dict[str, Answer]:
    """Answers without control characters, which PostgreSQL keeps in no text."""
    return {
        clean(name): clean(answer) if isinstance(answer, str) else [clean(one) for one in answer]
        for name, answer in given.items()
    }


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
