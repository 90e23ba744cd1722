"""The one way in: find the command, learn who asks, check, ask for what is missing, run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import structlog

from bot.domain import Account, Person
from bot.logs import log_failure
from bot.services import drafts, signs, spaces, unreachable
from bot.services.asked import questions
from bot.storage import queries
from bot.storage.work import Storage, Work, clashed
from bot.texts import asking
from bot.ui import Answer, Choice, Form, Reply
from bot.ui.markup import clean
from commands import courtesies, hearing, typed
from commands.catalog import Catalog, Unknown
from commands.communities import Several, carried, everywhere, known
from commands.filling import Filling
from commands.spec import Command, Me, Onward, Refused, Request, check_duty
from commands.welcoming import welcome

log = structlog.get_logger()

T = TypeVar("T")

MOST_TRIES = 3
"""How often a request is answered anew when another one was quicker: two presses at once, both on a new row."""


class _MustWrite(Exception):  # noqa: N818 - never leaves this file
    """A reading Work met somebody about whom something has to be written first."""


class _SeenBefore(Exception):  # noqa: N818 - never leaves this file
    """A platform brought an event again that has had its effect."""


class Dispatch:
    """Answers requests of every platform. A request is one transaction, and nothing in it is trusted."""

    def __init__(self, storage: Storage, catalog: Catalog) -> None:
        self.storage = storage
        self.catalog = catalog

    async def answer(self, request: Request) -> Reply:
        """What to show the person who asked. Never raises: refusals and our own bugs become private messages."""
        try:
            return await _again(lambda: self._answer(request))
        except Exception:
            return await self._fail(request)

    async def answer_once(self, request: Request) -> Reply | None:
        """The same, and nothing for an event that was answered before: platforms bring some of them twice."""
        try:
            return await _again(lambda: self._answer(request))
        except _SeenBefore:
            return None
        except Exception:
            return await self._fail(request)

    def command(self, text: str) -> Command | None:
        """The command that a text runs, if any: what it may answer with decides how a platform waits for it."""
        try:
            return self.catalog.find(text)[0]
        except Refused:
            return None

    def asks_admin(self, text: str) -> bool:
        """Whether the platform has to say if whoever typed this rules the space: that costs it a question."""
        found = self.command(text)
        return found is not None and found.asks_admin

    async def keep(self, request: Request) -> None:
        """Remember what somebody has begun to fill in, to offer it again. Raises Refused for an unknown command."""
        self.catalog.find(request.text)

        async def save() -> None:
            async with self.storage.work() as work:
                me = await self._me(work, request, writes=True)
                await drafts.save(work, me.person, clean(request.text), typed.tidy(request.args))

        await _again(save)

    async def choices(self, request: Request, field: str, typed_so_far: str) -> Sequence[Choice]:
        """At most 25 choices for a field of a command, for what was typed so far. Raises Refused."""
        command, rest = self.catalog.find(request.text)

        async def choose(work: Work, me: Me) -> Sequence[Choice]:
            check_duty(command, me)
            filling = Filling(work, me, self.catalog.sources, command, typed.given(command, rest, request))
            return await filling.choices(field, typed_so_far)

        return await self._open(request, choose, reads=True)

    async def _fail(self, request: Request) -> Reply:
        """Our own bug, logged with a reference that the person sees too; a form that was sent lies there as a draft."""
        reference = log_failure("request failed", platform=request.platform)
        command = self.command(request.text)
        if request.submitted and command is not None and not command.reads:
            try:
                await self.keep(request)
            except Exception:
                log.exception("sent form not kept", reference=reference, platform=request.platform)
        return asking.failed(reference)

    async def _answer(self, request: Request) -> Reply:
        try:
            command, rest = self.catalog.find(request.text)
            return await self._run(command, rest, request)
        except Unknown as unknown:
            return await self._respond(unknown, request)
        except Refused as refused:
            return await self._refusal(refused, request)

    async def _respond(self, unknown: Unknown, request: Request) -> Reply:
        """Words that are no command: a courtesy, an answer to what was asked last, or the wish for a command."""
        if not unknown.near and _is_spoken(request) and courtesies.answer(request.text) is None:
            heard = await self._hear(request)
            return heard or await self._suggest(unknown, replace(request, event=""))  # hearing has written it down
        return await self._suggest(unknown, request)

    async def _suggest(self, unknown: Unknown, request: Request) -> Reply:
        """The command that was likely meant, if this person may use it, else where to look."""

        async def suggest(work: Work, me: Me) -> Reply:
            courtesy = courtesies.answer(request.text)
            return courtesy or _carried(self.catalog.suggestion(unknown, me), me, request)

        try:
            return await self._open(request, suggest, reads=True)
        except Refused:  # somebody of whom nothing is known, or who may be meant in several communities
            return courtesies.answer(request.text) or unknown.reply or asking.refused(unknown.words)

    async def _hear(self, request: Request) -> Reply | None:
        """Words that are no command may answer what was asked last; nothing where nothing was asked."""
        words = clean(request.text)[: typed.LONGEST]
        async with self.storage.work() as work:
            await _once(work, request)
            # asked first: whoever writes has been heard of, and is not asked how often to write any more
            found = [(space, await questions(work, person)) for _, person, space in await everywhere(work, request)]
            space, asked = max(found, key=lambda one: [question.at for question in one[1][:1]], default=(None, []))
            if space is None or not asked:
                return None
            me = await self._me(work, replace(request, community=space.community_id), writes=True)
            heard = None if me.place else await hearing.offer(work, me, self.catalog, words, asked=asked)
            return heard and _carried(heard, me, request)

    async def _run(self, command: Command, rest: str, request: Request) -> Reply:
        async def serve(work: Work, me: Me) -> Reply:
            return _carried(await self._serve(work, me, command, rest, request), me, request)

        try:
            return await self._open(request, serve, reads=command.reads)
        except Several as several:
            return several.ask(command.path, typed.given(command, rest, request))

    async def _open(self, request: Request, use: Callable[[Work, Me], Awaitable[T]], *, reads: bool) -> T:
        """Open a Work for whoever asks: a reading one where that is enough. Raises _SeenBefore for an old event."""
        if reads and not request.event:
            try:
                async with self.storage.reading() as work:
                    return await use(work, await self._me(work, request))
            except _MustWrite:
                pass  # somebody new, or somebody who was given up on: that is written down first
        async with self.storage.work() as work:
            await _once(work, request)
            return await use(work, await self._me(work, request, writes=True))

    async def _serve(self, work: Work, me: Me, command: Command, rest: str, request: Request) -> Reply:
        check_duty(command, me)
        if command.guard is not None:
            await command.guard(work, me)
        given = typed.given(command, rest, request)
        filling = Filling(work, me, self.catalog.sources, command, given)
        draft, sure = await _draft(work, me, filling, request), typed.is_sure(rest, command.fields)
        missing = await filling.ask(submitted=request.submitted, draft=draft, sure=sure)
        if missing is not None:
            if isinstance(missing, Form):
                await _remember(work, me, command, missing, request, given)
            return missing
        reply = await command.run(work, me, **filling.values)
        if isinstance(reply, Onward):
            onward = replace(request, text=reply.run, args={}, submitted=False)
            return await self._serve(work, me, *self.catalog.find(reply.run), onward)
        if request.submitted and not command.reads:
            await drafts.finish(work, me.person, filling.run)
        return reply

    async def _refusal(self, refused: Refused, request: Request) -> Reply:
        """The refusal as a message, or beside its field with the whole form as it was filled in."""
        if refused.reply is not None:
            return refused.reply
        if not request.submitted:
            return asking.refused(refused.words)
        command, rest = self.catalog.find(request.text)
        async with self.storage.work() as work:
            me = await self._me(work, request, writes=True)
            filling = Filling(work, me, self.catalog.sources, command, typed.given(command, rest, request))
            try:
                form = await filling.form({refused.field: refused.words})
            except Refused as again:  # what decides the other questions is wrong: there is no form to come back to
                return again.reply or asking.refused(again.words)
            await _remember(work, me, command, form, request, {})
            return _carried(form, me, request)

    async def _me(self, work: Work, request: Request, *, writes: bool = False) -> Me:
        found = await known(work, request)
        if not writes and (found is None or (_given_up(*found[:2]) and not request.unasked)):
            raise _MustWrite
        account, person, space = found or await welcome(work, request)
        community = await queries.community(work, space.community_id)
        me = Me(person, community, space, await queries.duties_of(work, person.id), is_admin=request.is_admin)
        if writes:
            if not account.reachable or person.unreachable_since is not None:
                await unreachable.heard(work, account, person)
            signs.answered(person)
        if request.conversation:
            me = replace(me, place=await queries.place_at(work, space.id, request.conversation))
        if request.pressed is not None:
            me = replace(me, pressed=await queries.letter_at(work, request.pressed))
        return me


async def _once(work: Work, request: Request) -> None:
    """Write down that this event has its effect with this Work. Raises _SeenBefore for one that had it."""
    if request.event and not await spaces.is_new(work, request.platform, request.event):
        raise _SeenBefore


async def _again(act: Callable[[], Awaitable[T]]) -> T:
    """Do something that is one Work; if another one was quicker, once more, so that it sees what that one did."""
    for left in range(MOST_TRIES - 1, 0, -1):
        try:
            return await act()
        except Exception as error:
            if not clashed(error):
                raise
            log.info("request repeated", left=left)
    return await act()


def _given_up(account: Account, person: Person) -> bool:
    """Whether we counted this person as silent or unreachable, until this request."""
    return not account.reachable or bool(person.unanswered) or person.pace_asked_at is not None


def _carried(reply: Reply, me: Me, request: Request) -> Reply:
    return reply if request.space is not None else carried(reply, me.community.id)


def _is_spoken(request: Request) -> bool:
    """Whether somebody typed this, without saying that it is a command."""
    pressed = request.submitted or request.args or request.pressed is not None
    return not pressed and not request.text.lstrip().startswith("/")


async def _draft(work: Work, me: Me, filling: Filling, request: Request) -> Mapping[str, Answer]:
    if request.submitted or not filling.command.opens:
        return {}
    await filling.settle()
    kept = await queries.draft(work, me.person.id, filling.run)
    return {} if kept is None else kept.answers


async def _remember(
    work: Work, me: Me, command: Command, form: Form, request: Request, given: Mapping[str, Answer]
) -> None:
    """Keep a form that is shown: as it was sent, or what was given so far; it is what the bot asked last."""
    if command.reads:
        return
    if request.submitted:
        await drafts.save(work, me.person, form.run, form.values)
    else:
        names = {field.name for field in form.fields}
        await drafts.begin(work, me.person, form.run, {k: v for k, v in given.items() if k in names})
