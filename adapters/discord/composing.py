"""From the bot's replies to what Discord is sent: people looked up, links shortened, charts drawn, forms kept."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, select

from adapters.discord import forms, links, render, words
from adapters.discord.limits import LONGEST_ALT, cut
from adapters.discord.speaker import DiscordSpeaker, LabelSpeaker
from adapters.discord.tables import OpenForm
from bot.domain import Account, Space
from bot.services import papers
from bot.storage.work import Storage
from bot.ui import Changed, Choice, Form, Kind, Message, Paper, Picture, Reply, message
from bot.ui.mentions import people_in
from commands.dispatch import Dispatch
from commands.spec import Refused, Request

PLATFORM = "discord"

MEMORY = timedelta(days=30)
"""How long a form that was opened can be gone on with; what was answered is kept as a draft, too."""

_FORMS = TypeAdapter(Form)
_SEARCHED = frozenset({Kind.ONE, Kind.MANY, Kind.PERSON, Kind.PEOPLE, Kind.CHANNEL})


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with a message; `alt` says what an image shows."""

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message, ready to be sent: text, rows of buttons, and files."""

    content: str
    components: Sequence[dict[str, Any]] = ()
    files: Sequence[Enclosure] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer of one message or several.

    `changes`: it replaces the message whose button was pressed. `copied`: it is needed again, and private answers
    vanish, so it also goes to the person's direct messages.
    """

    sheets: Sequence[Sheet]
    private: bool = True
    changes: bool = False
    copied: bool = False
    letters: Sequence[int] = ()
    """The letters whose words it shows: they count as read once it was given."""
    beside: bool = False
    """It never replaces the message whose button was pressed: the form's answer may stand there by now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A modal, and what is shown where none can be opened any more."""

    modal: dict[str, Any]
    instead: Shown


Outcome = Shown | Asked


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that somebody is filling in."""

    key: str
    form: Form


class Composer:
    """Composes answers and letters."""

    def __init__(self, storage: Storage, dispatch: Dispatch) -> None:
        self.storage = storage
        self.dispatch = dispatch

    async def reply(self, reply: Reply, request: Request) -> Outcome:
        """What somebody sees of a reply."""
        if isinstance(reply, Form):
            return await self._form(reply, request)
        said = reply.message if isinstance(reply, Changed) else reply
        copied = said.kept and request.space is not None
        return Shown(await self.sheets(said), said.private, isinstance(reply, Changed), copied)

    async def sheets(self, said: Message, *, community: int | None = None, noticed: bool = False) -> list[Sheet]:
        """A message as messages of Discord's; `community` is what its buttons carry where they say nothing else."""
        speaker = DiscordSpeaker(await self._users(people_in(said)))
        pages = render.pages(said, speaker, community=community, noticed=noticed)
        carried = await links.shortened(self.storage, (link for page in pages for link in page.links()))
        return [Sheet(page.content, page.components(carried), await self._enclosures(page.enclosed)) for page in pages]

    async def held(self, said: Message) -> Shown:
        """What stands in a thread instead of a letter that nobody but its reader may read there."""
        notice, *_more = await self.sheets(message(said.notice, words.HELD))
        speaker = LabelSpeaker()
        return _with_buttons(notice.content, [(speaker.text(words.READ), "r:"), (speaker.text(words.TRY_AGAIN), "d:")])

    async def kept(self, key: str, user: str) -> Kept | None:
        """The form that this person is filling in, if it is still here."""
        async with self.storage.reading() as work:
            row = await work.first(select(OpenForm).where(OpenForm.key == key, OpenForm.user == user))
        return None if row is None or _is_closed(row) else Kept(key, _FORMS.validate_python(row.form))

    async def keep(self, kept: Kept) -> None:
        """Write down what was answered so far."""
        async with self.storage.work() as work:
            row = await work.first(select(OpenForm).where(OpenForm.key == kept.key))
            if row is not None and not _is_closed(row):
                row.form = _FORMS.dump_python(kept.form, mode="json")

    async def close(self, kept: Kept, user: str, *, by: str, sent: bool) -> None:
        """Let go of a form's words; `by` is the interaction that brought them.

        Where it was `sent`, so do other openings of the same form, which began with the same draft. Else it came back
        under another key.
        """
        form = kept.form
        mine = select(OpenForm).where(OpenForm.user == user, OpenForm.form["run"].as_string() == form.run)
        async with self.storage.work() as work:
            for row in await work.all(mine if sent else mine.where(OpenForm.key == kept.key)):
                if row.form["community"] == form.community:
                    row.form = {"by": by, "sent": sent}

    async def gone(self, key: str, user: str, *, by: str) -> Shown | None:
        """What is said where a form is not open any more; nothing where the same interaction is brought again."""
        async with self.storage.reading() as work:
            row = await work.first(select(OpenForm).where(OpenForm.key == key, OpenForm.user == user))
        if row is None or not _is_closed(row):
            return plain(DiscordSpeaker().text(words.GONE))
        if row.form["by"] == by:
            return None
        said = words.sent() if row.form["sent"] else words.GONE
        return replace(plain(DiscordSpeaker().text(said)), beside=True)

    async def forget_forms(self) -> None:
        """Forget forms that were opened long ago."""
        async with self.storage.work() as work:
            old = delete(OpenForm).where(OpenForm.opened_at <= work.now - MEMORY)
            await work.session.execute(old)

    def page(self, kept: Kept, sheet: int, *, from_ours: bool) -> Asked:
        """A page of a form. `from_ours`: it was opened from a message of the form's own, which may be replaced."""
        custom_id = f"f:{kept.key}:{sheet}:{int(from_ours)}"
        return Asked(
            forms.modal(kept.form, sheet, custom_id=custom_id, speaker=LabelSpeaker()),
            self.offer(kept, sheet),
        )

    def offer(self, kept: Kept, sheet: int) -> Shown:
        """A message that opens the form: where a modal cannot be opened at once, and where something is wrong."""
        speaker = DiscordSpeaker()
        wrong = forms.errors(kept.form)
        lines = [f"- **{speaker.text(field.label)}** {speaker.text(said)}" for field, said in wrong]
        first = words.WRONG if wrong else words.READY
        content = "\n".join([speaker.text(first), *lines])
        label = words.TRY_AGAIN if wrong else words.OPEN
        return _with_buttons(content, [(LabelSpeaker().text(label), f"o:{kept.key}:{sheet}")])

    def again(self, failed: Shown, kept: Kept) -> Shown:
        """Our own failure, with a button that sends the same form again."""
        *first, last = failed.sheets
        button = _with_buttons("", [(LabelSpeaker().text(words.TRY_AGAIN), f"s:{kept.key}")]).sheets[0]
        return replace(failed, sheets=[*first, replace(last, components=[*last.components, *button.components])])

    def next_page(self, kept: Kept, sheet: int) -> Shown:
        """What stands between two pages: no modal may follow a modal."""
        speaker, pages = LabelSpeaker(), len(forms.sheets(kept.form))
        opens = f"o:{kept.key}:{sheet}"
        if forms.is_needed(kept.form, sheet):
            left = sum(forms.is_needed(kept.form, n) for n in range(sheet, pages))
            button = (speaker.text(words.go_on(sheet + 1, pages)), opens)
            return _with_buttons(DiscordSpeaker().text(words.kept(left)), [button])
        buttons = [
            (speaker.text(words.SEND), f"s:{kept.key}"),
            (speaker.text(words.add_more(sheet + 1, pages)), opens),
        ]
        return _with_buttons(DiscordSpeaker().text(words.ENOUGH), buttons)

    async def _form(self, form: Form, request: Request) -> Outcome:
        searched = [await self._found(field.name, request, form) for field in form.fields if _is_searched(field)]
        found = dict(searched)
        fields = tuple(replace(field, choices=tuple(found.get(field.name, field.choices))) for field in form.fields)
        kept = Kept(secrets.token_urlsafe(12), replace(form, fields=fields))
        async with self.storage.work() as work:
            dumped = _FORMS.dump_python(kept.form, mode="json")
            work.add(OpenForm(key=kept.key, user=request.user, form=dumped, opened_at=work.now))
        sheet = forms.sheet_with_errors(kept.form)
        return self.page(kept, sheet, from_ours=False)

    async def _enclosures(self, parts: Sequence[Picture | Paper]) -> list[Enclosure]:
        """Charts drawn and files made; a file that cannot be made any more leaves its name in the text."""
        found = []
        for number, part in enumerate(parts, start=1):
            if isinstance(part, Picture):
                found.append(await _drawn(part, number))
            elif (content := await papers.made(self.storage, part)) is not None:
                found.append(Enclosure(part.name, content))
        return found

    async def _found(self, name: str, request: Request, form: Form) -> tuple[str, Sequence[Choice]]:
        asked = replace(request, text=form.run, args=form.values, event="", submitted=False)
        with suppress(Refused):  # a field without choices still has its form
            return name, await self.dispatch.choices(asked, name, "")
        return name, ()

    async def _users(self, people: frozenset[int]) -> Mapping[int, str]:
        if not people:
            return {}
        async with self.storage.reading() as work:
            rows = await work.session.execute(
                select(Account.person_id, Account.user)
                .join(Space, Account.space_id == Space.id)
                .where(Space.platform == PLATFORM, work.among(Account.person_id, people))
            )
            return {person: user for person, user in rows if person is not None}


