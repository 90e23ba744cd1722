"""From HTTP to a Request and back: what a person types, presses and sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from adapters.sandbox import forms, pickers
from adapters.sandbox.body import Body, answers, body, in_path, number, text
from adapters.sandbox.conversations import Conversation, with_bot
from adapters.sandbox.gate import Bad
from adapters.sandbox.limits import LONGEST_TEXT
from adapters.sandbox.playground import PLATFORM, PLAYGROUND, SPACE, Playground, conversation, person
from adapters.sandbox.reading import shown
from adapters.sandbox.tables import Posted
from bot.domain import Person
from bot.ports import Receipt
from bot.storage.work import Work
from bot.ui import Answer, Changed, Form, Message
from commands.spec import Refused, Request

routes = web.RouteTableDef()


class Asking:
    """One person's request: who, in which conversation, and from which message."""

    def __init__(self, playground: Playground, reader: Person, where: Conversation, pressed: Posted | None) -> None:
        self.playground = playground
        self.reader = reader
        self.where = where
        self.pressed = pressed

    def request(self, run: str, args: Mapping[str, Answer], *, submitted: bool = False) -> Request:
        """The same in the terms of every platform."""
        return Request(
            platform=PLATFORM,
            space=SPACE,
            user=str(self.reader.id),
            text=run,
            args=args,
            submitted=submitted,
            conversation=self.where.id,
            pressed=None if self.pressed is None else Receipt(self.pressed.conversation, str(self.pressed.id)),
            name=self.reader.name,
            zone=self.reader.zone,
        )

    async def answer(self, request: Request) -> dict[str, Any]:
        """Ask the bot; what it says is put up, or its form is handed over."""
        reply = await self.playground.dispatch.answer(request)
        return await self._form(reply) if isinstance(reply, Form) else await self._message(reply)

    async def _form(self, form: Form) -> dict[str, Any]:
        playground = self.playground
        found = await pickers.found(playground, self.request(form.run, form.values), form.fields)
        speaker = playground.speaker(self.reader.zone, self.reader.language)
        return {"form": forms.form(form, speaker, found=found)}

    async def _message(self, reply: Message | Changed) -> dict[str, Any]:
        if isinstance(reply, Changed) and self.pressed is not None:
            changed = await self.playground.board.change(self.pressed.id, reply.message)
            if changed is not None:
                return {"message": await self._shown(changed), "changed": changed.id}
        message = reply.message if isinstance(reply, Changed) else reply
        audience = self.reader.id if message.private and self.where.kind != "bot" else None
        posted = await self.playground.board.say(self.where.id, message, audience=audience)
        return {"message": await self._shown(posted)}

    async def _shown(self, posted: Posted) -> dict[str, Any]:
        return (await shown(self.playground, [posted], reader=self.reader))[0]


@routes.post("/api/people/{id}/type")
async def typed(request: web.Request) -> web.Response:
    """What somebody types: to the bot it is asked, to other people it is only shown."""
    playground, found = request.app[PLAYGROUND], await body(request)
    words = text(found, "text", longest=LONGEST_TEXT)
    async with playground.floor():
        asking = await _asking(request, found)
        for_bot = asking.where.kind == "bot" or words.startswith("/")
        audience = asking.reader.id if for_bot and asking.where.kind != "bot" else None
        posted = await playground.board.write(asking.where.id, words, author=asking.reader.id, audience=audience)
        if not for_bot:
            return web.json_response({"message": (await shown(playground, [posted], reader=asking.reader))[0]})
        answer = await asking.answer(asking.request(words, {}))
    return web.json_response(answer)


@routes.post("/api/people/{id}/press")
async def pressed(request: web.Request) -> web.Response:
    """A pressed button."""
    return await _run(request, "args", submitted=False)


@routes.post("/api/people/{id}/submit")
async def submitted(request: web.Request) -> web.Response:
    """A form that was filled in."""
    return await _run(request, "values", submitted=True)


@routes.post("/api/people/{id}/draft")
async def draft(request: web.Request) -> web.Response:
    """A form that was left: what was begun is kept."""
    playground, found = request.app[PLAYGROUND], await body(request)
    run, values = text(found, "run"), answers(found, "values")
    async with playground.floor():
        asking = await _asking(request, found)
        try:
            await playground.dispatch.keep(asking.request(run, values))
        except Refused as refused:
            raise _bad(asking, refused) from None
    return web.json_response({"kept": True})


@routes.get("/api/people/{id}/choices")
async def choices(request: web.Request) -> web.Response:
    """What fits into a field, for what was typed so far."""
    playground, query = request.app[PLAYGROUND], request.query
    asking = await _asking(request, {})
    run, name = text(query, "run"), text(query, "field")
    kind, words = text(query, "kind", default=""), text(query, "typed", default="")
    try:
        found = await pickers.search(playground, asking.request(run, {}), name, kind, words)
    except Refused as refused:
        raise _bad(asking, refused) from None
    speaker = playground.speaker(asking.reader.zone, asking.reader.language)
    return web.json_response({"choices": forms.pairs(found, speaker)})


async def _run(request: web.Request, key: str, *, submitted: bool) -> web.Response:
    playground, found = request.app[PLAYGROUND], await body(request)
    run, args = text(found, "run"), answers(found, key)
    async with playground.floor():
        asking = await _asking(request, found)
        answer = await asking.answer(asking.request(run, args, submitted=submitted))
    return web.json_response(answer)


async def asking_of(playground: Playground, number: int, *, message: int | None = None, where: str = "") -> Asking:
    """Who asks, from which message and where. Raises Bad for a person, message or conversation that is not theirs."""
    async with playground.app.storage.reading() as work:
        reader = await person(work, number)
        pressed = await _seen(work, reader, message)
        home = with_bot(reader.id).id if pressed is None else pressed.conversation
        return Asking(playground, reader, await conversation(work, reader, where or home), pressed)


async def _asking(request: web.Request, found: Body) -> Asking:
    playground, reader = request.app[PLAYGROUND], in_path(request, "id", what="person")
    where = text(found, "conversation", default="")
    return await asking_of(playground, reader, message=number(found, "message"), where=where)


async def _seen(work: Work, reader: Person, message: int | None) -> Posted | None:
    """A message by its number, if this person sees it."""
    if message is None:
        return None
    posted = await work.find(Posted, message)
    if posted is None or posted.audience_id not in (None, reader.id):
        raise Bad(f"There is no message {message} for this person.", status=404)
    await conversation(work, reader, posted.conversation)
    return posted


def _bad(asking: Asking, refused: Refused) -> Bad:
    return Bad(asking.playground.speaker(asking.reader.zone).text(refused.words))
