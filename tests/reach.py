"""What a replay has reached: commands that ran, forms asked and sent, buttons shown and pressed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from bot.ui import Answer
from commands.catalog import Catalog
from commands.spec import Command, Handler
from commands.typed import answers
from tests.buttons import wrong_button, wrong_form

Way = tuple[str, frozenset[str]]
"""A button as far as it is declared: its path and the names of its arguments."""


@dataclass
class Reach:
    """Everything that one replay has come to."""

    ran: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    shown: set[Way] = field(default_factory=set)
    pressed: set[Way] = field(default_factory=set)
    own: Set[str] = frozenset()
    used: set[str] = field(default_factory=set)

    def show(self, catalog: Catalog, run: str, args: Mapping[str, Answer]) -> str:
        """A button was sent to somebody; what is wrong with it."""
        wrong = wrong_button(catalog, run, args)
        if not wrong:
            self.shown.add(_way(catalog, run, args))
        return wrong

    def press(self, catalog: Catalog, run: str, args: Mapping[str, Answer]) -> None:
        """Somebody pressed a button."""
        self.pressed.add(_way(catalog, run, args))

    def ask(self, catalog: Catalog, run: str) -> str:
        """A form was opened before somebody; what is wrong with it."""
        wrong = wrong_form(catalog, run)
        if not wrong:
            self.asked.add(catalog.find(run)[0].path)
        return wrong

    def send(self, catalog: Catalog, run: str) -> None:
        """Somebody sent a form."""
        self.sent.add(catalog.find(run)[0].path)

    def use(self, own: str) -> None:
        """Somebody used a button or modal that is the platform's own; all of those are `own`."""
        self.used.add(own)

    def watched(self, catalog: Catalog) -> Catalog:
        """The same catalog, of which every command that runs to its end is noted."""
        commands = [replace(command, run=self._noting(command)) for command in catalog.commands.values()]
        return Catalog(commands, catalog.sources.values())

    def unreached(self, catalog: Catalog) -> list[str]:
        """Each command that never ran, each form asked and never sent, each button never pressed, by name."""
        commands = [f"the command {path}" for path in catalog.commands if path not in self.ran]
        forms = [f"the form of {path}" for path in sorted(self.asked - self.sent)]
        ways = sorted((run, sorted(names)) for run, names in self.shown - self.pressed)
        own = [f"the platform's own button or page {one}" for one in sorted(self.own - self.used)]
        return commands + forms + [f"the button {run} {' '.join(names)}".rstrip() for run, names in ways] + own

    def _noting(self, command: Command) -> Handler:
        @wraps(command.run)
        async def run(*given: Any, **answers: Any) -> Any:
            reply = await command.run(*given, **answers)
            self.ran.add(command.path)
            return reply

        return run


def _way(catalog: Catalog, run: str, args: Mapping[str, Answer]) -> Way:
    """A button whose path has answers behind it is the same as one that carries them."""
    command, rest = catalog.find(run)
    return command.path, frozenset({*answers(rest, command.fields), *args})
