"""Accepting the code of conduct where a coordinator wrote the application down, whether its call is open or not."""

from __future__ import annotations

from bot.programs import template
from bot.services import standing
from bot.storage.work import Work
from bot.texts import conduct as texts
from bot.ui import Changed, Field, Kind, Reply, _
from commands.spec import Command, Me, Refused, command


@command(
    "mentor conduct",
    _("Read the code of conduct, and accept it"),
    Field("sure", _("Sure?"), Kind.HIDDEN, required=False),
    listed=False,
)
async def conduct(work: Work, me: Me, sure: str | None) -> Reply:
    """Show it, and note that somebody will keep to it."""
    mine = await standing.applied(work, me.person)
    if mine is None:
        raise Refused(_("You have no application at the moment, so there is nothing to accept."))
    if sure:
        mine.application.conduct_at = mine.application.conduct_at or work.now
    if mine.application.conduct_at is None:
        return texts.ask(mine.cohort, template(mine.cohort.template))
    return Changed(texts.accepted(mine.cohort))


COMMANDS: tuple[Command, ...] = (conduct,)
