"""/mentor help: what I can do now, by my part in the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.domain import Cohort, CohortState, Duty, Space
from bot.services import standing
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import helping
from bot.ui import Message, Words, _
from commands.spec import Command, Me, Refused, command

GROUPS: Mapping[str, Words] = {
    "mentor": _("Taking part"),
    "goals": _("Your goals"),
    "checkin": _("Your talks"),
    "cohort": _("Running the program"),
    "liaison": _("Looking after pairs"),
}
"""What commands are about, by their first word."""

_FOR_PAIRS = ("goals ", "checkin ", "mentor leave", "mentor contact")

_FORMED = frozenset({CohortState.MATCHING, CohortState.ACTIVE})
_HERE = frozenset({CohortState.DRAFT, CohortState.OPEN, CohortState.CLOSING, *_FORMED})

_WHEN: Mapping[str, frozenset[CohortState]] = {
    "cohort open": frozenset({CohortState.DRAFT}),
    "cohort announce": frozenset({CohortState.OPEN}),
    "cohort close": frozenset({CohortState.OPEN}),
    "cohort match": _FORMED,
    "cohort review": _FORMED,
    "cohort publish": _FORMED,
    "cohort late": frozenset({CohortState.OPEN, *_FORMED}),
    "cohort person": frozenset({CohortState.OPEN, *_FORMED}),
    "cohort edit": _HERE,
    "cohort cancel": _HERE,
    "cohort status": _HERE,
}
"""In which states of a cohort commands, and what begins with them, can do something."""


def help_command(commands: Iterable[Command]) -> Command:
    """The help over these commands."""
    listed = [found for found in commands if found.listed]

    @command("mentor help", _("See what I can do here"), reads=True)
    async def show(work: Work, me: Me) -> Message:
        now = await _now(work, me)
        mine = [found for found in listed if now.allows(found, me) and await _is_let(work, me, found)]
        groups = [
            (title, [(found.path, found.summary) for found in mine if found.path.split()[0] == name])
            for name, title in GROUPS.items()
        ]
        return helping.overview([(title, rows) for title, rows in groups if rows])

    return show


@dataclass(frozen=True, slots=True)
class _Now:
    """What decides what somebody can do: whether they are in a pair, have applied, could write from several chats, and
    where the cohorts stand."""

    paired: bool
    applied: bool
    several: bool
    states: frozenset[CohortState]

    def allows(self, found: Command, me: Me) -> bool:
        """Whether a command could do something for them now."""
        if found.team and not found.team & me.duties:
            return False
        if found.path.startswith(_FOR_PAIRS):
            return self.paired
        if found.path == "mentor withdraw":
            return self.applied and not self.paired
        if found.path == "mentor link":
            return self.several
        return all(states & self.states for path, states in _WHEN.items() if f"{found.path} ".startswith(f"{path} "))


async def _now(work: Work, me: Me) -> _Now:
    states = await work.all(select(Cohort.state).where(Cohort.community_id == me.community.id).distinct())
    paired = bool(await queries.live_pairings(work, me.person.id))
    spaces = await work.first(select(func.count(Space.id)).where(Space.community_id == me.community.id)) or 0
    applied = await standing.applied(work, me.person) is not None
    return _Now(paired, applied, spaces > 1, frozenset(states))


async def _is_let(work: Work, me: Me, found: Command) -> bool:
    """Whether the command's own guard lets them in; what an admin may do is shown while nobody coordinates."""
    if found.asks_admin and not await queries.team(work, me.community.id, Duty.COORDINATOR):
        return True
    if found.guard is None:
        return True
    try:
        await found.guard(work, me)
    except Refused:
        return False
    return True
