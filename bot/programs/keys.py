"""The kinds of value that a template's keys hold, with what makes one wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType
from typing import Annotated, Literal

from annotated_types import Len
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Role = Literal["mentor", "mentee", "peer"]


class Section(BaseModel):
    """One table of a template's file: no other keys than its own, and nothing changes after it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _without_braces(text: str) -> str:
    if "{" in text or "}" in text:
        raise ValueError("braces are not allowed here")
    return text


def _weekday(name: object) -> int:
    if name not in WEEKDAYS:
        raise ValueError('it should be a day of the week in small letters, such as "tuesday"')
    return WEEKDAYS.index(str(name))


_Readable = AfterValidator(_without_braces)

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
"""A short name that is stored and never shown; it must not change once a cohort has used it."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=75), _Readable]
"""What stands on a choice: 75 characters is Slack's limit, Discord's is 100."""

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=200), _Readable]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=600), _Readable]
Sentences = Annotated[tuple[Sentence, ...], Len(1)]

Count = Annotated[int, Field(strict=True, ge=1)]
Weight = Annotated[int, Field(strict=True, ge=0, le=100)]
Percent = Annotated[int, Field(strict=True, ge=0, le=99)]
Flag = Annotated[bool, Field(strict=True)]
LocalTime = Annotated[time, Field(strict=True)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
"""Written as a name, kept as a number from Monday = 0."""

Labels = Annotated[Mapping[Key, Label], Len(1, 25), AfterValidator(MappingProxyType)]
"""Choices in the order of the file; 25 is what both platforms show in one select."""

Prompts = Annotated[Mapping[Key, Sentence], Len(1), AfterValidator(MappingProxyType)]
