"""Reads a template from its file, or says in one sentence what is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.programs.checks import problems
from bot.programs.template import Template

_SENTENCES = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such key",
    "int_type": "it should be a whole number",
    "bool_type": "it should be true or false",
    "time_type": "it should be a time of day without quotes, such as 10:00:00",
    "string_type": "it should be text in quotes",
    "string_too_short": "it should not be empty",
    "string_too_long": "it should have at most {max_length} characters",
    "string_pattern_mismatch": "it does not have the form {pattern}",
    "greater_than_equal": "it should be at least {ge}",
    "less_than_equal": "it should be at most {le}",
    "too_short": "it should have at least {min_length}",
    "too_long": "it should have at most {max_length}",
    "literal_error": "it should be {expected}",
}


class TemplateError(ValueError):
    """A template that cannot be used; the text names the file and the key."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}, {key}: {problem}.")


def load(path: Path) -> Template:
    """The template in a file. Raises TemplateError."""
    try:
        found = Template.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(path.name, "the file as a whole", f"it is not TOML: {error}") from None
    except ValidationError as error:
        raise TemplateError(path.name, *_told(error.errors()[0])) from None
    if problem := next(problems(found, path.stem), None):
        raise TemplateError(path.name, *problem)
    return found


def _told(error: ErrorDetails) -> tuple[str, str]:
    """The key, with items of a list counted from 1, and what is wrong with it."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in error["loc"] if step != "[key]"]
    problem = error["msg"].removeprefix("Value error, ")
    known = _SENTENCES.get(error["type"])
    told = known.format_map(error.get("ctx", {})) if known else problem[:1].lower() + problem[1:]
    return ".".join(steps), told
