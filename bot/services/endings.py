"""The end of a pairing, however it comes: nothing more falls due for it, and what waits about it is not sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain import Pairing, PairingState
from bot.services import calendar, periods, riders
from bot.storage.outbox import withdraw
from bot.storage.work import Work


async def end(work: Work, pairings: Sequence[Pairing], state: PairingState, *, on: date) -> None:
    """End pairings (loaded with cohort, members and people) on a day: `completed` or `ended`."""
    for pairing in pairings:
        pairing.state, pairing.ended_at = state, work.now
        pairing.ends_on = on
        pairing.first_contact_at = pairing.liaison_hears_at = None
        await periods.end(work, pairing, on=on)
        await riders.drop(work, pairing)
        await withdraw(work, f"pairing:{pairing.id}")
        cohort = pairing.cohort
        work.note(f"pairing.{state.value}", community=cohort.community_id, cohort=cohort.id, pairing=pairing.id)
    await work.flush()
    await calendar.plan(work, {member.person_id for pairing in pairings for member in pairing.members})
