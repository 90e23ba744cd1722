"""Program templates as data: one TOML file each, beside this one (see docs/program-authoring.md)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.programs.dates import Dates
from bot.programs.loading import TemplateError, load
from bot.programs.template import Prompt, Template

__all__ = ["Dates", "Prompt", "Template", "TemplateError", "load", "template", "templates"]

_HERE = Path(__file__).parent


@cache
def templates() -> tuple[str, ...]:
    """The names of all templates, in alphabetical order."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))


@cache
def template(name: str) -> Template:
    """A template by its name. Raises LookupError for an unknown one and TemplateError for a wrong one."""
    if name not in templates():
        raise LookupError(f'There is no program template "{name}". There are: {", ".join(templates())}.')
    return load(_HERE / f"{name}.toml")
