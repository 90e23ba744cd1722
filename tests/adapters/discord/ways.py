"""Where the buttons and the form of a message or a modal lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from adapters.discord import links
from adapters.discord.tables import OpenForm
from bot.storage.work import Storage
from commands import CATALOG
from tests.adapters.discord.contract import MODAL
from tests.reach import Reach

OWN = ("f:", "o:", "s:", "d:", "r:")
"""How what belongs to a form begins, and the buttons that open direct messages and letters that wait.

Each is reached by a replay, as every button of the catalog's is.
"""


async def note(reach: Reach, storage: Storage, body: Any) -> None:
    """Note all of a request's. Raises AssertionError for one that leads nowhere."""
    if not isinstance(body, Mapping):
        return
    found: Mapping[str, Any] = body["data"] if isinstance(body.get("data"), Mapping) else body
    if body.get("type") == MODAL:
        assert not (wrong := reach.ask(CATALOG, await run_of(storage, found["custom_id"]))), wrong
        return
    for button in buttons(found):
        if "url" in button or button["custom_id"].startswith(OWN):
            continue
        link = await links.followed(storage, button["custom_id"])
        assert link is not None, f"{button['custom_id']} leads nowhere"
        assert not (wrong := reach.show(CATALOG, link.run, dict(link.args))), wrong


async def run_of(storage: Storage, custom_id: str) -> str:
    """The command text that a modal's answers go to."""
    async with storage.reading() as work:
        row = await work.first(select(OpenForm).where(OpenForm.key == custom_id.split(":")[1]))
    assert row is not None, f"no form is kept for {custom_id}"
    return str(row.form["run"])


def buttons(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All buttons in order."""
    for row in body.get("components") or ():
        yield from (one for one in row.get("components") or () if one["type"] == 2)
