"""The standing cast and the bot's own commands: from the open call to a pair's first words, over the API alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox import seed
from commands import CATALOG
from tests.adapters.sandbox.conftest import Caller, running

GUIDE = (Path(seed.__file__).parent / "page" / "guide.js").read_text(encoding="utf-8")

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
async def town(database: str) -> AsyncIterator[Caller]:
    """A sandbox with its cast, as somebody finds it who starts it for the first time."""
    async with running(database, CATALOG, cast=True) as caller:
        yield caller


async def _numbers(town: Caller) -> dict[str, int]:
    return {person["name"]: person["id"] for person in (await town.get("/api/people"))["people"]}


async def _room(town: Caller, person: int) -> Any:
    for _turn in range(30):
        seen = (await town.get(f"/api/people/{person}/conversations"))["conversations"]
        if found := [one for one in seen if one["kind"] == "room" and one["newest"]]:
            return found[0]
        await town.post("/api/clock", {"forward": {"next": True}})
    raise AssertionError("there is no room")


async def test_the_call_is_open_and_some_have_applied(town: Caller) -> None:
    people = await _numbers(town)
    [call] = (await town.get("/api/channels/mentoring/messages"))["messages"]
    assert call["buttons"][0]["run"] == "mentor join"
    said = {name: [m["text"] for m in await town.inbox(number)] for name, number in people.items()}
    assert said["Ben"][0].startswith("Your mentoring application has arrived. Thank you, Ben.")
    assert said["Ada"] == []
    assert not [text for texts in said.values() for text in texts if "I do not know that command" in text]


async def test_a_program_is_played_to_the_first_words_of_a_pair(town: Caller) -> None:
    people = await _numbers(town)
    ada, ben, olga = people["Ada"], people["Ben"], people["Olga"]
    form = (await town.types(ada, "/mentor join role:mentee"))["form"]
    assert form["values"]["wishes"] == ["cataloging", "publishing"], "what Ada began is offered again"
    values = {**form["values"], "conduct": True}
    arrived = await town.post(f"/api/people/{ada}/submit", {"run": form["run"], "values": values})
    assert "Thank you, Ada." in arrived["message"]["text"]
    await town.post(f"/api/people/{olga}/press", {"run": "cohort match now", "args": {"cohort": "1"}})
    proposed = (await town.inbox(olga))[-1]
    assert proposed["unasked"] is True, "the result is a letter, and it is there when the press is answered"
    review = (await town.types(olga, "/cohort review"))["message"]
    assert "Ada with Ben." in review["text"]
    published = await town.post(f"/api/people/{olga}/press", {"run": "cohort publish now", "args": {"cohort": "1"}})
    assert "5 pairs are published." in published["message"]["text"]
    room = await _room(town, ada)
    assert room["people"] == [ada, ben]
    assert (await town.inbox(ben))[-1]["text"].startswith("Ada, meet Ben. Ben, meet Ada.")
    await town.types(ben, "Hello Ada!", conversation=room["id"])
    seen = (await town.get(f"/api/people/{ada}/messages?conversation={room['id']}"))["messages"]
    assert [m["from"] for m in seen] == ["mentorbot", "Ben"]


async def test_what_the_page_suggests_can_be_typed() -> None:
    suggested = re.findall(r'type: "/([a-z ]+)"', GUIDE)
    assert len(suggested) >= 5
    assert [path for path in suggested if path not in CATALOG.commands] == []
