"""Pauses that end by themselves on the day that was named."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import Person
from bot.services.office import Office

BATCH = 200


async def sweep(office: Office) -> int:
    """Let letters come again to those whose day has come; how many people. Their periods went on meanwhile."""
    async with office.storage.work() as work:
        back = await work.all(
            select(Person).where(Person.paused_until <= work.now).limit(BATCH).with_for_update(skip_locked=True)
        )
        for person in back:
            person.paused_at = person.paused_until = None
            work.note("person.resumed", community=person.community_id, person=person.id)
    return len(back)
