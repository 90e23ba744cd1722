"""Forms as JSON, in plain words: the page builds the dialog, tools read the fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.sandbox import markup
from adapters.sandbox.speaker import SandboxSpeaker
from bot.ui import Choice, Field, Form, Kind

Choices = Mapping[str, Sequence[Choice]]

PICKED = frozenset({Kind.PERSON, Kind.PEOPLE, Kind.CHANNEL, Kind.TIMEZONE})
"""Kinds that every platform has a picker of its own for."""


def form(asked: Form, speaker: SandboxSpeaker, *, found: Choices) -> dict[str, Any]:
    """A form for one reader; `found` holds the choices of fields that have to be searched for, by field name."""
    names = {field.name for field in asked.fields}
    return {
        "title": speaker.text(asked.title),
        "run": asked.run,
        "intro": "" if asked.intro is None else speaker.text(asked.intro),
        "intro_html": "" if asked.intro is None else markup.paragraphs(asked.intro, speaker),
        "fields": [field(one, speaker, found.get(one.name)) for one in asked.fields],
        "values": {name: answer for name, answer in asked.values.items() if name in names},
        "errors": {name: speaker.text(words) for name, words in asked.errors.items()},
    }


def field(asked: Field, speaker: SandboxSpeaker, found: Sequence[Choice] | None = None) -> dict[str, Any]:
    """One question. `search`: its choices are found by typing; `picker`: by the platform's own picker of that kind."""
    picker = asked.kind in PICKED and not asked.source
    return {
        "name": asked.name,
        "label": speaker.text(asked.label),
        "kind": asked.kind.value,
        "choices": pairs(asked.choices if found is None else found, speaker),
        "search": picker or bool(asked.source),
        "picker": asked.kind.value if picker else "",
        "required": asked.required,
        "hint": "" if asked.hint is None else speaker.text(asked.hint),
        "page": asked.page,
        "places": asked.places,
        "shown": asked.shown,
        "max_length": asked.max_length,
        "least": asked.least,
        "most": asked.most,
    }


def pairs(choices: Sequence[Choice], speaker: SandboxSpeaker) -> list[list[str]]:
    """Choices as value and label."""
    return [[choice.value, speaker.text(choice.label)] for choice in choices]
