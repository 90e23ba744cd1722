"""Somebody's first word to the bot: their person and account, as far as the platform knows them."""

from __future__ import annotations

from bot.domain import Account, Person, Space
from bot.domain.mail import as_mail
from bot.domain.zones import is_zone
from bot.services import arrivals, spaces
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import asking
from bot.ui.markup import clean
from commands.spec import Refused, Request

LONGEST_NAME = 100


async def welcome(work: Work, request: Request) -> tuple[Account, Person, Space]:
    """Somebody's first word to the bot: their person and account, as far as the platform knows them."""
    if request.space is None:
        raise Refused(asking.stranger())
    space = await queries.space_of(work, request.platform, request.space)
    if space is None:
        raise Refused(asking.unknown_space())
    await work.lock(Space, space.id)  # it may be about to join another community
    await work.session.refresh(space)
    mail = as_mail(request.mail)
    met = await spaces.met_elsewhere(work, space, request.user)
    expected = None if met else await arrivals.expected_by(work, space.community_id, mail)
    person = met or expected or await _newcomer(work, request, space, mail)
    person.zone = person.zone or (request.zone if is_zone(request.zone) else "")
    account = Account(space_id=space.id, user=request.user, person_id=person.id)
    work.add(account)
    await work.flush()
    if expected is not None:
        await arrivals.arrive(work, person)
    return account, person, space


async def _newcomer(work: Work, request: Request, space: Space, mail: str) -> Person:
    """Somebody of whom nobody has told the bot; their mail stays with whoever else has it."""
    taken = await queries.person_with(work, space.community_id, mail) is not None
    person = Person(
        community_id=space.community_id,
        name=clean(request.name)[:LONGEST_NAME] or request.user,
        mail="" if taken else mail,
        created_at=work.now,
    )
    work.add(person)
    await work.flush()
    return person
