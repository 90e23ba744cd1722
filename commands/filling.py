"""Filling in a command: what was answered, what is wrong, and the form or the buttons that ask for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import Duty
from bot.storage.work import Work
from bot.texts import asking
from bot.ui import Answer, Button, Choice, Field, Form, Kind, Message, Reply, Words
from bot.ui.markup import plain
from commands import typed
from commands.reading import Reader, Sources, Unreadable, read
from commands.spec import Command, Me, Refused, Source

MOST_TAPS = 5
"""Choices that are asked by one button each; more are asked in the form."""


class Filling:
    """One person's answers to one command."""

    def __init__(self, work: Work, me: Me, sources: Sources, command: Command, answers: Mapping[str, Answer]) -> None:
        self.work = work
        self.me = me
        self.sources = sources
        self.command = command
        self.answers = dict(answers)
        self.values: dict[str, Any] = {}
        self._carried: set[str] = set()
        self._fields: Sequence[Field] = command.fields
        self._settled = False

    @property
    def run(self) -> str:
        """The command text that a form's answers go to: the path with what is settled already."""
        return typed.written(self.command.path, {name: self.answers[name] for name in self._carried})

    async def ask(self, *, submitted: bool, draft: Mapping[str, Answer], sure: bool = True) -> Reply | None:
        """What has to be asked before the command can run; nothing when `values` is complete. Raises Refused.

        Unless it is `sure` which typed words answer what, the form is shown with them.
        """
        tap = await self.settle()
        if tap is not None:
            return tap
        shown = self._shown()
        errors = await self._read(shown)
        given = any(field.name in self.answers for field in shown)
        wrong = {name: words for name, words in errors.items() if name in self.answers}
        typed_out = given and sure and not errors and not self.command.confirms
        if submitted or not shown or typed_out:
            return await self.form(errors) if errors else None
        prefilled = {} if self.command.prefill is None else await self.command.prefill(self.work, self.me, self.values)
        before = {**prefilled, **draft}
        self.answers = {**{k: v for k, v in before.items() if k not in self._carried}, **self.answers}
        return await self.form(wrong)  # what nobody has answered yet is asked, and not called wrong

    async def settle(self) -> Reply | None:
        """Answer what decides the other questions: taps, and choices of which there is only one."""
        if self._settled:
            return None
        for field in self.command.fields:
            if _decides(field):
                tap = await self._decide(field)
                if tap is not None:
                    return tap
        if self.command.more is not None:
            more = await self.command.more(self.work, self.me, self.values)
            names = {field.name for field in more}
            self._fields = (*(field for field in self.command.fields if field.name not in names), *more)
        self._settled = True
        return None

    async def form(self, errors: Mapping[str, Words]) -> Form:
        """The form as it stands, with sentences beside its fields."""
        await self.settle()
        shown = self._shown()
        names = {field.name for field in shown}
        values = {name: answer for name, answer in self.answers.items() if name in names}
        return Form(self.command.summary, self.run, shown, values, errors, self.command.intro)

    async def choices(self, name: str, searched: str) -> Sequence[Choice]:
        """Choices for one field of the form. Raises Refused for a field that is not there."""
        await self.settle()
        field = next((field for field in self._fields if field.name == name), None)
        if field is None:
            raise Refused(asking.unknown_field(name))
        return await self._choices(field, searched)

    async def _choices(self, field: Field, searched: str) -> Sequence[Choice]:
        if field.source:
            return await self.sources[field.source].find(self.work, self.me, searched, self.answers)
        return [choice for choice in field.choices if searched.casefold() in _plain(choice).casefold()]

    async def _decide(self, field: Field) -> Reply | None:
        """Settle one field: as answered, as the only choice there is, or by asking with buttons."""
        if field.kind is Kind.HIDDEN and field.name not in self.answers and not field.required:
            self.values[field.name] = None
            return None
        if field.name not in self.answers:
            choices = await self._choices(field, "")
            if not choices and field.source and field.required:
                raise await self._nothing(field)
            if field.kind is Kind.HIDDEN and not choices:
                raise Refused(asking.only_by_button(), reply=asking.lost(asking.only_by_button()))
            if not field.required or len(choices) > MOST_TAPS:
                return None
            if len(choices) > 1 or not field.source:
                return asking.choose(field.label, [self._tap(field, choice) for choice in choices], hint=field.hint)
            self.answers[field.name] = choices[0].value
        try:
            self.values[field.name] = await read(self._reader(), field)
        except Unreadable as unreadable:
            raise Refused(unreadable.words, reply=unreadable.reply or await self._again(field, unreadable)) from None
        self._carried.add(field.name)
        return None

    async def _again(self, field: Field, unreadable: Unreadable) -> Message | None:
        """What was not understood, with the choices there are, if buttons can hold them."""
        choices = [] if field.kind is Kind.HIDDEN else list(await self._choices(field, ""))[: MOST_TAPS + 1]
        if not 0 < len(choices) <= MOST_TAPS:
            return asking.lost(unreadable.words)
        return asking.choose(unreadable.words, [self._tap(field, choice) for choice in choices], hint=None)

    def _shown(self) -> tuple[Field, ...]:
        """The fields that are asked in the form."""
        return tuple(f for f in self._fields if f.name not in self._carried and f.kind is not Kind.HIDDEN)

    def _tap(self, field: Field, choice: Choice) -> Button:
        label = choice.label if isinstance(choice.label, Words) else asking.as_label(choice.label)
        settled = {name: answer for name, answer in self.answers.items() if isinstance(answer, str)}
        return Button(label, self.command.path, {**settled, field.name: choice.value})

    async def _read(self, fields: Sequence[Field]) -> dict[str, Words]:
        errors: dict[str, Words] = {}
        for field in fields:
            try:
                self.values[field.name] = await read(self._reader(), field)
            except Unreadable as unreadable:
                errors[field.name] = unreadable.words
        return errors

    def _reader(self) -> Reader:
        return Reader(self.work, self.me, self.sources, self.answers)

    async def _nothing(self, field: Field) -> Refused:
        """There is nothing to choose: what to do instead."""
        source = self._source(field)
        if source.refuse is not None:
            return await source.refuse(self.work, self.me)
        words = source.none or asking.nothing_to_choose()
        if source.step is None or Duty.COORDINATOR not in self.me.duties:
            return Refused(words)
        return Refused(words, reply=asking.lost(words, source.step))

    def _source(self, field: Field) -> Source:
        return self.sources[field.source]


def _decides(field: Field) -> bool:
    return field.tap or field.kind is Kind.HIDDEN or (bool(field.source) and field.kind is Kind.ONE and field.required)


def _plain(choice: Choice) -> str:
    return plain(choice.label.msgid) if isinstance(choice.label, Words) else str(choice.label)
