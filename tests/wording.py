"""Messages as people read them: every word of a message or form, its notice, the labels of its buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.ui import Button, Changed, Day, Facts, Form, Message, Picture, Quoted, Rows, Run, Table, Text, When, Where, Who
from bot.ui.markup import plain
from bot.ui.message import NOTICE_LENGTH
from bot.ui.speak import speak


@dataclass(frozen=True)
class PlainSpeaker:
    """Writes places the way the sandbox does, without any marks."""

    zone: str = "UTC"
    language: str = "en"

    def when(self, moment: When) -> str:
        here = moment.instant.astimezone(ZoneInfo(self.zone))
        formats = {"moment": "%A, %B %-d at %H:%M", "day": "%A, %B %-d", "hour": "%H:%M"}
        return here.strftime(formats[moment.style])

    def day(self, day: Day) -> str:
        return day.on.strftime("%A, %B %-d")

    def who(self, person: Who) -> str:
        return person.name

    def where(self, channel: Where) -> str:
        return f"#{channel.name}"

    def run(self, command: Run) -> str:
        return f"/{command.path}"


def words_of(shown: Message | Form | Changed, zone: str = "UTC") -> str:
    """Every word of a message or form, a line for each part."""
    speaker = PlainSpeaker(zone)
    return "\n".join(
        plain(speak(inline, speaker)) if not isinstance(inline, str) else inline for inline in _inlines(shown)
    )


def notice_of(message: Message) -> str:
    """The line that a locked phone shows."""
    return plain(speak(message.notice, PlainSpeaker()))


def check_notice(message: Message) -> None:
    """What a locked phone shows: there is such a line, it fits, and nobody's words are in it but a cohort's title."""
    line = notice_of(message)
    assert 0 < len(line) <= NOTICE_LENGTH, f"a notice of {len(line)} characters: {line!r}"
    typed = [place for name, place in message.notice.places.items() if isinstance(place, str) and name != "title"]
    assert not typed, f"the notice {line!r} shows what somebody typed: {typed}"


def label_of(button: Button) -> str:
    return plain(speak(button.label, PlainSpeaker()))


def _inlines(shown: Message | Form | Changed) -> list[Any]:
    if isinstance(shown, Changed):
        return _inlines(shown.message)
    if isinstance(shown, Form):
        fields = [part for f in shown.fields for part in (f.label, f.hint) if part is not None]
        return [shown.title, *([shown.intro] if shown.intro else []), *fields, *shown.errors.values()]
    found: list[Any] = []
    for part in shown.parts:
        match part:
            case Text(words):
                found.append(words)
            case Quoted(text):
                found.append(text)
            case Facts(facts):
                found += [inline for fact in facts for inline in fact]
            case Rows(rows):
                found += [row.words for row in rows]
            case Table(head, rows):
                found += [*head, *(cell for cells in rows for cell in cells)]
            case Picture():
                found.append(part.alt)
            case _:
                pass
    return found + [button.label for button in shown.buttons()]
