"""The people's way to the bot: whatever they type, press or send is a Request, as a platform would make it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from adapters.simulation.deliver import Mail
from adapters.simulation.people import Resident
from bot.texts import asking as failures
from bot.ui import Answer, Button, Changed, Form, Message, Reply, Text
from commands.dispatch import Dispatch
from commands.spec import Refused, Request

PLATFORM, SPACE = "simulation", "simulation"

_FAILED = failures.failed("").notice.msgid


@dataclass(slots=True)
class Asking:
    """Asks the bot in people's names, counts it, and keeps what went wrong with the command that it happened to."""

    dispatch: Dispatch
    asked: int = 0
    failed: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    """Forms that came back with complaints."""

    async def types(self, who: Resident, text: str) -> Reply:
        """A command typed to the bot."""
        return await self._ask(_request(who, text))

    async def presses(self, who: Resident, button: Button, mail: Mail | None = None) -> Reply:
        """A button, of a letter or (without one) of the last answer."""
        reply = await self._ask(_request(who, button.run, args=button.args, mail=mail))
        if isinstance(reply, Changed) and mail is not None and mail.user:
            mail.message = reply.message
        return reply

    async def sends(self, who: Resident, form: Form, answers: Mapping[str, Answer]) -> Reply:
        """A form that should be in order."""
        reply = await self.tries(who, form, answers)
        if isinstance(reply, Form):
            complaints = (f"{name}: {words.msgid}" for name, words in reply.errors.items())
            self.returned.append(f"{form.run}: {', '.join(complaints)}")
        return reply

    async def tries(self, who: Resident, form: Form, answers: Mapping[str, Answer]) -> Reply:
        """A form, with what it knew already and these answers to what it asks."""
        asked = {one.name for one in form.fields}
        given = {name: answer for name, answer in answers.items() if name in asked}
        return await self._ask(_request(who, form.run, args={**form.values, **given}, submitted=True))

    async def keeps(self, who: Resident, form: Form, answers: Mapping[str, Answer]) -> None:
        """A form that is closed half filled in."""
        self.asked += 1
        try:
            await self.dispatch.keep(_request(who, form.run, args={**form.values, **answers}))
        except Refused as refused:
            self.failed.append(f"keep {form.run}: {refused.words.msgid}")

    async def _ask(self, request: Request) -> Reply:
        self.asked += 1
        reply = await self.dispatch.answer(request)
        if isinstance(reply, Message) and reply.notice.msgid == _FAILED:
            self.failed.append(f"{request.text} {dict(request.args)}".strip())
        return reply


def buttons(shown: Reply) -> Iterator[Button]:
    """Every button of an answer or a message; a form has none."""
    message = shown.message if isinstance(shown, Changed) else shown
    return message.buttons() if isinstance(message, Message) else iter(())


def button(shown: Reply, run: str, **args: str) -> Button | None:
    """The first button that runs a command with these arguments, among others."""
    return next((one for one in buttons(shown) if one.run == run and args.items() <= one.args.items()), None)


def sentence(message: Message, containing: str) -> str:
    """The source words of the first paragraph that contains something, with what stands in its places."""
    texts = (part.words for part in message.parts if isinstance(part, Text))
    found = (inner for words in texts for inner in (*words.places.values(), words) if hasattr(inner, "msgid"))
    return next((words.msgid for words in found if containing in words.msgid), "")


def _request(
    who: Resident,
    text: str,
    *,
    args: Mapping[str, Answer] | None = None,
    mail: Mail | None = None,
    submitted: bool = False,
) -> Request:
    return Request(
        platform=PLATFORM,
        space=SPACE,
        user=who.user,
        text=text,
        args=args or {},
        submitted=submitted,
        conversation=f"dm-{who.user}" if mail is None else mail.receipt.conversation,
        pressed=None if mail is None else mail.receipt,
        name=who.name,
        zone=who.zone,
    )
