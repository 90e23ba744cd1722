"""The table of contents: every command by its path, every source by its name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import NoReturn

from bot.texts import asking
from bot.ui import Button, Message, Run, Words, _
from commands.spec import Command, Me, Refused, Source

MOST_WORDS = 4
"""Words that may be a command without its first word: "status", "quiet 18:00 9:00". More are a sentence."""


_FIRST = ("status", "list", "log", "pairs")
"""What a group of commands, typed alone, most likely stands for."""


class Unknown(Refused):
    """Words that begin with no command; `near` if they were likely meant as one, `likely` which those are."""

    def __init__(self, words: Words, *, near: bool, likely: Sequence[str]) -> None:
        super().__init__(words, reply=asking.unknown(words))
        self.near = near
        self.likely = likely


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

        A slash is optional, everything also runs behind `/mentor`, and what begins with "mentor" without it. Raises
        Unknown for other words.
        """
        if not text.strip("/?! "):  # "?" asks for help, and so does nothing at all
            text = "mentor help"
        words = text.strip().removeprefix("/").split(maxsplit=self._longest + 1)
        behind = words[1:] if words[:1] == ["mentor"] else []
        for tried, dropped in ((words, 0), (behind, 1)):
            for length in range(min(self._longest, len(tried)), 0, -1):
                path = " ".join(tried[:length]).lower()
                if path in self.commands:
                    return self.commands[path], _after(text, dropped + length)
        return self._shortened(text) or self._unknown(words)

    def _shortened(self, text: str) -> tuple[Command, str] | None:
        """A listed command of everybody's, typed without "mentor": "status", "quiet 6pm 9am", "quiet off"."""
        words = text.strip().removeprefix("/").lower().split(maxsplit=MOST_WORDS)
        first = self.commands.get(f"mentor {words[0]}") if words else None
        if first is None or not first.listed or len(words) > MOST_WORDS or (len(words) > 1 and not first.fields):
            return None
        whole = self.commands.get(" ".join(("mentor", *words)))
        return (first, _after(text, 1)) if whole is None else (whole, "")

    def suggestion(self, unknown: Unknown, me: Me) -> Message:
        """What somebody may have meant by unknown words: one command that is theirs to use, as a button."""
        mine = (self.commands[path] for path in unknown.likely)
        meant = next((found for found in mine if not found.team or found.team & me.duties), None)
        if meant is None:
            return asking.unknown(unknown.words)
        words = _("I do not know that command. Did you mean {command}?", command=Run(meant.path))
        return asking.unknown(words, Button(meant.summary, meant.path))

    def _unknown(self, words: Sequence[str]) -> NoReturn:
        ways = (words[1:], words) if words[:1] == ["mentor"] and words[2:] else (words,)
        found = [self._likely(way) for way in ways]
        sentence = _("I do not know that command. {help} lists what you can do here.", help=Run("mentor help"))
        likely = next((paths for _near, paths in found if paths), [])
        raise Unknown(sentence, near=any(near for near, _paths in found), likely=likely)

    def _likely(self, words: Sequence[str]) -> tuple[bool, list[str]]:
        """Whether unknown words are nearly a command, and what they may mean, the likeliest first."""
        listed = [path for path, command in self.commands.items() if command.listed]
        whole, begin = " ".join(words).lower(), " ".join(words[:2]).lower()
        near = bool(difflib.get_close_matches(whole, listed, n=1, cutoff=0.75))
        close = [] if len(words) > MOST_WORDS else difflib.get_close_matches(begin, listed, n=5, cutoff=0.65)
        first = [f"{begin} {verb}" for verb in _FIRST if f"{begin} {verb}" in self.commands]
        return near, first or close


def _after(text: str, count: int) -> str:
    """The text behind its first `count` words, with its blanks and quotes as they were typed."""
    rest = text.strip()
    for _word in range(count):
        parts = rest.split(maxsplit=1)
        rest = parts[1] if len(parts) == 2 else ""
    return rest
