"""Playing on the sandbox, over HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.storage.work import Storage
from bot.ui import Answer
from commands import CATALOG
from tests.adapters.sandbox.conftest import Caller, running
from tests.reach import Reach
from tests.stage import START
from tests.transcripts.player import Player, Pressable, Shown


class SandboxPlayer(Player):
    """Plays against a running sandbox."""

    def __init__(self, caller: Caller, reach: Reach) -> None:
        super().__init__()
        self.caller = caller
        self.reach = reach
        self.people: dict[str, int] = {}
        self.last: dict[str, dict[str, Any]] = {}

    @property
    def storage(self) -> Storage:
        return self.caller.playground.app.storage

    async def arrive(self, who: str, zone: str, *, first: bool) -> None:
        self.people[who] = await self.caller.person(who, timezone=zone)
        await self.types(who, "/mentor help")

    async def types(self, who: str, text: str) -> None:
        await self._ask(who, "type", {"text": re.sub(r"@(\w+)", r"\1", text)})

    async def says(self, who: str, text: str) -> None:
        await self._ask(who, "type", {"text": text})

    async def begins(self, who: str, answers: Mapping[str, Answer]) -> None:
        form = self.last[who]["form"]
        values = {**form["values"], **await self._chosen(who, form, answers)}
        await self.caller.post(self._address(who, "draft"), {"run": form["run"], "values": values})

    async def sends(self, who: str, answers: Mapping[str, Answer]) -> None:
        assert "form" in self.last[who], f"{who} has no open form, but reads {await self.answered(who)!r}"
        form = self.last[who]["form"]
        values = {**form["values"], **await self._chosen(who, form, answers)}
        self.reach.send(CATALOG, form["run"])
        await self._ask(who, "submit", {"run": form["run"], "values": values})
        again = self.last[who].get("form")
        assert again is None or not again["errors"], again["errors"]

    async def press(self, who: str, shown: Shown, button: Pressable) -> None:
        run, args = button.handle["run"], button.handle["args"]
        self.reach.press(CATALOG, run, args)
        await self._ask(who, "press", {"run": run, "args": args, "message": shown.name})

    async def shown(self, who: str) -> Sequence[Shown]:
        found = (await self.caller.get(self._address(who, "inbox")))["messages"]
        return [_shown(message) for message in [*await self._calls(), *found]]

    async def since(self, who: str) -> Sequence[Shown]:
        newest = max(self.met.get(who, set()), default=0)
        found = (await self.caller.get(f"{self._address(who, 'inbox')}?after={newest}"))["messages"]
        return [_shown(message) for message in found]

    async def answered(self, who: str) -> str:
        last = self.last[who]
        if "message" in last:
            return str(last["message"]["text"])
        fields = (f"{field['label']} {field['hint']}" for field in last["form"]["fields"])
        return "\n".join([last["form"]["title"], last["form"]["intro"], *fields])

    async def posted(self, channel: str) -> Sequence[str]:
        found = await self.caller.get(f"/api/channels/{channel}/messages")
        return [message["text"] for message in found["messages"]]

    async def settle(self) -> None:
        """The sandbox has settled before it answers."""

    async def forward(self, **delta: float) -> None:
        await self.caller.post("/api/clock", {"forward": delta})

    async def _calls(self) -> Sequence[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.caller.get("/api/channels/mentoring/messages"))["messages"]
        return found

    async def _ask(self, who: str, verb: str, body: dict[str, Any]) -> None:
        self.last[who] = await self.caller.post(self._address(who, verb), body)

    async def _chosen(self, who: str, form: dict[str, Any], answers: Mapping[str, Answer]) -> dict[str, Answer]:
        fields = {field["name"]: field for field in form["fields"]}
        assert set(answers) <= set(fields), f"the form asks {sorted(fields)}"
        found: dict[str, Answer] = {}
        for name, answer in answers.items():
            several = [await self._value(who, form["run"], fields[name], one) for one in _several(answer)]
            found[name] = several[0] if isinstance(answer, str) else several
        return found

    async def _value(self, who: str, run: str, field: dict[str, Any], answer: str) -> str:
        """The value of a choice that is named by its label."""
        if not field["choices"] or field["kind"] == "timezone":
            return answer
        choices = field["choices"]
        if field["search"]:
            query = {"run": run, "field": field["name"], "kind": field["picker"], "typed": answer}
            asked = "&".join(f"{name}={value}" for name, value in query.items())
            choices = [*choices, *(await self.caller.get(f"{self._address(who, 'choices')}?{asked}"))["choices"]]
        for value, label in choices:
            if answer in (value, label):
                return str(value)
        near = [value for value, label in choices if answer in label]
        assert near, f"{field['name']} offers no {answer!r} but {choices}"
        return str(near[0])

    def _address(self, who: str, verb: str) -> str:
        return f"/api/people/{self.people[who]}/{verb}"


@asynccontextmanager
async def on_sandbox(database: str, reach: Reach) -> AsyncIterator[SandboxPlayer]:
    """A sandbox in which nobody is yet, and whose clock stands where every transcript begins."""
    async with running(database, reach.watched(CATALOG), cast=False, reach=reach) as caller:
        caller.playground.clock.set(START)
        yield SandboxPlayer(caller, reach)


def _shown(message: dict[str, Any]) -> Shown:
    buttons: list[Pressable] = []
    for part in message["parts"]:
        for row in part.get("rows", ()) if part["kind"] == "rows" else ():
            buttons += [Pressable(one["label"], row["text"], one) for one in row["buttons"]]
        if part["kind"] == "buttons":
            buttons += [Pressable(one["label"], message["text"], one) for one in part["buttons"]]
    return Shown(message["id"], message["text"], buttons)


def _several(answer: Answer) -> Sequence[str]:
    return [answer] if isinstance(answer, str) else answer
