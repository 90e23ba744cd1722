"""Messages as Discord's: text of at most 2000 characters and rows of buttons, on as many pages as that takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from adapters.discord import links
from adapters.discord.limits import (
    LONGEST_BUTTON,
    LONGEST_CONTENT,
    LONGEST_URL,
    MOST_FILES,
    MOST_IN_ROW,
    MOST_ROWS,
    cut,
)
from adapters.discord.links import Link
from adapters.discord.speaker import DiscordSpeaker, LabelSpeaker
from adapters.discord.splitting import fenced, pieces
from bot.ui import Button, Buttons, Facts, Message, Paper, Part, Picture, Quoted, Rows, Table, Text

Json = dict[str, Any]

MAIN, QUIET, OUTSIDE = 1, 2, 5
"""Discord's styles of buttons: blurple, gray, and with an address."""

WIDEST_TABLE = 46
"""Characters of a table's line that a phone shows without breaking it."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button: its label, its style, and its link or address."""

    label: str
    style: int
    link: Link | None = None
    url: str = ""


@dataclass(slots=True)
class Page:
    """One message of Discord's."""

    content: str = ""
    rows: list[list[Press]] = field(default_factory=list)
    enclosed: list[Picture | Paper] = field(default_factory=list)

    def links(self) -> Iterator[Link]:
        """Where its buttons lead."""
        return (press.link for row in self.rows for press in row if press.link is not None)

    def components(self, carried: Mapping[Link, str]) -> list[Json]:
        """Its rows as Discord's; no two buttons carry the same, even where they lead to the same."""
        twins: dict[str, int] = {}
        return [{"type": 1, "components": [_button(press, carried, twins) for press in row]} for row in self.rows]


@dataclass(frozen=True, slots=True)
class Block:
    """What stays together: a text and the buttons below it. A `tight` one follows another without an empty line."""

    text: str = ""
    presses: tuple[Press, ...] = ()
    tight: bool = False
    enclosed: tuple[Picture | Paper, ...] = ()


def pages(said: Message, speaker: DiscordSpeaker, *, community: int | None = None, noticed: bool = False) -> list[Page]:
    """A message as one page or several. `noticed`: its notice comes first, for what a locked phone shows of it."""
    lists = [row for part in said.parts if isinstance(part, Rows) for row in part.rows if row.buttons]
    numbers = count(1) if len(lists) > 1 else None
    blocks = [block for part in said.parts for block in _blocks(part, speaker, community, numbers)]
    own = speaker.text(said.own_notice) if noticed and said.own_notice is not None else ""
    if own and not (blocks and blocks[0].text.replace("**", "").startswith(own)):
        blocks.insert(0, Block(own))
    found = [Page()]
    for block in blocks:
        _add(found, block)
    if not found[0].content and not found[0].enclosed:
        found[0].content = speaker.text(said.notice) or "…"
    return found


def _add(pages: list[Page], block: Block) -> None:
    *before, last = pieces(block.text, LONGEST_CONTENT) or [""]
    for text in before:
        _room_for(pages, Block(text, tight=block.tight))
    rows = _in_rows(block.presses)
    for start in range(0, max(len(rows), 1), MOST_ROWS):
        some = tuple(press for row in rows[start : start + MOST_ROWS] for press in row)
        _room_for(pages, Block(last if start == 0 else "…", some, block.tight, block.enclosed if start == 0 else ()))


def _room_for(pages: list[Page], block: Block) -> None:
    """Put a block on the last page, or on a new one."""
    page = pages[-1]
    joint = "" if not page.content or not block.text else "\n" if block.tight else "\n\n"
    rows = _rows_with(page.rows, block)
    is_full = (
        len(page.content) + len(joint) + len(block.text) > LONGEST_CONTENT
        or len(rows) > MOST_ROWS
        or len(page.enclosed) + len(block.enclosed) > MOST_FILES
    )
    if is_full:
        page, joint, rows = Page(), "", _in_rows(block.presses)
        pages.append(page)
    page.content += joint + block.text
    page.rows = rows
    page.enclosed += block.enclosed
    if not page.content and page.rows and not page.enclosed and len(pages) > 1:
        page.content = "…"  # Discord takes no message of buttons alone


