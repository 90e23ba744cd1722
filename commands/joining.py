"""/cohort link: one program in several chats. A code from one side, typed on the other, confirmed on both."""

from __future__ import annotations

from bot.domain import Community, Duty, LinkCode, LinkKind, Person
from bot.services import joining, link_codes
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import joining as texts
from bot.ui import Changed, Field, Kind, Message, Reply, _
from commands.sources import number
from commands.spec import Command, Me, Refused, command

LONGEST_CODE = 20

_ANSWERED = Field("code", _("Which question is answered?"), Kind.HIDDEN)


async def _decides_here(work: Work, me: Me) -> None:
    """Raises Refused for all but coordinators, and admins of a space that nobody coordinates yet."""
    if Duty.COORDINATOR in me.duties:
        return
    coordinators = await queries.team(work, me.community.id, Duty.COORDINATOR)
    if coordinators or not me.is_admin:
        raise Refused(texts.coordinators_only(coordinators))


@command(
    "cohort link",
    _("Share one program between two chats"),
    Field(
        "code",
        _("The code from the other community"),
        max_length=LONGEST_CODE,
        required=False,
        hint=_("Leave it empty if the others are to join you: then I make one."),
    ),
    guard=_decides_here,
    asks_admin=True,
)
async def link(work: Work, me: Me, code: str | None = None) -> Message:
    """Give a coordinator a code, or ask whoever typed one whether this community shall join the other."""
    if code:
        maker, host = await _other_side(work, me, code)
        return texts.ask(code, host, maker, await joining.spaces_of(work, me.community))
    if Duty.COORDINATOR not in me.duties:
        raise Refused(texts.needs_code(), field="code")
    return texts.code(await link_codes.make(work, LinkKind.COMMUNITY, by=me.person))


@command(
    "cohort link ask",
    _("Ask to join another community"),
    Field("code", _("The code from the other community"), Kind.HIDDEN),
    guard=_decides_here,
    asks_admin=True,
    listed=False,
)
async def ask(work: Work, me: Me, code: str) -> Reply:
    """Ask the other side, which uses the code up."""
    maker, _host = await _other_side(work, me, code)
    used = await link_codes.use(work, LinkKind.COMMUNITY, code, by=me.person)
    if used is None:
        raise Refused(texts.is_void())
    await joining.ask(work, used, maker, by=me.person, guest=me.community)
    return Changed(texts.asked(maker))


@command("cohort link yes", _("Let another chat join"), _ANSWERED, team=(Duty.COORDINATOR,), listed=False)
async def yes(work: Work, me: Me, code: str) -> Reply:
    """Make one community of two."""
    found, asker = await _asked(work, me, code)
    guest = await queries.community(work, asker.community_id)
    obstacle = await joining.obstacle(work, guest, me.community)
    if obstacle is not None:
        raise Refused(obstacle)
    await _settle(work, found)
    spaces = await joining.spaces_of(work, guest)
    await joining.join(work, guest, me.community, asker=asker, by=me.person)
    return Changed(texts.they_joined(spaces, asker))


@command("cohort link no", _("Do not let another chat join"), _ANSWERED, team=(Duty.COORDINATOR,), listed=False)
async def no(work: Work, me: Me, code: str) -> Reply:
    """Leave both as they are; whoever asked hears of it."""
    found, asker = await _asked(work, me, code)
    await _settle(work, found)
    await joining.tell(work, asker, texts.not_now(me.community), about=f"code-{found.id}")
    return Changed(texts.refused(asker))


async def _other_side(work: Work, me: Me, code: str) -> tuple[Person, Community]:
    """Who made the code, and their community, if ours can join it."""
    maker = await link_codes.maker_of(work, LinkKind.COMMUNITY, code)
    if maker is None:
        raise Refused(texts.is_void(), field="code")
    host = await queries.community(work, maker.community_id)
    obstacle = await joining.obstacle(work, me.community, host)
    if obstacle is not None:
        raise Refused(obstacle, field="code")
    return maker, host


async def _asked(work: Work, me: Me, code: str) -> tuple[LinkCode, Person]:
    """The question that this community was asked, and who waits for the answer."""
    found = await work.find(LinkCode, number(code))
    if found is None or found.kind is not LinkKind.COMMUNITY:
        raise Refused(texts.over())
    maker, asker = await work.get(Person, found.maker_id), await link_codes.asker_of(work, found)
    if asker is None or maker.community_id != me.community.id:
        raise Refused(texts.over())
    return found, asker


async def _settle(work: Work, code: LinkCode) -> None:
    if not await link_codes.settle(work, code):
        raise Refused(texts.over())


COMMANDS: tuple[Command, ...] = (link, ask, yes, no)
