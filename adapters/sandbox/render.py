"""Messages as JSON: their parts in plain words for tools, and the whole as safe HTML for the page."""

from __future__ import annotations

from typing import Any

from adapters.sandbox import markup
from adapters.sandbox.speaker import SandboxSpeaker
from bot.ui import (
    Button,
    Buttons,
    Facts,
    Message,
    Paper,
    Part,
    Picture,
    Quoted,
    Rows,
    Table,
    Text,
)

Json = dict[str, Any]


def message(said: Message, speaker: SandboxSpeaker, *, number: int) -> Json:
    """What the bot said, for one reader; `number` is the message's, by which its pictures and files are found."""
    parts = [_part(part, speaker, f"{number}/{index}") for index, part in enumerate(said.parts)]
    return {
        "text": "\n\n".join(text for part in said.parts if (text := _text(part, speaker))),
        "notice": speaker.text(said.notice),
        "parts": parts,
        "buttons": [button for part in parts for button in _buttons_of(part)],
        "html": markup.message(said, speaker, number=number),
    }


def _part(part: Part, speaker: SandboxSpeaker, address: str) -> Json:
    return {"kind": part.tag, **_content(part, speaker, address)}


def _content(part: Part, speaker: SandboxSpeaker, address: str) -> Json:
    match part:
        case Text(words):
            return {"text": speaker.text(words)}
        case Quoted(text, by):
            return {"text": text, "by": speaker.text(by)}
        case Facts(facts):
            return {"facts": [{"label": speaker.text(k), "value": speaker.text(v)} for k, v in facts]}
        case Rows(rows):
            lines = [(speaker.text(row.words), _buttons(row.buttons, speaker)) for row in rows]
            return {"rows": [{"text": text, "buttons": buttons} for text, buttons in lines]}
        case Table(head, rows):
            body = [[speaker.text(cell) for cell in row] for row in rows]
            return {"head": [speaker.text(cell) for cell in head], "rows": body}
        case Picture():
            return _picture(part, speaker) | {"src": f"/api/pictures/{address}.png"}
        case Paper(name):
            return {"name": name, "href": f"/api/papers/{address}"}
        case Buttons(main, quiet):
            return {"buttons": _buttons(main, speaker) + _buttons(quiet, speaker, quiet=True)}


def _picture(picture: Picture, speaker: SandboxSpeaker) -> Json:
    return {
        "title": speaker.text(picture.title),
        "alt": speaker.text(picture.alt),
        "shape": picture.shape,
        "labels": [speaker.text(label) for label in picture.labels],
        "series": [{"name": speaker.text(s.name), "values": list(s.values)} for s in picture.series],
    }


def _buttons(buttons: tuple[Button, ...], speaker: SandboxSpeaker, *, quiet: bool = False) -> list[Json]:
    return [
        {"label": speaker.text(button.label), "run": button.run, "args": dict(button.args)}
        | ({"url": button.url} if button.url else {})
        | ({"quiet": True} if quiet else {})
        for button in buttons
    ]


def _buttons_of(part: Json) -> list[Json]:
    if part["kind"] == "rows":
        return [button for row in part["rows"] for button in row["buttons"]]
    return list(part.get("buttons", ()))


def _text(part: Part, speaker: SandboxSpeaker) -> str:
    """A part as plain words; buttons are not said."""
    match part:
        case Text(words):
            return speaker.text(words)
        case Quoted(text, by):
            return f"{speaker.text(by)}: “{text}”" if by else f"“{text}”"
        case Facts(facts):
            return "\n".join(f"{speaker.text(label)}: {speaker.text(value)}" for label, value in facts)
        case Rows(rows):
            return "\n".join(speaker.text(row.words) for row in rows)
        case Table(head, rows):
            return "\n".join(" | ".join(speaker.text(cell) for cell in row) for row in (head, *rows))
        case Picture():
            return speaker.text(part.alt)
        case Paper(name):
            return name
        case Buttons():
            return ""