def _rows_with(rows: Sequence[Sequence[Press]], block: Block) -> list[list[Press]]:
    """Rows with more buttons: those of a list share rows, all others begin a new one."""
    if block.tight and rows and block.presses and len(rows[-1]) + len(block.presses) <= MOST_IN_ROW:
        return [*map(list, rows[:-1]), [*rows[-1], *block.presses]]
    return [*map(list, rows), *_in_rows(block.presses)]


def _in_rows(presses: Sequence[Press]) -> list[list[Press]]:
    return [list(presses[start : start + MOST_IN_ROW]) for start in range(0, len(presses), MOST_IN_ROW)]


def _blocks(part: Part, speaker: DiscordSpeaker, community: int | None, numbers: Iterator[int] | None) -> list[Block]:
    match part:
        case Text(words):
            return [Block(speaker.text(words))]
        case Quoted(text, by):
            source = f"{speaker.text(by)}:\n" if by else ""
            return [Block(source + _quotation(text, speaker))]
        case Facts(facts):
            return [Block("\n".join(f"**{speaker.text(k)}:** {speaker.text(v)}" for k, v in facts))]
        case Rows():
            return list(_listed(part, speaker, community, numbers))
        case Table():
            return [Block(text, tight=n > 0) for n, text in enumerate(_table(part, speaker))]
        case Picture():
            return [Block(f"**{speaker.text(part.title)}**", enclosed=(part,))]
        case Paper(name):
            return [Block(speaker.text(name), enclosed=(part,))]
        case Buttons(main, quiet):
            first = tuple(_press(one, MAIN if n == 0 else QUIET, community) for n, one in enumerate(main))
            found = [first, tuple(_press(one, QUIET, community) for one in quiet)]
            return [Block(presses=presses) for presses in found if presses]


def _quotation(text: str, speaker: DiscordSpeaker) -> str:
    return "\n".join(f"> {speaker.text(line)}" for line in text.splitlines() or [""])


def _listed(
    part: Rows, speaker: DiscordSpeaker, community: int | None, numbers: Iterator[int] | None
) -> Iterator[Block]:
    """Lines with the buttons that belong to them; a number tells whose buttons these are, one in the whole message."""
    for place, row in enumerate(part.rows):
        text = speaker.text(row.words)
        if not row.buttons or numbers is None:
            presses = tuple(_press(button, QUIET, community) for button in row.buttons)
            yield Block(text, presses, tight=place > 0)
            continue
        number = next(numbers)
        presses = tuple(_press(button, QUIET, community, number=number) for button in row.buttons)
        yield Block(f"**{number}** {text}", presses, tight=place > 0)


def _table(part: Table, speaker: DiscordSpeaker) -> list[str]:
    """Columns of the same width where a phone has room for them, else a line a row."""
    label = LabelSpeaker()
    cells = [[label.text(cell) for cell in row] for row in (part.head, *part.rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(part.head))]
    if sum(widths) + 2 * len(widths) > WIDEST_TABLE:
        rows = [[speaker.text(cell) for cell in row] for row in part.rows]
        heads = [speaker.text(head) for head in part.head[1:]]
        return [" · ".join([f"**{row[0]}**", *map(_named, heads, row[1:])]) if row[1:] else row[0] for row in rows]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return fenced(lines, LONGEST_CONTENT)


def _named(head: str, cell: str) -> str:
    """A cell that stands under no head."""
    return f"{head}: {cell}" if head else cell


def _press(button: Button, style: int, community: int | None, *, number: int = 0) -> Press:
    label = LabelSpeaker().text(button.label)
    shown = cut(f"{number} · {label}" if number else label, LONGEST_BUTTON) or "…"
    if button.url.startswith(("https://", "http://")) and len(button.url) <= LONGEST_URL:
        return Press(shown, OUTSIDE, url=button.url)
    return Press(shown, style, links.of(button, community))


def _button(press: Press, carried: Mapping[Link, str], twins: dict[str, int]) -> Json:
    if press.link is None:
        return {"type": 2, "style": press.style, "label": press.label, "url": press.url}
    link = carried[press.link]
    twins[link] = twins.get(link, 0) + 1
    custom_id = link if twins[link] == 1 else f"{link}#{twins[link]}"
    return {"type": 2, "style": press.style, "label": press.label, "custom_id": custom_id}
