"""Asking the bot as an adapter does, and stopping the benchmark when it does not really answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.stage import PLATFORM
from bot.storage.work import Storage
from bot.texts import asking
from bot.ui import Answer, Message, Reply, Text
from commands import CATALOG
from commands.dispatch import Dispatch
from commands.spec import Refused, Request

_FAILED = asking.failed("").parts[0]


class Unanswered(Exception):  # noqa: N818 - the benchmark is wrong, not the bot
    """The bot refused, or met a bug: what was measured is not the command."""


class Asking(Dispatch):
    """Dispatch that lets no refusal and no bug pass for an answer."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage, CATALOG)
        self._refused: list[str] = []

    async def ask(
        self, space: str, person: int, text: str, args: Mapping[str, Answer] | None = None, *, submitted: bool = False
    ) -> Reply:
        """One request of somebody by number. Raises Unanswered."""
        request = Request(
            platform=PLATFORM,
            space=space,
            user=f"U{person}",
            text=text,
            args=args or {},
            submitted=submitted,
            is_admin=True,
        )
        reply = await self.answer(request)
        if self._refused:
            raise Unanswered(self._refused[0])
        first = reply.parts[0] if isinstance(reply, Message) and reply.parts else None
        if isinstance(first, Text) and isinstance(_FAILED, Text) and first.words.msgid == _FAILED.words.msgid:
            raise Unanswered(f"A bug answered {text!r}.")
        return reply

    async def _refusal(self, refused: Refused, request: Request) -> Reply:
        self._refused.append(f"{request.text!r} was refused: {refused.words.msgid}")
        return await super()._refusal(refused, request)


@contextmanager
def counting() -> Iterator[list[str]]:
    """The SQL statements that are executed meanwhile, without those that begin a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
