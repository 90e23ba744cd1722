"""/mentor link: one person with two accounts. A code from one of them, typed from the other, confirmed by both."""

from __future__ import annotations

from bot.domain import LinkCode, LinkKind, Person
from bot.services import link_codes, linking
from bot.storage.work import Work
from bot.texts import linking as texts
from bot.ui import Changed, Field, Kind, Message, Reply, _
from commands.joining import LONGEST_CODE
from commands.sources import number
from commands.spec import Command, Me, Refused, command

_ANSWERED = Field("code", _("Which question is answered?"), Kind.HIDDEN)


@command(
    "mentor link",
    _("Use me from two accounts as one person"),
    Field(
        "code",
        _("The code from your other account"),
        max_length=LONGEST_CODE,
        required=False,
        hint=_("Leave it empty if you have none yet: then I make one."),
    ),
)
async def link(work: Work, me: Me, code: str | None = None) -> Message:
    """Make a code, or ask whoever typed one whether both accounts are theirs."""
    if code:
        return texts.ask(code, await _maker(work, me, code))
    return texts.code(await link_codes.make(work, LinkKind.PERSON, by=me.person))


@command(
    "mentor link ask",
    _("These two accounts are mine"),
    Field("code", _("The code from your other account"), Kind.HIDDEN),
    listed=False,
)
async def ask(work: Work, me: Me, code: str) -> Reply:
    """Ask the other account, which uses the code up."""
    maker = await _maker(work, me, code)
    used = await link_codes.use(work, LinkKind.PERSON, code, by=me.person)
    if used is None:
        raise Refused(texts.is_void())
    await linking.ask(work, used, maker, by=me.person, space=me.space)
    return Changed(texts.asked(maker))


@command("mentor link yes", _("Both accounts are mine"), _ANSWERED, listed=False)
async def yes(work: Work, me: Me, code: str) -> Reply:
    """Make one person of two."""
    found, asker = await _asked(work, me, code)
    obstacle = await linking.obstacle(work, asker, me.person)
    if obstacle is not None:
        raise Refused(obstacle)
    await _settle(work, found)
    return Changed(texts.linked(await linking.link(work, asker, me.person)))


@command("mentor link no", _("The other account is not mine"), _ANSWERED, listed=False)
async def no(work: Work, me: Me, code: str) -> Reply:
    """Leave both as they are; whoever asked hears of it."""
    found, asker = await _asked(work, me, code)
    await _settle(work, found)
    await linking.refuse(work, asker, found.id)
    return Changed(texts.refused())


async def _maker(work: Work, me: Me, code: str) -> Person:
    """Who made the code, if we can be one with them."""
    maker = await link_codes.maker_of(work, LinkKind.PERSON, code)
    if maker is None:
        raise Refused(texts.is_void(), field="code")
    obstacle = await linking.obstacle(work, me.person, maker)
    if obstacle is not None:
        raise Refused(obstacle, field="code")
    return maker


async def _asked(work: Work, me: Me, code: str) -> tuple[LinkCode, Person]:
    """The question that this person was asked, and who waits for the answer."""
    found = await work.find(LinkCode, number(code))
    if found is None or found.kind is not LinkKind.PERSON or found.maker_id != me.person.id:
        raise Refused(texts.over())
    asker = await link_codes.asker_of(work, found)
    if asker is None:
        raise Refused(texts.over())
    return found, asker


async def _settle(work: Work, code: LinkCode) -> None:
    if not await link_codes.settle(work, code):
        raise Refused(texts.over())


COMMANDS: tuple[Command, ...] = (link, ask, yes, no)
