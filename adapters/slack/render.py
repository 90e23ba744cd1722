"""Messages as Block Kit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    ImageBlock,
    RawTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    TableBlock,
)
from slack_sdk.models.blocks.basic_components import SlackFile

from adapters.slack import limits, pages
from adapters.slack.inputs import cut, plain
from adapters.slack.links import Link, write
from adapters.slack.pages import Json, paged, weight
from adapters.slack.sent import json_of
from adapters.slack.speaker import Element, SlackSpeaker, escaped, shown
from bot.ui import Button, Buttons, Facts, Inline, Message, Paper, Part, Picture, Quoted, Row, Rows, Table, Text, Words

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

    def posts(self, said: Message) -> list[list[Json]]:
        """The message's blocks as JSON, in as many posts as Slack's limits ask for: one, nearly always."""
        return list(paged(self._sent(said), pages.post()))

    def view(self, said: Message, more: Words) -> list[Json]:
        """The message's blocks as JSON in one view; `more` ends it if there are others that it does not take."""
        blocks, page = self._sent(said), pages.view()
        first, *others = paged(blocks, page)
        if not others:
            return first
        last: list[Json] = json_of(list(self._paragraphs(more)))
        return [*next(paged(blocks, replace(page, blocks=page.blocks - len(last)))), *last]

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

    def _sent(self, said: Message) -> list[Json]:
        return [json_of(block) for block in self.blocks(said)] or [json_of(_context(self.speaker.text(said.notice)))]

    def _part(self, part: Part, file: str | None) -> Iterator[Block]:
        match part:
            case Text(words):
                yield from self._paragraphs(words)
            case Quoted(text, by):
                yield from self._quoted(text, by)
            case Facts(facts):
                yield _rich([_section([self._bold(label, ": "), *self._inline(value)]) for label, value in facts])
            case Rows(rows):
                yield from self._rows(rows)
            case Table(head, rows):
                yield from self._table(head, rows)
            case Picture(alt=alt):
                yield self._picture(alt, file)
            case Paper(name):
                yield _rich([_section([shown(name, "bold")])])
            case Buttons(main, quiet):
                yield from self._buttons(main, first="primary")
                yield from self._buttons(quiet)

    def _paragraphs(self, words: Inline) -> Iterator[Block]:
        lines = self.speaker.lines(words)
        parts: list[RichTextElement] = []
        for listed, group in groupby(lines, _is_listed):
            sections = [_section(_unlisted(line) if listed else line) for line in group if line]
            parts += [_bullets(sections)] if listed else sections
        if parts:
            yield _rich(parts)

    def _quoted(self, text: str, by: Inline) -> Iterator[Block]:
        for start in range(0, max(len(text), 1), limits.INPUT):
            piece = text[start : start + limits.INPUT] or " "
            yield _rich([RichTextQuoteElement(elements=[shown(piece)])])
        if by:
            yield _context(f"– {self.speaker.text(by)}")

    def _rows(self, rows: Sequence[Row]) -> Iterator[Block]:
        for with_buttons, group in groupby(rows, lambda row: bool(row.buttons)):
            if not with_buttons:
                yield _rich([_bullets([_section(self._inline(row.words)) for row in group])])
                continue
            for row in group:
                yield _rich([_section(self._inline(row.words))])
                yield from self._buttons(row.buttons)

    def _table(self, head: Sequence[Words], rows: Sequence[Sequence[Inline]]) -> Iterator[Block]:
        top = [_rich([_section([self._bold(cell)])]) for cell in head]
        body = [[RawTextObject(text=self.speaker.text(cell) or "–") for cell in row] for row in rows]
        cells = json_of([top, *body])
        fits = len(rows) < limits.ROWS and len(head) <= limits.CELLS and weight(cells) <= limits.PIECE
        if self._tables and rows and fits:
            self._tables = False  # one in a message
            yield TableBlock(rows=cells)
            return
        for row in rows:
            facts = zip(head, row, strict=True)
            yield _rich([_section([self._bold(label, ": "), *self._inline(cell)]) for label, cell in facts])

    def _picture(self, alt: Words, file: str | None) -> Block:
        words = self.speaker.text(alt)
        if file is None:
            return _rich([_section([shown(words, "italic")])])
        return ImageBlock(slack_file=SlackFile(id=file), alt_text=words[: limits.LABEL])

    def _buttons(self, buttons: Sequence[Button], *, first: str = "") -> Iterator[Block]:
        for start in range(0, len(buttons), limits.BUTTONS):
            elements = [self._button(button) for button in buttons[start : start + limits.BUTTONS]]
            if first and not start and not elements[0].url:
                elements[0].style = first
            yield ActionsBlock(elements=elements)

    def _button(self, button: Button) -> ButtonElement:
        label = plain(cut(self.speaker.text(button.label), limits.BUTTON))
        action = f"press:{next(self._numbers)}"
        if button.url:
            return ButtonElement(text=label, action_id=action, url=button.url)
        value = write(Link(button.run, button.args, self.community))
        return ButtonElement(text=label, action_id=action, value=value)

    def _inline(self, inline: Inline) -> list[Element]:
        """Words on one line."""
        lines = self.speaker.lines(inline)
        joined = [element for line in lines for element in (*line, shown("\n"))][:-1]
        return joined or [shown("")]

    def _bold(self, words: Words, after: str = "") -> Element:
        return shown(self.speaker.text(words) + after, "bold")


def _is_listed(line: Sequence[Element]) -> bool:
    return bool(line) and isinstance(line[0], RichTextElementParts.Text) and line[0].text.startswith(_BULLET)


def _unlisted(line: Sequence[Element]) -> list[Element]:
    head, *rest = line
    if isinstance(head, RichTextElementParts.Text):
        head.text = head.text.removeprefix(_BULLET)
        return [*([head] if head.text else []), *rest] or [shown("")]
    return [head, *rest]


def _section(elements: Sequence[Element]) -> RichTextSectionElement:
    return RichTextSectionElement(elements=elements)


def _bullets(sections: Sequence[RichTextElement]) -> RichTextListElement:
    return RichTextListElement(elements=sections, style="bullet")


def _rich(elements: Sequence[RichTextElement]) -> RichTextBlock:
    return RichTextBlock(elements=elements)


def _context(text: str) -> ContextBlock:
    return ContextBlock(elements=[plain(cut(text, limits.LABEL))])
