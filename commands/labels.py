"""Choices by what the bot shows for them: "Ada and Ben" is as good an answer as the number behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.storage.work import Work
from bot.ui import Answer, Choice, Day, Inline, Run, When, Where, Who
from bot.ui.markup import plain
from bot.ui.speak import speak
from commands.spec import Me, Source

_BETWEEN = re.compile(r"\s+(?:and|with)\s+|\s*[,&/+]\s*", re.IGNORECASE)
"""What stands between two names that are one choice."""


class _Plain:
    """Writes a label as somebody would type it."""

    language = "en"

    def when(self, moment: When) -> str:
        return moment.instant.isoformat()

    def day(self, day: Day) -> str:
        return day.on.isoformat()

    def who(self, person: Who) -> str:
        return person.name

    def where(self, channel: Where) -> str:
        return f"#{channel.name}"

    def run(self, command: Run) -> str:
        return f"/{command.path}"


_PLAIN = _Plain()


def text(label: Inline) -> str:
    """A label in plain letters."""
    return label if isinstance(label, str) else plain(speak(label, _PLAIN))


async def meant(work: Work, me: Me, source: Source, typed: str, answers: Mapping[str, Answer]) -> Choice | None:
    """The one choice that somebody means by a label, or by a part of one that no other has."""
    names = _names(typed)
    found = await source.find(work, me, typed, answers)
    if not found and len(names) > 1:
        found = await source.find(work, me, names[0], answers)
    same = [choice for choice in found if _names(text(choice.label)) == names]
    if len(same) == 1:
        return same[0]
    return found[0] if len(found) == 1 and typed.casefold() in text(found[0].label).casefold() else None


def _names(typed: str) -> Sequence[str]:
    return sorted(name.casefold() for name in _BETWEEN.split(typed.strip()) if name)
