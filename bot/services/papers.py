"""Files of messages: made when they are delivered, from the rows of that moment, and kept nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.services import people_file
from bot.storage.work import Storage, Work
from bot.ui import Paper

Args = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one kind of file is made: what is read, and how that is written.

    `read` gives nothing where the file may not be made (any more). `write` is pure, and runs with no Work open.
    """

    read: Callable[[Work, Args], Awaitable[Any | None]]
    write: Callable[[Any], bytes]


RECIPES: Mapping[str, Recipe] = {"people": Recipe(people_file.read, people_file.write)}
"""Every kind of file by the name of its maker."""


async def made(storage: Storage, paper: Paper) -> bytes | None:
    """What is in a file; nothing for one that cannot be made any more."""
    recipe = RECIPES.get(paper.maker)
    if recipe is None:
        return None
    async with storage.reading() as work:
        facts = await recipe.read(work, paper.args)
    return None if facts is None else await asyncio.to_thread(recipe.write, facts)
