"""What a button or a form may lead to: a path that the catalog knows, with answers to that command's own questions.

The stand-ins of all platforms ask this about everything that they are sent, so that every test of an adapter does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from bot.programs import template
from bot.services.cohort_edits import EDITABLE
from bot.ui import SEVERAL, Answer, Field, Kind
from commands import cohort_fields
from commands.catalog import Catalog, Unknown
from commands.spec import Command
from commands.times import as_time
from commands.typed import answers, written

LONGEST = 20_000
_WORDS = ("yes", "no")


def wrong_button(catalog: Catalog, run: str, args: Mapping[str, Answer]) -> str:
    """What is wrong with a button that runs this with these arguments; nothing where nothing is."""
    command, settled = _command(catalog, run)
    if command is None:
        return f"a button runs “{run}”, which the catalog does not know"
    return _wrong_answers(f"a button of “{command.path}”", command, {**settled, **args})


def wrong_form(catalog: Catalog, run: str) -> str:
    """The same for the command text that a form's answers go to."""
    command, settled = _command(catalog, run)
    if command is None:
        return f"a form runs “{run}”, which the catalog does not know"
    if not command.opens:
        return f"a form runs “{command.path}”, which asks nothing"
    return _wrong_answers(f"a form of “{command.path}”", command, settled)


def _command(catalog: Catalog, run: str) -> tuple[Command | None, Mapping[str, Answer]]:
    """The command of a text that is made by us: its whole path, and answers that are all named."""
    try:
        command, rest = catalog.find(run)
    except Unknown:
        return None, {}
    settled = answers(rest, command.fields)
    return (command, settled) if written(command.path, settled) == run else (None, {})


def _wrong_answers(what: str, command: Command, settled: Mapping[str, Any]) -> str:
    fields = {field.name: field for field in (*_more(command.path), *command.fields)}
    for name, answer in settled.items():
        if name not in fields:
            return f"{what} answers “{name}”, which it does not ask"
        if not _is_readable(fields[name], answer):
            return f"{what} answers “{name}” with {answer!r}, which is no {fields[name].kind}"
    return ""


@cache
def _more(path: str) -> tuple[Field, ...]:
    """Fields that are asked beside those declared, of the only command whose button carries a whole form."""
    if path != "cohort change":
        return ()
    return tuple(field for names in EDITABLE.values() for field in cohort_fields.fields(template("alcts"), names))


def _is_readable(field: Field, answer: Answer) -> bool:
    if isinstance(answer, list):
        return field.kind in SEVERAL and all(isinstance(one, str) for one in answer)
    if not isinstance(answer, str) or len(answer) > LONGEST:
        return False
    match field.kind:
        case _ if not answer and not field.required:
            return True
        case Kind.MANY if field.choices:
            return set(answer.split(",")) <= {choice.value for choice in field.choices}
        case Kind.NUMBER:
            return answer.isdecimal() and (field.least or 0) <= int(answer) <= (field.most or 10**6)
        case Kind.YES:
            return answer in _WORDS
        case Kind.DATE:
            return _is_day(answer)
        case Kind.TIME:
            return as_time(answer) is not None
        case Kind.ONE if field.choices:
            return answer in {choice.value for choice in field.choices}
        case Kind.ONE | Kind.PERSON | Kind.CHANNEL:
            return bool(answer) and answer == answer.strip()
        case _:
            return len(answer) <= field.max_length


def _is_day(answer: str) -> bool:
    try:
        date.fromisoformat(answer)
    except ValueError:
        return False
    return True
