"""Forms as modals, and back: what a modal brings as answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ContextBlock, PlainTextObject, SectionBlock
from slack_sdk.models.views import View

from adapters.slack import limits
from adapters.slack.errands import Errand
from adapters.slack.inputs import Choices, Inputs, cut, plain
from adapters.slack.speaker import SlackSpeaker
from bot.texts import asking
from bot.ui import Answer, Choice, Field, Form, Kind, Words

State = Mapping[str, Mapping[str, Mapping[str, Any]]]

SENT = "form"
"""The callback of a modal with questions."""

NOTE = "note"
"""The callback of a modal that only says something."""

MORE = "more"
"""The button that shows the questions which nobody has to answer."""


class Modal:
    """One form for one reader. `known` has the chosen answers of searched fields as choices, with their labels."""

    def __init__(self, speaker: SlackSpeaker, errand: Errand, known: Choices) -> None:
        self.speaker = speaker
        self.errand = errand
        self.inputs = Inputs(speaker, known)

    def view(self, form: Form, *, whole: bool = False) -> View:
        """The modal; its last pages of things that nobody has to answer wait behind a button, until they are used."""
        shown, later = _split(form.fields)
        if whole or any(field.name in form.errors or form.values.get(field.name) for field in later):
            shown, later = form.fields, ()
        blocks: list[Block] = [*self._opening(form)]
        for field in shown:
            blocks += self._field(field, form)
        if later:
            more = ButtonElement(action_id=MORE, text=plain(self.speaker.text(asking.ADD_MORE)))
            blocks.append(ActionsBlock(block_id=f"+{MORE}", elements=[more]))
        return View(
            type="modal",
            callback_id=SENT,
            title=self._title(form.title),
            submit=plain(self.speaker.text(asking.SEND)),
            close=plain(self.speaker.text(asking.CANCEL)),
            notify_on_close=True,
            private_metadata=self.errand.write(),
            blocks=blocks[: limits.VIEW_BLOCKS],
        )

    def _opening(self, form: Form) -> list[SectionBlock]:
        """The whole title where the modal's own is too short for it, the introduction, and what stands nowhere else."""
        title = self.speaker.text(form.title)
        said = [title] if len(title) > limits.TITLE else []
        said += [self.speaker.text(form.intro)] if form.intro else []
        names = {field.name for field in form.fields}
        said += [self.speaker.text(words) for name, words in form.errors.items() if name not in names]
        return [_section(text) for text in said]

    def _field(self, field: Field, form: Form) -> list[Block]:
        asked = self.inputs.blocks(field, form.values.get(field.name, ""))
        error = form.errors.get(field.name)
        if error is None:
            return list(asked)
        said = plain(cut(f"⚠ {self.speaker.text(error)}", limits.LABEL))
        return [ContextBlock(elements=[said]), *asked]

    def _title(self, words: Words) -> PlainTextObject:
        return plain(cut(self.speaker.text(words), limits.TITLE))


def note(speaker: SlackSpeaker, words: Words) -> View:
    """A modal with one sentence: while something takes its time, and when it is done."""
    return View(
        type="modal",
        callback_id=NOTE,
        title=plain(cut(speaker.text(asking.ONE_MOMENT), limits.TITLE)),
        close=plain(speaker.text(asking.CLOSE)),
        blocks=[_section(speaker.text(words))],
    )


def errors(form: Form, speaker: SlackSpeaker, shown: frozenset[str]) -> dict[str, str] | None:
    """The sentences beside the questions of an open modal, by block; nothing where one has no place there."""
    blocks = {name: _block(name, shown) for name in form.errors}
    if not blocks or not all(blocks.values()):
        return None
    return {blocks[name]: cut(speaker.text(words) or "–", limits.LABEL) for name, words in form.errors.items()}


def answers(state: State) -> dict[str, Answer]:
    """What stands in a modal, by field name: `state` is a view's `state.values`."""
    found: dict[str, Answer] = {}
    ranks: dict[str, dict[int, str]] = {}
    for block, elements in state.items():
        name, _, place = block.partition(":")
        for kind, element in elements.items():
            given = _given(kind, element)
            if place and isinstance(given, str):
                ranks.setdefault(name, {})[int(place)] = given
            else:
                found[name] = given
    for name, places in ranks.items():
        found[name] = [places[place] for place in sorted(places) if places[place]]
    return found


def chosen(state: State) -> Choices:
    """The choices that stand in a modal, with the labels that they have there."""
    found: dict[str, list[Choice]] = {}
    for block, elements in state.items():
        for element in elements.values():
            options = [*(element.get("selected_options") or ()), element.get("selected_option")]
            choices = [Choice(str(one["value"]), str(one["text"]["text"])) for one in options if one]
            found.setdefault(block.partition(":")[0], []).extend(choices)
    return found


def _given(kind: str, element: Mapping[str, Any]) -> Answer:
    match element:
        case {"selected_options": [*options]}:
            several = [str(one["value"]) for one in options]
            return "".join(several) if kind == Kind.YES else several
        case {"selected_option": {"value": value}}:
            return str(value)
        case {"selected_date": str(value)} | {"selected_time": str(value)} | {"value": str(value)}:
            return value
        case _:
            return ""


def _block(name: str, shown: frozenset[str]) -> str:
    """The block of a question in a modal; of one with several places, the first."""
    return next((block for block in (name, f"{name}:1") if block in shown), "")


def _split(fields: Sequence[Field]) -> tuple[Sequence[Field], Sequence[Field]]:
    """The fields up to the last page on which something is required, and the rest; all of them if none is."""
    last = max((field.page for field in fields if field.required), default=0)
    if not last:
        return fields, ()
    return [f for f in fields if f.page <= last], [f for f in fields if f.page > last]


def _section(text: str) -> SectionBlock:
    return SectionBlock(text=plain(cut(text, limits.INPUT)))
