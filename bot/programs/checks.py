"""What the keys of a template must be to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from bot.programs.template import Template

Problem = tuple[str, str]
"""A key and what is wrong with it."""

_ROLES = ("mentor", "mentee")
_SOME_DAY = date(2027, 1, 1)


def problems(template: Template, stem: str) -> Iterator[Problem]:
    """Everything wrong between the keys of a template from the file `stem`.toml."""
    if template.name != stem:
        yield "name", f'it should be "{stem}", as the file is called'
    for check in _CHECKS:
        yield from check(template)


def _wishes(template: Template) -> Iterator[Problem]:
    if template.wishes.shown > template.wishes.asked:
        yield "wishes.shown", "it should not be more than wishes.asked"


def _dates(template: Template) -> Iterator[Problem]:
    marks = template.dates.marks
    if len({type(mark) for mark in marks}) > 1:
        yield "dates", "they should all be days, or all weeks"
        return
    dates = template.dates.proposed(_SOME_DAY)
    days = (dates.opens_on, dates.closes_on, dates.announced_on, dates.starts_on, dates.ends_on)
    if any(earlier >= later for earlier, later in pairwise(days)):
        yield "dates", "each should be later than the one before it"


def _hours(template: Template) -> Iterator[Problem]:
    for key, band in template.hours.items():
        if band.begins >= band.ends:
            yield f"hours.{key}", "it should end after it begins"


def _rhythm(template: Template) -> Iterator[Problem]:
    beat = template.beat
    if beat.every_days % 7:
        yield "rhythm.every_days", "it should be a multiple of 7, so that the weekday stays the same"
    if beat.weekday not in beat.working_days:
        yield "rhythm.weekday", "it should be one of rhythm.working_days"
    if not beat.earliest <= beat.hour < beat.latest:
        yield "rhythm.hour", "it should lie between rhythm.earliest and rhythm.latest"


def _phases(template: Template) -> Iterator[Problem]:
    starts = [phase.starts_percent for phase in template.phases]
    if starts[0] != 0:
        yield "phases.1.starts_percent", "the first phase should start at 0"
    if any(earlier >= later for earlier, later in pairwise(starts)):
        yield "phases", "each should start later than the one before it"
    yield from _repeated("phases", [phase.key for phase in template.phases])


def _agreement(template: Template) -> Iterator[Problem]:
    yield from _repeated("agreement", [point.key for point in template.agreement])
    yield from _repeated("training", [material.key for material in template.training])
    yield from _repeated("resources", [material.key for material in template.resources])


def _prompts(template: Template) -> Iterator[Problem]:
    for role in _ROLES:
        keys = [prompt.key for phase in template.phases for prompt in template.prompts(phase.key, role)]
        yield from _repeated(f"prompts for the {role}", keys)


def _enough_prompts(template: Template) -> Iterator[Problem]:
    """A letter every period must find a question of its phase that nobody has had."""
    dates = template.dates.proposed(_SOME_DAY)
    begins = [*template.phase_days(dates.starts_on, dates.ends_on), dates.ends_on]
    for place, (phase, (begin, end)) in enumerate(zip(template.phases, pairwise(begins), strict=True), start=1):
        letters = -(-((end - begin).days + 1) // template.beat.every_days)
        for role in _ROLES:
            if len(template.prompts(phase.key, role)) < letters:
                yield (
                    f"phases.{place}.prompts.{role}",
                    f"{letters} letters fall into this phase; it has fewer prompts",
                )


def _repeated(key: str, keys: list[str]) -> Iterator[Problem]:
    for found, times in Counter(keys).items():
        if times > 1:
            yield key, f'"{found}" stands there more than once'


_CHECKS: tuple[Callable[[Template], Iterator[Problem]], ...] = (
    _wishes,
    _dates,
    _hours,
    _rhythm,
    _phases,
    _agreement,
    _prompts,
    _enough_prompts,
)
