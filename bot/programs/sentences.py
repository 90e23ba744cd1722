"""Every sentence of a template that people read: for translators, and for tests of how they sound."""

from __future__ import annotations

from collections.abc import Iterator

from bot.programs.sections import Phase
from bot.programs.template import Template


def sentences(template: Template) -> Iterator[str]:
    """All labels and texts, in the order of the file; some may come twice."""
    yield from (template.title, template.description, *template.code_of_conduct)
    yield from (template.call.headline, template.call.about, template.call.who)
    for labels in (template.topics, template.career, template.ways, template.languages):
        yield from labels.values()
    yield from (band.label for band in template.hours.values())
    for phase in template.phases:
        yield from _of_phase(phase)
    for point in template.agreement:
        yield from (point.title, point.text)
    for material in (*template.training, *template.resources):
        yield from (material.title, material.text)


def _of_phase(phase: Phase) -> Iterator[str]:
    yield from (phase.title, phase.about)
    for role in ("mentee", "mentor", "peer"):
        yield from phase.tasks.of(role)
        yield from phase.prompts.of(role).values()
