"""The first coordinator of a community, and admins who take the role up later."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Duty, LetterKind, Person
from bot.services import team
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import founding as texts


async def appoint(work: Work, person: Person, *, by: Person) -> Sequence[Person]:
    """Make somebody a coordinator by the right of an admin; those who coordinated before, who hear of it at once."""
    others = await queries.team(work, person.community_id, Duty.COORDINATOR)
    if person.id not in {other.id for other in others}:
        await team.add(work, person, Duty.COORDINATOR, by=by)
    told = [
        NewLetter(
            key=f"appointed:{person.id}:by-{by.id}:{work.now:%Y%m%d%H%M}:to-{other.id}",
            kind=LetterKind.DUTY,
            to=other,
            message=texts.claimed(other, person, by),
        )
        for other in others
        if other.id != person.id
    ]
    await post(work, person.community_id, *told)
    return others
