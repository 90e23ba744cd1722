"""Message and Changed: what the bot says, and what a pressed message becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.ui.parts import Button, Buttons, Part, Rows, Text
from bot.ui.words import Words

NOTICE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Message:
    """Parts in order. `private` replies are seen by the person who asked and nobody else.

    `kept`: a reply that is needed again; where replies vanish, it also goes to the direct messages. `delicate`: nothing
    of it lies open on a screen but its notice.
    """

    parts: tuple[Part, ...]
    private: bool = True
    own_notice: Words | None = None
    kept: bool = False
    delicate: bool = False

    @property
    def notice(self) -> Words:
        """The line that a locked phone shows: the message's own, else its first text (bold marks included)."""
        if self.own_notice is not None:
            return self.own_notice
        return next((part.words for part in self.parts if isinstance(part, Text)), Words(""))

    @property
    def opening(self) -> Words | None:
        """What a delicate message begins with, where its own first line does not say just that."""
        if not self.delicate or self.own_notice is None:
            return None
        first = self.parts[0] if self.parts else None
        begins = isinstance(first, Text) and _bare(first.words).endswith(_bare(self.own_notice))
        return None if begins else self.own_notice

    def buttons(self) -> Iterator[Button]:
        """Every button of the message, in reading order."""
        for part in self.parts:
            match part:
                case Buttons(main, quiet):
                    yield from (*main, *quiet)
                case Rows(rows):
                    for row in rows:
                        yield from row.buttons
                case _:
                    pass


@dataclass(frozen=True, slots=True)
class Changed:
    """Replaces the message whose button was pressed."""

    message: Message


def message(
    *parts: Part | Words,
    private: bool = True,
    notice: Words | None = None,
    kept: bool = False,
    delicate: bool = False,
) -> Message:
    """Put a message together; bare `Words` become paragraphs."""
    return Message(tuple(Text(p) if isinstance(p, Words) else p for p in parts), private, notice, kept, delicate)


def _bare(words: Words) -> str:
    """A sentence without its marks, to compare it with another; both are of the source language."""
    return words.msgid.replace("*", "").rstrip(".").lower()
