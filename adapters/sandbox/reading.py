"""What a person, a channel or a tool reads: messages with everything that the page shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy import func, select

from adapters.sandbox import render
from adapters.sandbox.board import for_all, for_person, newest, newest_revision
from adapters.sandbox.body import in_path, in_query, text
from adapters.sandbox.conversations import BOT, Conversation, channels, of_channel, seen_by
from adapters.sandbox.gate import Bad
from adapters.sandbox.playground import (
    PLAYGROUND,
    Playground,
    community,
    conversation,
    person,
    space,
)
from adapters.sandbox.tables import Posted
from bot.domain import Person
from bot.storage.work import Work
from bot.ui import codec

routes = web.RouteTableDef()


async def shown(playground: Playground, messages: Sequence[Posted], *, reader: Person | None) -> list[dict[str, Any]]:
    """Messages as JSON, for a person or for everybody in a channel."""
    async with playground.app.storage.reading() as work:
        zone = reader.zone if reader else (await community(work)).zone
        authors = {message.author_id for message in messages if message.author_id}
        names = await work.session.execute(select(Person.id, Person.name).where(Person.id.in_(authors)))
        called = {row.id: row.name for row in names}
    language = reader.language if reader else "en"
    return [_head(message, called) | _content(playground, message, zone, language) for message in messages]


@routes.get("/api/people/{id}/inbox")
async def inbox(request: web.Request) -> web.Response:
    """What the bot said to a person in their own conversation and in the rooms of their pairs."""
    playground = request.app[PLAYGROUND]
    async with playground.app.storage.reading() as work:
        reader = await person(work, in_path(request, "id", what="person"))
        seen = await seen_by(work, reader, await space(work))
        own = [one.id for one in seen if one.kind != "channel"]
        wanted = for_person(reader.id).where(Posted.author_id.is_(None), Posted.conversation.in_(own))
        found = await work.all(wanted.where(Posted.id > in_query(request, "after")).order_by(Posted.id))
    return web.json_response({"messages": await shown(playground, found, reader=reader)})


@routes.get("/api/people/{id}/conversations")
async def conversations(request: web.Request) -> web.Response:
    """Everything that a person sees, each with the number of its newest message that is not their own."""
    playground = request.app[PLAYGROUND]
    async with playground.app.storage.reading() as work:
        reader = await person(work, in_path(request, "id", what="person"))
        seen = await seen_by(work, reader, await space(work))
        latest = await _latest(work, reader, seen)
    listed = [_conversation(one) | {"newest": latest.get(one.id, 0)} for one in seen]
    return web.json_response({"conversations": listed})


@routes.get("/api/people/{id}/messages")
async def messages(request: web.Request) -> web.Response:
    """One conversation as a person sees it; `since` asks for what is new or changed after a revision."""
    playground = request.app[PLAYGROUND]
    async with playground.app.storage.reading() as work:
        reader = await person(work, in_path(request, "id", what="person"))
        where = await conversation(work, reader, text(request.query, "conversation", default=f"dm-{reader.id}"))
        wanted = for_person(reader.id).where(Posted.conversation == where.id)
        found = await newest(work, wanted.where(Posted.revision > in_query(request, "since")))
        revision = await newest_revision(work)
    return web.json_response({"revision": revision, "messages": await shown(playground, found, reader=reader)})


@routes.get("/api/channels")
async def listed_channels(request: web.Request) -> web.Response:
    """All channels."""
    async with request.app[PLAYGROUND].app.storage.reading() as work:
        found = [_conversation(of_channel(channel)) for channel in await channels(work, await space(work))]
    return web.json_response(
        {"channels": [{"name": c["title"], "private": c["private"], "conversation": c["id"]} for c in found]}
    )


@routes.get("/api/channels/{name}/messages")
async def channel_messages(request: web.Request) -> web.Response:
    """What everybody in a channel sees, from the bot and from people, in the community's zone."""
    playground, name = request.app[PLAYGROUND], request.match_info["name"]
    async with playground.app.storage.reading() as work:
        found = [channel for channel in await channels(work, await space(work)) if channel.name == name]
        if not found:
            raise Bad(f"There is no channel “{name[:40]}”.", status=404)
        wanted = for_all().where(Posted.conversation == found[0].conversation, Posted.id > in_query(request, "after"))
        posted = await work.all(wanted.order_by(Posted.id))
    return web.json_response({"messages": await shown(playground, posted, reader=None)})


async def _latest(work: Work, reader: Person, seen: Sequence[Conversation]) -> dict[str, int]:
    others = (Posted.author_id.is_(None)) | (Posted.author_id != reader.id)
    rows = await work.session.execute(
        select(Posted.conversation, func.max(Posted.id))
        .where(
            Posted.conversation.in_([one.id for one in seen]),
            others,
            Posted.audience_id.is_(None) | (Posted.audience_id == reader.id),
        )
        .group_by(Posted.conversation)
    )
    return {row[0]: row[1] for row in rows}


def _conversation(seen: Conversation) -> dict[str, Any]:
    return {
        "id": seen.id,
        "title": seen.title,
        "kind": seen.kind,
        "private": seen.private,
        "people": list(seen.people),
    }


def _head(message: Posted, called: dict[int, str]) -> dict[str, Any]:
    return {
        "id": message.id,
        "at": iso(message.posted_at),
        "from": BOT if message.author_id is None else called.get(message.author_id, "somebody"),
        "author": message.author_id or 0,
        "conversation": message.conversation,
        "unasked": message.letter is not None,
        "only_you": message.audience_id is not None,
        "changed": message.changed_at is not None,
    }


def _content(playground: Playground, message: Posted, zone: str, language: str) -> dict[str, Any]:
    if message.message is None:
        words = {"kind": "text", "text": message.words}
        return {"text": message.words, "notice": "", "parts": [words], "buttons": []}
    speaker = playground.speaker(zone, language)
    return render.message(codec.load(message.message), speaker, number=message.id)


def iso(instant: datetime) -> str:
    """A moment in the API: UTC, to the second."""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
