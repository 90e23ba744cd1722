"""Plain words for what no platform renders: labels of charts, cells of files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ui.markup import plain
from bot.ui.speak import speak
from bot.ui.words import Day, Inline, Run, When, Where, Who


@dataclass(slots=True)
class PlainSpeaker:
    """Writes everything as short as a chart needs it."""

    language: str

    def write(self, inline: Inline) -> str:
        """The words without any marks, on one line."""
        return plain(speak(inline, self))

    def when(self, moment: When) -> str:
        return self.day(Day(moment.instant.date()))

    def day(self, day: Day) -> str:
        return f"{day.on:%b} {day.on.day}"

    def who(self, person: Who) -> str:
        return person.name

    def where(self, channel: Where) -> str:
        return channel.name

    def run(self, command: Run) -> str:
        return command.path
