"""The small Markdown subset of our own sentences, and the quoting of everybody else's.

Ours: **bold**, *italic*, `code`, and a line that begins with "- ". People's words are backslash-escaped by `quote`, so
that no character of theirs formats, links or pings; adapters read the result with `spans`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_SPECIAL = re.compile(r"([\\*_`~|>#\[\]()<@{}&-])")
_SPAN = re.compile(
    r"\\(?P<escaped>.)|\*\*(?P<bold>(?:\\.|[^*\\])+)\*\*|\*(?P<italic>(?:\\.|[^*\\])+)\*|`(?P<code>[^`]+)`",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

Look = Literal["plain", "bold", "italic", "code"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters with one look; `text` is literal, with no escapes left."""

    text: str
    look: Look = "plain"


def clean(text: str) -> str:
    """What a person typed without control characters and direction overrides, in normal form; line breaks stay."""
    kept = (
        c
        for c in text.replace("\r\n", "\n")
        if c == "\n" or (c not in _BIDI and unicodedata.category(c) not in {"Cc", "Cs"})
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def quote(text: str) -> str:
    """People's words, on one line, with every character that could mean something escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))


def spans(markdown: str) -> Iterator[Span]:
    """The pieces of one paragraph of our Markdown, escapes resolved."""
    plain, at = "", 0
    for found in _SPAN.finditer(markdown):
        plain += markdown[at : found.start()]
        at = found.end()
        if (escaped := found["escaped"]) is not None:
            plain += escaped
            continue
        if plain:
            yield Span(plain)
            plain = ""
        look: Look = "bold" if found["bold"] else "italic" if found["italic"] else "code"
        yield Span(_ESCAPED.sub(r"\1", found[look]), look)
    if rest := plain + markdown[at:]:
        yield Span(rest)


def plain(markdown: str) -> str:
    """The same words without any marks: for notices, alt texts and logs of tests."""
    return "".join(span.text for span in spans(markdown))
