"""Mentions that somebody types where a name is asked for: Discord sends their numbers, the bot knows its own."""

from __future__ import annotations

import re

from adapters.discord.composing import PLATFORM
from bot.storage import queries
from bot.storage.work import Storage
from bot.ui import Answer

_MENTION = re.compile(r"\s*<(#|@!?)(\d{1,20})>\s*")


async def resolved(storage: Storage, space: int | None, args: dict[str, Answer]) -> dict[str, Answer]:
    """The answers of a command, with channels and people that were mentioned as they are chosen from a list."""
    found = {name: _MENTION.fullmatch(answer) for name, answer in args.items() if isinstance(answer, str)}
    mentioned = {name: mention for name, mention in found.items() if mention is not None}
    if not mentioned:
        return args
    answers = dict(args)
    async with storage.reading() as work:
        for name, mention in mentioned.items():
            if mention[1] == "#":
                answers[name] = mention[2]
            elif (known := await queries.account_of(work, PLATFORM, str(space), mention[2])) is not None:
                answers[name] = str(known[1].id)
    return answers
