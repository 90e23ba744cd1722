"""Messages as HTML for the page. Every text is escaped here, once; every tag is written here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import count, groupby

from adapters.sandbox.speaker import SandboxSpeaker
from bot.ui import (
    Button,
    Buttons,
    Facts,
    Inline,
    Message,
    Paper,
    Part,
    Picture,
    Quoted,
    Row,
    Rows,
    Table,
    Text,
)
from bot.ui.speak import speak

_BULLET = "- "


def message(said: Message, speaker: SandboxSpeaker, *, number: int) -> str:
    """The message as HTML. Its buttons carry their place among all buttons of the message in `data-button`."""
    numbers = count()
    return "".join(_part(part, speaker, f"{number}/{index}", numbers) for index, part in enumerate(said.parts))


def paragraphs(words: Inline, speaker: SandboxSpeaker) -> str:
    """Sentences as paragraphs, and lines that begin with "- " as a list."""
    lines = speak(words, speaker).split("\n")
    return "".join(_lines(listed, list(group), speaker) for listed, group in groupby(lines, _listed))


def _listed(line: str) -> bool:
    return line.startswith(_BULLET)


def _lines(listed: bool, lines: list[str], speaker: SandboxSpeaker) -> str:  # noqa: FBT001 - groupby's key
    if listed:
        return f"<ul>{''.join(f'<li>{speaker.line(line.removeprefix(_BULLET))}</li>' for line in lines)}</ul>"
    return "".join(f"<p>{speaker.line(line)}</p>" for line in lines if line.strip())


def _part(part: Part, speaker: SandboxSpeaker, address: str, numbers: Iterator[int]) -> str:
    match part:
        case Text(words):
            return paragraphs(words, speaker)
        case Quoted(text, by):
            source = f"<cite>{speaker.html(by)}</cite>" if by else ""
            return f"<blockquote><p>{escape(text)}</p>{source}</blockquote>"
        case Facts(facts):
            pairs = (f"<dt>{speaker.html(label)}</dt><dd>{speaker.html(value)}</dd>" for label, value in facts)
            return f"<dl>{''.join(pairs)}</dl>"
        case Rows(rows):
            return f'<ul class="rows">{"".join(_row(row, speaker, numbers) for row in rows)}</ul>'
        case Table(head, rows):
            return _table(head, rows, speaker)
        case Picture():
            return _picture(part, speaker, address)
        case Paper(name):
            return f'<p><a class="paper" href="/api/papers/{address}" download>{escape(name)}</a></p>'
        case Buttons(main, quiet):
            return _buttons(main, speaker, numbers, look="buttons") + _buttons(
                quiet, speaker, numbers, look="buttons quiet"
            )


def _row(row: Row, speaker: SandboxSpeaker, numbers: Iterator[int]) -> str:
    buttons = _buttons(row.buttons, speaker, numbers, look="buttons")
    return f"<li><span>{speaker.html(row.words)}</span>{buttons}</li>"


def _buttons(buttons: tuple[Button, ...], speaker: SandboxSpeaker, numbers: Iterator[int], *, look: str) -> str:
    if not buttons:
        return ""
    return f'<div class="{look}">{"".join(_button(button, speaker, next(numbers)) for button in buttons)}</div>'


def _button(button: Button, speaker: SandboxSpeaker, number: int) -> str:
    label = escape(speaker.text(button.label))
    if button.url.startswith(("https://", "http://", "mailto:")):
        return f'<a class="button" href="{escape(button.url)}" target="_blank" rel="noopener noreferrer">{label}</a>'
    return f'<button type="button" data-button="{number}">{label}</button>'


def _table(head: tuple[Inline, ...], rows: tuple[tuple[Inline, ...], ...], speaker: SandboxSpeaker) -> str:
    titles = "".join(f'<th scope="col">{speaker.html(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{speaker.html(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="table" tabindex="0" role="group"><table><thead><tr>{titles}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _picture(picture: Picture, speaker: SandboxSpeaker, address: str) -> str:
    source = f"/api/pictures/{address}.png"
    return (
        f'<figure><picture><source srcset="{source}?dark=1" media="(prefers-color-scheme: dark)">'
        f'<img src="{source}" alt="{escape(speaker.text(picture.alt))}" width="390" height="230" loading="lazy">'
        "</picture></figure>"
    )
