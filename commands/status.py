"""/mentor status: where I stand, in a pair, before one and after one, and the one next step."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import ApplicationState, Cohort, CohortState, Duty, Person, Wanted
from bot.services import outlook, standing
from bot.services.periods import rests
from bot.services.standing import PairStanding, Standing
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import introduction
from bot.texts import past as past_texts
from bot.texts import status as texts
from bot.ui import Button, Message, Words, _
from commands import quiet_hours
from commands.spec import Command, Me, Refused, command


@command("mentor status", _("See where I stand, and what comes next"), reads=True)
async def status(work: Work, me: Me) -> Message:
    """Where somebody stands, and the one next step."""
    return quiet_hours.beside(work, me, await shown(work, me))


async def shown(work: Work, me: Me) -> Message:
    """The same without their quiet hours."""
    pairs = await standing.pairs(work, me.person)
    if pairs:
        return _paired(work, me.person, pairs)
    return await _alone(work, me, await standing.standing(work, me.person))


async def upcoming(work: Work, me: Me) -> Cohort | None:
    """The cohort whose call comes next; a draft whose day has passed says nothing about that."""
    draft = await queries.newest_cohort(work, me.community.id, CohortState.DRAFT)
    return draft if draft is not None and draft.opens_on >= draft.today(work.now) else None


async def no_pair(work: Work, me: Me) -> Refused:
    """Somebody in no pair asks for what pairs do: where they stand instead, and their next step."""
    here = await standing.standing(work, me.person)
    is_new = here.application is None and here.past is None and not here.begun
    instead = texts.of_team(me.duties) if me.duties and is_new else texts.in_no_pair(await _alone(work, me, here))
    return Refused(_("You are in no pair at the moment."), reply=instead)


async def _alone(work: Work, me: Me, here: Standing) -> Message:
    """Where somebody stands who is in no pair now."""
    ahead = here.past is None or _looks_ahead(here)
    found = await _before(work, me, here) if ahead else _after(here)
    if not rests(here.person, work.now):
        return found
    return texts.with_pause(found, here.person.paused_until)


def _looks_ahead(here: Standing) -> bool:
    """Whether something newer than the pair that has ended is on its way."""
    assert here.past is not None, "only asked of somebody who was in a pair"
    if here.application is not None:
        return not here.waiting or not here.past.is_open
    return bool(here.begun) and here.call is not None


async def _before(work: Work, me: Me, here: Standing) -> Message:
    application, cohort = here.application, here.cohort
    if application is not None and cohort is not None:
        if here.waiting:
            return texts.waiting(cohort)
        if application.late and application.state is ApplicationState.SENT:
            return texts.late(cohort)
        can_change = here.call is not None and here.call.id == cohort.id
        return texts.applied(application, cohort, can_change=can_change, today=cohort.today(work.now))
    if here.begun and here.call is not None:
        return texts.begun(_go_on(here.begun), here.call)
    plans = cohort is None and Duty.COORDINATOR in me.duties
    withdrawn = await _withdrawn(work, me, here.call)
    return texts.newcomer(here.call, await upcoming(work, me), plans=plans, withdrawn=withdrawn)


async def _withdrawn(work: Work, me: Me, call: Cohort | None) -> Button | None:
    """Opens the application that somebody took back, while they can send it again."""
    mine = None if call is None else await queries.application_of(work, call.id, me.person.id)
    if mine is None or mine.state is not ApplicationState.WITHDRAWN:
        return None
    return Button(_("Apply again"), "mentor join", {"role": mine.wanted.value})


def _after(here: Standing) -> Message:
    past = here.past
    assert past is not None, "only asked of somebody who was in a pair"
    if not past.is_open:
        return past_texts.over(past.pairing, here.person, call=here.call)
    if past.asked_again:
        return past_texts.looking(past.pairing, here.person)
    return past_texts.undecided(past.pairing, here.person, past.member)


def _go_on(run: str) -> Button:
    """Reopens the application that was begun: its role is the only thing that is settled in `run`."""
    role = next((wanted for wanted in Wanted if f'"{wanted.value}"' in run), Wanted.MENTEE)
    return Button(_("Go on with my application"), "mentor join", {"role": role.value})


def _paired(work: Work, me: Person, pairs: Sequence[PairStanding]) -> Message:
    parts = []
    for pair in pairs:
        parts += texts.pair(me, pair.pairing, goals=pair.goals, reached=pair.reached, talked_on=pair.talked_on)
        if pair.leaving is not None:
            parts.append(texts.ending(pair.pairing.partner(me.id).person, pair.leaving.tell_at))
    step, buttons = _step(me, pairs)
    return texts.paired(
        parts,
        step,
        buttons,
        letter_at=outlook.next_of(me, pairs, now=work.now),
        paused_until=me.paused_until,
        paused=rests(me, work.now),
    )


def _step(me: Person, pairs: Sequence[PairStanding]) -> tuple[Words | None, Sequence[Button]]:
    """The next step in the first pair that goes on; who leaves all of theirs can only stay."""
    stay = [texts.stay(pair.pairing) for pair in pairs if pair.leaving is not None]
    first: PairStanding | None = next((pair for pair in pairs if pair.leaving is None), None)
    if first is None:
        return None, stay
    partner = first.pairing.partner(me.id).person
    words, button = texts.steps(partner, first.pairing, talked=first.talked_on is not None, goals=first.goals)
    is_apart = first.pairing.place_id is None and first.pairing.starts_on is not None
    write = [introduction.write_to(partner, first.pairing.id)] if is_apart else []
    return words, [button, *write, *stay]


COMMANDS: tuple[Command, ...] = (status,)
