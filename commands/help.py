"""/mentor help: what I can do now, by my part in the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.storage import queries
from bot.storage.work import Work
from bot.texts import helping
from bot.ui import Message, Words, _
from commands.spec import Command, Me, command

GROUPS: Mapping[str, Words] = {
    "mentor": _("Taking part"),
    "goals": _("Your goals"),
    "checkin": _("Your talks"),
    "cohort": _("Running the program"),
    "liaison": _("Looking after pairs"),
}
"""What commands are about, by their first word."""

_FOR_PAIRS = frozenset({"goals", "checkin"})


def help_command(commands: Iterable[Command]) -> Command:
    """The help over these commands."""
    listed = [found for found in commands if found.listed]

    @command("mentor help", _("See what I can do here"), reads=True)
    async def show(work: Work, me: Me) -> Message:
        paired = bool(await queries.live_pairings(work, me.person.id))
        groups = []
        for name, title in GROUPS.items():
            mine = [(c.path, c.summary) for c in listed if c.path.split()[0] == name and _allowed(c, me, paired=paired)]
            if mine:
                groups.append((title, mine))
        return helping.overview(groups)

    return show


def _allowed(found: Command, me: Me, *, paired: bool) -> bool:
    if found.team:
        return bool(found.team & me.duties)
    return paired or found.path.split()[0] not in _FOR_PAIRS
