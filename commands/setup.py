"""/cohort setup: who may begin where nobody coordinates yet."""

from __future__ import annotations

from bot.domain import Duty, Person
from bot.services import founding
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import founding as texts
from bot.ui import Field, Kind, Message, _
from commands.spec import Command, Me, Refused, command


async def _rules_here(work: Work, me: Me) -> None:
    """Raises Refused for all but an admin of a space that is the community's own, and for who coordinates already."""
    if Duty.COORDINATOR in me.duties:
        raise Refused(texts.you_are_already(), reply=texts.coordinates_already())
    if not me.is_admin or me.space.is_guest:
        raise Refused(texts.admins_only(await queries.team(work, me.community.id, Duty.COORDINATOR)))


@command(
    "cohort setup",
    _("Begin to run mentoring programs here"),
    Field(
        "person",
        _("Who will coordinate?"),
        Kind.PERSON,
        source="people",
        required=False,
        hint=_("Leave it empty if you will. Others appear here once they have written to me."),
    ),
    guard=_rules_here,
    asks_admin=True,
    intro=_("A coordinator plans programs, opens calls, publishes pairs and chooses the team."),
)
async def set_up(work: Work, me: Me, person: Person | None = None) -> Message:
    """Make an admin, or whoever they name, a coordinator."""
    chosen = person or me.person
    others = await founding.appoint(work, chosen, by=me.person)
    return texts.appointed(chosen, by=me.person, others=others, rooms=me.space.hangs_rooms)


COMMANDS: tuple[Command, ...] = (set_up,)