def closed() -> Shown:
    """What is said at once to somebody whose direct messages are closed."""
    button = (LabelSpeaker().text(words.TRY_AGAIN), "d:")
    return _with_buttons(DiscordSpeaker().text(words.CLOSED), [button])


def corner_note() -> Shown:
    """What stands first in the thread of one person."""
    button = (LabelSpeaker().text(words.TRY_AGAIN), "d:")
    return _with_buttons(DiscordSpeaker().text(words.CORNER), [button])


def plain(text: str) -> Shown:
    """An answer of one sentence."""
    return Shown([Sheet(text)])


def _with_buttons(content: str, buttons: Sequence[tuple[str, str]]) -> Shown:
    row = [
        {"type": 2, "style": render.MAIN if n == 0 else render.QUIET, "label": label, "custom_id": custom_id}
        for n, (label, custom_id) in enumerate(buttons)
    ]
    return Shown([Sheet(cut_lines(content), [{"type": 1, "components": row}])])


def cut_lines(content: str) -> str:
    """As many whole lines as fit into a message."""
    lines = content.split("\n")
    while len("\n".join(lines)) > 2000 and len(lines) > 1:
        lines.pop()
    return "\n".join(lines)[:2000]


def _is_closed(row: OpenForm) -> bool:
    return "by" in row.form


def _is_searched(field: Any) -> bool:
    return bool(field.source) and field.kind in _SEARCHED


async def _drawn(picture: Picture, number: int) -> Enclosure:
    alt = cut(LabelSpeaker().text(picture.alt), LONGEST_ALT)
    return Enclosure(f"chart-{number}.png", await asyncio.to_thread(_draw, picture), alt)


def _draw(picture: Picture) -> bytes:
    from bot.services.drawing import draw  # matplotlib takes most of a second: only who shows a chart waits for it

    return draw(picture, dark=True)
