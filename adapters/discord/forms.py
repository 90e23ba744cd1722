"""Forms as modals of five questions each: what stands on which page, and what came back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.limits import (
    LONGEST_DESCRIPTION,
    LONGEST_DISPLAY,
    LONGEST_INPUT,
    LONGEST_LABEL,
    LONGEST_OPTION,
    LONGEST_TITLE,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    cut,
)
from adapters.discord.speaker import DiscordSpeaker, LabelSpeaker, escape
from adapters.discord.splitting import pieces
from adapters.discord.words import NO, PLACES, YES
from bot.domain.zones import matching_zones
from bot.ui import SEVERAL, Answer, Choice, Field, Form, Kind, Words

Json = dict[str, Any]

TEXT_DISPLAY, LABEL, STRING_SELECT, TEXT_INPUT = 10, 18, 3, 4
SHORT, PARAGRAPH = 1, 2

_LAST = 1000
"""The page of ranks that are offered only to who wants to give more of them."""

_SENTENCE = re.compile(r"^(.+?[.?!])\s+(.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked: a field, or one rank of it (from 0)."""

    field: Field
    rank: int | None = None

    @property
    def name(self) -> str:
        """What the modal calls it."""
        return self.field.name if self.rank is None else f"{self.field.name}#{self.rank}"

    @property
    def required(self) -> bool:
        """Whether the modal insists on an answer; of ranks only the first one is needed."""
        return self.field.required and not self.rank

    @property
    def page(self) -> int:
        """The form's own page."""
        return _LAST if self.rank is not None and self.rank >= self.field.shown else self.field.page


def sheets(form: Form) -> list[list[Question]]:
    """The form's questions, modal by modal."""
    asked = sorted((q for field in form.fields for q in _questions(field)), key=lambda q: q.page)
    found: list[list[Question]] = []
    for question in asked:
        is_new = not found or found[-1][-1].page != question.page
        if is_new or sum(map(_size, found[-1])) + _size(question) > MOST_QUESTIONS:
            found.append([])
        found[-1].append(question)
    return found


def is_needed(form: Form, sheet: int) -> bool:
    """Whether a page has to be filled in: those at the end without a required question are offered only."""
    return sheet == 0 or any(question.required for page in sheets(form)[sheet:] for question in page)


def sheet_with_errors(form: Form) -> int:
    """The first page on which something is wrong."""
    wrong = (n for n, page in enumerate(sheets(form)) if any(question.field.name in form.errors for question in page))
    return next(wrong, 0)


def modal(form: Form, sheet: int, *, custom_id: str, speaker: LabelSpeaker) -> Json:
    """One page as Discord's modal, filled in with what was answered before."""
    asked = sheets(form)
    ending = f" ({sheet + 1}/{len(asked)})" if len(asked) > 1 else ""
    parts = [part for question in asked[sheet] for part in _parts(question, form, speaker)]
    if sheet == 0 and form.intro is not None and len(parts) < MOST_QUESTIONS:
        parts.insert(0, _display(DiscordSpeaker().text(form.intro)))
    title = cut(speaker.text(form.title), LONGEST_TITLE - len(ending)) + ending
    return {"custom_id": custom_id, "title": title, "components": parts}


def filled(form: Form, sheet: int, given: Mapping[str, str | Sequence[str]]) -> dict[str, Answer]:
    """All answers so far, with those of one page that were just given."""
    answers = dict(form.values)
    for question in sheets(form)[sheet]:
        answer = given.get(question.name, "")
        name = question.field.name
        if question.rank is not None:
            ranks = list(_several(answers.get(name, "")))
            ranks += [""] * (question.rank + 1 - len(ranks))
            ranks[question.rank] = _single(answer)
            answers[name] = ranks
        elif question.field.kind in SEVERAL:
            answers[name] = _several(answer)
        else:
            answers[name] = _single(answer)
    return answers


def submitted(components: Sequence[Mapping[str, Any]]) -> dict[str, str | list[str]]:
    """What a sent modal says, by the names of its questions."""
    given: dict[str, str | list[str]] = {}
    for part in components:
        inner = part.get("component")
        for control in part.get("components", [inner] if inner else []):
            value = control.get("values", control.get("value"))
            given[str(control["custom_id"])] = list(value) if isinstance(value, list) else str(value or "")
    return given


def _questions(field: Field) -> list[Question]:
    if field.kind is Kind.HIDDEN:
        return []
    if field.kind is Kind.RANKED and _is_listed(field.choices):
        return [Question(field, rank) for rank in range(field.places)]
    return [Question(field)]


def _size(question: Question) -> int:
    return 1 if _fits_beside(question, LabelSpeaker()) else 2


def _parts(question: Question, form: Form, speaker: LabelSpeaker) -> list[Json]:
    label, below = _worded(question, speaker)
    wrong = form.errors.get(question.field.name) if not question.rank else None
    control = _control(question, form)
    asked: Json = {"type": LABEL, "label": label, "component": control}
    said = [speaker.text(wrong)] if wrong else []
    if _fits_beside(question, speaker):
        return [asked | _described(" ".join([*said, *below]))]
    return [_display(escape("\n".join(below))), asked | _described(" ".join(said))]


