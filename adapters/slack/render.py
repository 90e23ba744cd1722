"""Messages as Block Kit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import Any

from adapters.slack import limits
from adapters.slack.inputs import cut, plain
from adapters.slack.links import Link, write
from adapters.slack.pages import paged, weight
from adapters.slack.speaker import Element, SlackSpeaker, escaped
from bot.ui import Button, Buttons, Facts, Inline, Message, Paper, Part, Picture, Quoted, Row, Rows, Table, Text, Words

Block = dict[str, Any]

_BULLET = "- "


class Rendering:
    """One message for one reader. `files` has the Slack file of each picture that is uploaded, by its part's place.

    `notes` is what is said below a part, by the same place. Without `tables` their rows are written out, for surfaces
    that take none.
    """

    def __init__(
        self,
        speaker: SlackSpeaker,
        community: int | None = None,
        *,
        files: Mapping[int, str] | None = None,
        notes: Mapping[int, Words] | None = None,
        tables: bool = True,
    ) -> None:
        self.speaker = speaker
        self.community = community
        self.files = files or {}
        self.notes = notes or {}
        self._numbers = count()
        self._tables = tables

    def posts(self, said: Message) -> list[list[Block]]:
        """The message's blocks, in as many posts as Slack's limits ask for: one, nearly always."""
        return list(paged(self.blocks(said))) or [[_context(self.speaker.text(said.notice))]]

    def blocks(self, said: Message) -> Iterator[Block]:
        """All blocks in order."""
        if said.opening is not None:  # desktops show the first block of a post before it is opened
            yield _context(self.speaker.text(said.opening))
        for place, part in enumerate(said.parts):
            yield from self._part(part, self.files.get(place))
            if place in self.notes:
                yield from self._paragraphs(self.notes[place])

    def notice(self, said: Message) -> str:
        """What a locked phone shows: the message's `text`."""
        return escaped(self.speaker.text(said.notice))[: limits.NOTICE] or "mentorbot"

    def _part(self, part: Part, file: str | None) -> Iterator[Block]:
        match part:
            case Text(words):
                yield from self._paragraphs(words)
            case Quoted(text, by):
                yield from self._quoted(text, by)
            case Facts(facts):
                yield _rich(_section([*self._bold(label, ": "), *self._inline(value)]) for label, value in facts)
            case Rows(rows):
                yield from self._rows(rows)
            case Table(head, rows):
                yield from self._table(head, rows)
            case Picture(alt=alt):
                yield self._picture(alt, file)
            case Paper(name):
                yield _rich([_section([{"type": "text", "text": name, "style": {"bold": True}}])])
            case Buttons(main, quiet):
                yield from self._buttons(main, first="primary")
                yield from self._buttons(quiet)

    def _paragraphs(self, words: Inline) -> Iterator[Block]:
        lines = self.speaker.lines(words)
        parts: list[Element] = []
        for listed, group in groupby(lines, _is_listed):
            sections = [_section(_unlisted(line) if listed else line) for line in group if line]
            parts += [{"type": "rich_text_list", "style": "bullet", "elements": sections}] if listed else sections
        if parts:
            yield _rich(parts)

    def _quoted(self, text: str, by: Inline) -> Iterator[Block]:
        for start in range(0, max(len(text), 1), limits.INPUT):
            piece = text[start : start + limits.INPUT] or " "
            yield _rich([{"type": "rich_text_quote", "elements": [{"type": "text", "text": piece}]}])
        if by:
            yield _context(f"– {self.speaker.text(by)}")

    def _rows(self, rows: Sequence[Row]) -> Iterator[Block]:
        for with_buttons, group in groupby(rows, lambda row: bool(row.buttons)):
            if not with_buttons:
                sections = [_section(self._inline(row.words)) for row in group]
                yield _rich([{"type": "rich_text_list", "style": "bullet", "elements": sections}])
                continue
            for row in group:
                yield _rich([_section(self._inline(row.words))])
                yield from self._buttons(row.buttons)

    def _table(self, head: Sequence[Words], rows: Sequence[Sequence[Inline]]) -> Iterator[Block]:
        top = [_rich([_section(self._bold(cell))]) for cell in head]
        body = [[{"type": "raw_text", "text": self.speaker.text(cell) or "–"} for cell in row] for row in rows]
        fits = len(rows) < limits.ROWS and len(head) <= limits.CELLS and weight([top, body]) <= limits.PIECE
        if self._tables and rows and fits:
            self._tables = False  # one in a message
            yield {"type": "table", "rows": [top, *body]}
            return
        for row in rows:
            facts = zip(head, row, strict=True)
            yield _rich([_section([*self._bold(label, ": "), *self._inline(cell)]) for label, cell in facts])

    def _picture(self, alt: Words, file: str | None) -> Block:
        words = self.speaker.text(alt)
        if file is None:
            return _rich([_section([{"type": "text", "text": words, "style": {"italic": True}}])])
        return {"type": "image", "slack_file": {"id": file}, "alt_text": words[: limits.LABEL]}

    def _buttons(self, buttons: Sequence[Button], *, first: str = "") -> Iterator[Block]:
        for start in range(0, len(buttons), limits.BUTTONS):
            elements = [self._button(button) for button in buttons[start : start + limits.BUTTONS]]
            if first and not start and "url" not in elements[0]:
                elements[0]["style"] = first
            yield {"type": "actions", "elements": elements}

    def _button(self, button: Button) -> Block:
        label = cut(self.speaker.text(button.label), limits.BUTTON)
        shown = {"type": "button", "text": plain(label), "action_id": f"press:{next(self._numbers)}"}
        if button.url:
            return shown | {"url": button.url}
        return shown | {"value": write(Link(button.run, button.args, self.community))}

    def _inline(self, inline: Inline) -> list[Element]:
        """Words on one line."""
        lines = self.speaker.lines(inline)
        joined = [element for line in lines for element in (*line, {"type": "text", "text": "\n"})][:-1]
        return joined or [{"type": "text", "text": "–"}]

    def _bold(self, words: Words, after: str = "") -> list[Element]:
        return [{"type": "text", "text": self.speaker.text(words) + after, "style": {"bold": True}}]


def _is_listed(line: Sequence[Element]) -> bool:
    return bool(line) and line[0]["type"] == "text" and line[0]["text"].startswith(_BULLET)


def _unlisted(line: Sequence[Element]) -> list[Element]:
    rest = line[0]["text"].removeprefix(_BULLET)
    return [*([line[0] | {"text": rest}] if rest else []), *line[1:]] or [{"type": "text", "text": "–"}]


def _section(elements: Sequence[Element]) -> Element:
    return {"type": "rich_text_section", "elements": list(elements)}


def _rich(elements: Iterator[Element] | Sequence[Element]) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [plain(cut(text, limits.LABEL))]}
