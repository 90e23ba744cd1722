"""Mentions that somebody types where a name is asked for: Discord sends their numbers, the bot knows its own."""

from __future__ import annotations

import re

from adapters.discord.composing import PLATFORM
from bot.storage import queries
from bot.storage.work import Storage, Work
from bot.ui import Answer

_MENTION = re.compile(r"\s*<(#|@!?)(\d{1,20})>\s*")


async def resolved(storage: Storage, space: int | None, user: int, args: dict[str, Answer]) -> dict[str, Answer]:
    """The answers of a command of this user's, with channels and people that were mentioned as chosen from a list."""
    found = {name: _MENTION.fullmatch(answer) for name, answer in args.items() if isinstance(answer, str)}
    mentioned = {name: mention for name, mention in found.items() if mention is not None}
    if not mentioned:
        return args
    answers = dict(args)
    async with storage.reading() as work:
        for name, mention in mentioned.items():
            if mention[1] == "#":
                answers[name] = mention[2]
            elif (person := await _person(work, space, user, mention[2])) is not None:
                answers[name] = str(person)
    return answers


async def _person(work: Work, space: int | None, user: int, mentioned: str) -> int | None:
    """Whoever is mentioned on a server; in direct messages, whoever shares a server with the user, if that is clear."""
    here = {str(space)}
    if space is None:
        here = {server.external for _account, _person, server in await queries.accounts_of(work, PLATFORM, str(user))}
    known = await queries.accounts_of(work, PLATFORM, mentioned)
    found = {person.id for _account, person, server in known if server.external in here}
    return found.pop() if len(found) == 1 else None
