"""/cohort people: everybody in a cohort, as a file for whoever asked."""

from __future__ import annotations

from bot.domain import Cohort, Duty
from bot.services import people_file
from bot.storage.work import Work
from bot.texts import people_file as texts
from bot.ui import Message, _
from commands.cohort_fields import cohort_field
from commands.spec import Command, Me, command


@command(
    "cohort people",
    _("Get everybody in a cohort as a file"),
    cohort_field("cohorts"),
    team=(Duty.COORDINATOR,),
)
async def people(work: Work, me: Me, cohort: Cohort) -> Message:
    """Send the file by a letter: a reply is no place for it."""
    await people_file.send(work, cohort, me.person)
    return texts.coming(cohort)


COMMANDS: tuple[Command, ...] = (people,)
