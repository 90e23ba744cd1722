"""Answering within the three seconds that Slack gives, whatever the database does.

What is ready after a second and a half is the answer. Else Slack is told that it was heard, a modal that must open now
opens empty, and the answer follows by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from adapters.slack import forms
from adapters.slack.answers import Answer, failed, unshown
from adapters.slack.errands import Errand
from adapters.slack.home import Home
from adapters.slack.incoming import Asked
from adapters.slack.inputs import Choices, option
from adapters.slack.people import PLATFORM, People
from adapters.slack.replies import Replies, TooLate
from adapters.slack.speaker import SlackSpeaker
from bot.domain.zones import matching_zones
from bot.storage.queries import MOST_CHOICES
from bot.texts import asking
from bot.ui import Changed, Choice, Form, Kind, Message
from commands.dispatch import Dispatch
from commands.spec import Refused, Request

log = structlog.get_logger()

PATIENCE = 1.5
"""Seconds until an answer goes its own way; Slack waits for three."""

REST = 0.9
"""Seconds that a call to Slack may keep an acknowledgement waiting on top of that."""

SETTLING = 0.3
"""Seconds until Slack has shown what an acknowledgement puts into a modal: an update before that would be undone."""

_SILENT = (SlackApiError, ClientError, TimeoutError)
"""What a call to Slack may raise: it is not done, or nobody hears whether it was."""


class Answering:
    """Answers what people type, press and send."""

    def __init__(self, dispatch: Dispatch, people: People, replies: Replies, home: Home) -> None:
        self.dispatch = dispatch
        self.people = people
        self.replies = replies
        self.home = home
        self._under_way: set[asyncio.Task[Any]] = set()

    async def settled(self) -> None:
        """Let what is under way come to its end."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self.home.settled()

    async def command(self, asked: Asked, ack: AsyncAck) -> None:
        """A slash command: the acknowledgement is the answer, or a modal opens."""
        answer = self._begin(self._answer(asked))
        if not await _ready(answer, PATIENCE):
            await self._follow(asked, answer, ack)
            return
        found = answer.result()
        said = found.reply.message if isinstance(found.reply, Changed) else found.reply
        if not isinstance(said, Message) or said.kept:
            await self.within(self._finish(found), ack)
            return
        first, *rest = found.posts
        await ack(**first, response_type="ephemeral" if said.private else "in_channel")
        if rest:
            self._begin(self.replies.say(asked, rest, private=said.private))
        self.home.touch(asked.team, asked.user)

    async def press(self, asked: Asked, ack: AsyncAck) -> None:
        """A button: the message changes, an answer stands beside it, or a modal opens."""
        answer = self._begin(self._answer(asked))
        if not await _ready(answer, PATIENCE):
            await self._follow(asked, answer, ack)
            return
        await self.within(self._finish(answer.result()), ack)

    async def typed(self, asked: Asked, ack: AsyncAck) -> None:
        """Words in the direct message: the answer is the next message there."""
        answer = self._begin(self._answer(asked))
        self._begin(self._finish_later(answer))
        await _ready(answer, PATIENCE)
        await ack()

    async def submit(self, asked: Asked, ack: AsyncAck) -> None:
        """A modal that was sent: it says what is wrong, goes on, or closes and leaves the answer where it was asked."""
        answer = self._begin(self._answer(asked))
        if not await _ready(answer, PATIENCE):
            await ack(response_action="update", view=forms.note(SlackSpeaker(), asking.SAVING))
            self._begin(self._finish_later(answer, view=asked.view, after=SETTLING))
            return
        found = answer.result()
        if not isinstance(found.reply, Form) or found.modal is None:
            await ack(response_action="clear")
            self._begin(self._finish(found))
            return
        same = found.reply.run == asked.text
        beside = forms.errors(found.reply, found.speaker, asked.shown) if same else None
        if beside:
            await ack(response_action="errors", errors=beside)
        else:
            await ack(response_action="update", view=found.modal)

    async def more(self, asked: Asked, ack: AsyncAck) -> None:
        """Show all questions of an open modal, with what stands in it."""
        await self.within(self._open_whole(asked), ack)

    async def leave(self, asked: Asked, ack: AsyncAck) -> None:
        """A modal that was left: what was begun is kept."""
        if any(asked.args.values()):
            await self.within(self._leave(asked), ack)
        else:
            await ack()

    async def choices(self, asked: Asked, ack: AsyncAck, *, field: str, kind: str, typed: str) -> None:
        """What fits into a field, for what was typed so far; nothing where that takes too long."""
        search = self._begin(self._choices(asked, field, kind, typed))
        found = search.result() if await _ready(search, PATIENCE + REST) else []
        await ack(options=found)

    async def within(self, work: Coroutine[Any, Any, None], ack: AsyncAck) -> None:
        """Do something that may go on behind the acknowledgement if Slack itself is slow."""
        await _ready(self._begin(work), REST)
        await ack()

    async def _follow(self, asked: Asked, answer: asyncio.Task[Answer], ack: AsyncAck) -> None:
        """The answer takes its time: acknowledge now, with an empty modal if there may have to be one."""
        opening = self._begin(self._loading(asked))
        await _ready(opening, REST)
        await ack()
        self._begin(self._finish_later(answer, opening=opening))

    async def _answer(self, asked: Asked) -> Answer:
        try:
            reply = await self.dispatch.answer_once(await self._request(asked))
        except Exception:
            return Answer.of(asked, failed())
        try:
            known = await self._known(asked, reply) if isinstance(reply, Form) else {}
            return Answer.of(asked, reply, await self.people.speaker(asked.team, asked.user, reply), known)
        except Exception:  # the command has run: a bug here does not undo it
            return Answer.of(asked, unshown())

    async def _request(self, asked: Asked) -> Request:
        """What Slack asks twice acts once; what only reads may be read twice, and needs no writing for that."""
        command = self.dispatch.command(asked.text)
        reads_only = command is not None and command.reads and bool(asked.trigger)
        asks_admin = command is not None and command.asks_admin
        return await self.people.request(asked, asks_admin=asks_admin, event="" if reads_only else asked.event)

    async def _known(self, asked: Asked, form: Form) -> Choices:
        """The labels of what is chosen already in fields that are searched."""
        known = dict(asked.known)
        for field in form.fields:
            given = form.values.get(field.name)
            if field.source and given and field.name not in known and field.kind is not Kind.TIMEZONE:
                known[field.name] = await self._found(asked, form.run, field.name)
        return known

    async def _found(self, asked: Asked, run: str, field: str, typed: str = "") -> list[Choice]:
        request = Request(platform=PLATFORM, space=asked.team, user=asked.user, text=run, args=asked.args)
        try:
            return list(await self.dispatch.choices(request, field, typed))
        except Refused:
            return []

    async def _choices(self, asked: Asked, field: str, kind: str, typed: str) -> list[Option]:
        if kind == Kind.TIMEZONE:
            found = [Choice(zone, zone.replace("_", " ")) for zone in matching_zones(typed)[:MOST_CHOICES]]
        else:
            found = await self._found(asked, asked.text, field, typed)
        speaker = SlackSpeaker()
        return [option(choice, speaker) for choice in found]

    async def _loading(self, asked: Asked) -> str:
        """An empty modal that waits for the answer; nothing where there is none."""
        command = self.dispatch.command(asked.text)
        if command is None or not command.opens:
            return ""
        try:
            return await self.replies.open(asked, forms.note(SlackSpeaker(), asking.LOADING))
        except TooLate:
            return ""
        except _SILENT as error:
            log.warning("no modal while an answer takes its time", error=type(error).__name__)
            return ""

    async def _finish_later(
        self,
        answer: asyncio.Task[Answer],
        *,
        view: str = "",
        opening: asyncio.Task[str] | None = None,
        after: float = 0,
    ) -> None:
        """The same with a modal that waits already, or whose opening is under way: Slack may be slow as well."""
        found = await answer
        await asyncio.sleep(after)
        await self._finish(found, view=view if opening is None else await opening)

    async def _finish(self, answer: Answer, *, view: str = "") -> None:
        """Bring an answer where it belongs; `view` is a modal that waits for it."""
        asked, reply = answer.asked, answer.reply
        if isinstance(reply, Form) and answer.modal is not None:
            await self._form(answer, reply, answer.modal, at=view)
        else:
            if view:
                await self._close(answer, view)
            if isinstance(reply, Changed):
                await self.replies.change(asked, answer.posts)
            elif isinstance(reply, Message):
                await self.replies.say(asked, answer.posts, private=reply.private, kept=reply.kept)
        if asked.home:
            await self.home.show(asked.team, asked.user)
        else:
            self.home.touch(asked.team, asked.user)

    async def _form(self, answer: Answer, form: Form, modal: View, *, at: str) -> None:
        asked = answer.asked
        try:
            if at:
                await self.replies.update(asked, modal, at=at)
            else:
                await self.replies.open(asked, modal)
        except TooLate:
            await self.replies.say(asked, answer.also(asking.open_form(form.title, form.run)), kept=True)
        except _SILENT:
            await self.replies.say(asked, answer.also(unshown()))

    async def _close(self, answer: Answer, view: str) -> None:
        """No modal can be closed from afar: it says that the answer is elsewhere, if Slack lets it."""
        with suppress(TooLate, *_SILENT):
            await self.replies.update(answer.asked, forms.note(answer.speaker, asking.ANSWERED), at=view)

    async def _open_whole(self, asked: Asked) -> None:
        await self._keep(asked)
        request = Request(platform=PLATFORM, space=asked.team, user=asked.user, text=asked.text)
        form = await self.dispatch.answer(request)
        if isinstance(form, Form):
            speaker = await self.people.speaker(asked.team, asked.user, form)
            modal = forms.Modal(speaker, Errand(form.run, asked.way, asked.community), await self._known(asked, form))
            await self.replies.update(asked, modal.view(form, whole=True), at=asked.view)

    async def _leave(self, asked: Asked) -> None:
        await self._keep(asked)
        self.home.touch(asked.team, asked.user)

    async def _keep(self, asked: Asked) -> None:
        request = Request(platform=PLATFORM, space=asked.team, user=asked.user, text=asked.text, args=asked.args)
        try:
            await self.dispatch.keep(request)
        except Refused:
            log.info("form of an unknown command left")

    def _begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start something that outlives its request; what goes wrong in it is logged."""
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("answer lost", exc_info=error)


async def _ready(task: asyncio.Task[Any], seconds: float) -> bool:
    """Whether something has come to its end in time; it goes on if not."""
    await asyncio.wait([task], timeout=seconds)
    return task.done() and not task.cancelled() and task.exception() is None
