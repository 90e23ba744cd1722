"""The table of contents: every command by its path, every source by its name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from bot.texts import asking
from bot.ui import Run, Words, _
from commands.spec import Command, Refused, Source


class Catalog:
    """What can be asked. Raises ValueError when it contradicts itself, so that a bad declaration never starts."""

    def __init__(self, commands: Iterable[Command], sources: Iterable[Source]) -> None:
        self.commands = {command.path: command for command in commands}
        self.sources = {source.name: source for source in sources}
        self._longest = max(len(path.split()) for path in self.commands)
        for command in self.commands.values():
            for field in command.fields:
                if field.source and field.source not in self.sources:
                    raise ValueError(f"{command.path}: the field {field.name} names an unknown source, {field.source}.")

    def find(self, text: str) -> tuple[Command, str]:
        """The command that a typed text begins with, and the rest of the text.

        A slash is optional, and everything also runs behind `/mentor`. Raises Refused for an unknown command.
        """
        words = text.strip().removeprefix("/").split(maxsplit=self._longest + 1)
        for tried in (words, words[1:] if words[:1] == ["mentor"] else []):
            for length in range(min(self._longest, len(tried)), 0, -1):
                path = " ".join(tried[:length]).lower()
                if path in self.commands:
                    return self.commands[path], _after(text, words.index(tried[0]) + length)
        sentence = self._unknown(" ".join(words[:2]).lower())
        raise Refused(sentence, reply=asking.unknown(sentence))

    def _unknown(self, typed: str) -> Words:
        listed = [path for path, command in self.commands.items() if command.listed]
        close = difflib.get_close_matches(typed, listed, n=1, cutoff=0.5)
        if close:
            return _("I do not know that command. Did you mean {command}?", command=Run(close[0]))
        return _("I do not know that command. {help} lists what you can do here.", help=Run("mentor help"))


def _after(text: str, count: int) -> str:
    """The text behind its first `count` words, with its blanks and quotes as they were typed."""
    rest = text.strip()
    for _word in range(count):
        parts = rest.split(maxsplit=1)
        rest = parts[1] if len(parts) == 2 else ""
    return rest