def _described(text: str) -> Json:
    return {"description": cut(text, LONGEST_DESCRIPTION)} if text else {}


def _display(markdown: str) -> Json:
    """A text of its own, of which Discord keeps the lines."""
    first, *more = pieces(markdown, LONGEST_DISPLAY) or ["…"]
    return {"type": TEXT_DISPLAY, "content": f"{first} …" if more else first}


def _worded(question: Question, speaker: LabelSpeaker) -> tuple[str, list[str]]:
    """The label, and what is said below it: whatever of the question did not fit, and who reads the answer.

    Of ranks the first one has the question, the second one says who reads it.
    """
    field = question.field
    whole = " ".join(speaker.text(field.label).split())
    hints = [] if field.hint is None else [speaker.text(field.hint).strip()]
    if question.rank is not None:
        below = [whole] if question.rank == 0 else hints if question.rank == 1 else []
        return cut(speaker.text(PLACES[min(question.rank, len(PLACES) - 1)]), LONGEST_LABEL), below
    if len(whole) <= LONGEST_LABEL:
        return whole or "…", hints
    halves = _SENTENCE.match(whole)
    if halves and len(halves[1]) <= LONGEST_LABEL:
        return halves[1], [halves[2], *hints]
    return cut(whole, LONGEST_LABEL), [whole, *hints]


def _fits_beside(question: Question, speaker: LabelSpeaker) -> bool:
    """Whether all of it can be read at the question itself; else a text of its own stands above."""
    _label, below = _worded(question, speaker)
    return len(" ".join(below)) <= LONGEST_DESCRIPTION


def _control(question: Question, form: Form) -> Json:
    choices = _choices(question.field, form)
    if choices:
        return _select(question, form, choices)
    field = question.field
    control: Json = {
        "type": TEXT_INPUT,
        "custom_id": question.name,
        "style": PARAGRAPH if field.kind is Kind.TEXT else SHORT,
        "required": question.required,
        "max_length": max(1, min(field.max_length, LONGEST_INPUT)),
    }
    before = form.values.get(field.name, "")
    value = before if isinstance(before, str) else ", ".join(before)
    if field.kind is not Kind.TEXT:
        value = " ".join(value.split())
    if value:
        control["value"] = value[: control["max_length"]]
    return control


def _select(question: Question, form: Form, choices: Sequence[Choice]) -> Json:
    field, speaker = question.field, LabelSpeaker()
    chosen = _chosen(question, form)
    options = []
    for choice in choices[:MOST_OPTIONS]:
        option: Json = {"label": cut(speaker.text(choice.label), LONGEST_OPTION) or "…", "value": choice.value}
        if choice.value in chosen:
            option["default"] = True
        options.append(option)
    most = len(options) if field.kind in SEVERAL and question.rank is None else 1
    least = 1 if question.required else 0
    return {
        "type": STRING_SELECT,
        "custom_id": question.name,
        "required": question.required,
        "min_values": least,
        "max_values": most,
        "options": options,
    }


def _chosen(question: Question, form: Form) -> list[str]:
    answers = form.values.get(question.field.name, "")
    if question.rank is not None:
        ranks = _several(answers)
        return ranks[question.rank : question.rank + 1]
    if question.field.kind is Kind.YES:
        return [] if not answers else ["yes" if answers in ("yes", "true", "on", "1", "y") else "no"]
    return _several(answers) if question.field.kind in SEVERAL else [_single(answers)]


def _choices(field: Field, form: Form) -> Sequence[Choice]:
    """What is chosen from a list; nothing for what is typed."""
    if field.kind is Kind.YES:
        return (Choice("yes", YES),) if field.required else (Choice("yes", YES), Choice("no", NO))
    if field.kind is Kind.TIMEZONE:
        return _zones(field, form)
    is_typed = field.kind in (Kind.LINE, Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.TIME)
    return () if is_typed or not _is_listed(field.choices) else field.choices


def _zones(field: Field, form: Form) -> Sequence[Choice]:
    """Zones are typed; where that fitted several, they are chosen from."""
    typed = _single(form.values.get(field.name, ""))
    found = matching_zones(typed) if typed and field.name in form.errors else []
    return [Choice(zone, zone.replace("_", " ")) for zone in found] if 1 < len(found) <= MOST_OPTIONS else []


def _is_listed(choices: Sequence[Choice]) -> bool:
    values = [choice.value for choice in choices]
    fits = all(0 < len(value) <= LONGEST_OPTION for value in values)
    return 0 < len(values) <= MOST_OPTIONS and fits and len(set(values)) == len(values)


def _single(answer: str | Sequence[str]) -> str:
    return answer if isinstance(answer, str) else next(iter(answer), "")


def _several(answer: str | Sequence[str]) -> list[str]:
    if isinstance(answer, str):
        return [part for one in answer.split(",") if (part := one.strip())]
    return list(answer)


def errors(form: Form) -> list[tuple[Field, Words]]:
    """What is wrong, in the order of the questions."""
    return [(field, form.errors[field.name]) for field in form.fields if field.name in form.errors]
