"""Arguments for any function of `bot/texts`, as hostile and as long as people could make them, from its annotations."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from random import Random
from typing import Annotated, Any, Literal

from sqlalchemy.orm import Mapped

import bot.texts
from bot import programs
from bot.domain.base import Base
from bot.programs.template import Template
from bot.texts.cohort_news import DAYS
from bot.texts.undoing import UNDOABLE
from bot.ui import Button, Buttons, Facts, Message, Part, Picture, Quoted, Rows, Table, Text, Where, Who, Words, message

TEXTS = (
    "Ada", "Maximiliana Featherstonehaugh-Cholmondeley " * 3, "@everyone <!channel> <@U001> <https://evil.example|x>",
    "*b* _i_ `c` ```d``` > q\n- l", "é" * 4000, "🙂" * 1200, "{name} %s {0}", "- ", "\u202eabc", "word " * 800,
    "&amp;<b>",
)  # fmt: skip

TEMPLATE = programs.template("alcts")

KEYED: Mapping[str, Sequence[str | int]] = {
    "template": ("alcts", "short"),
    "zone": ("America/Chicago", "Asia/Kolkata"),
    "language": ("en",),
    "career": tuple(TEMPLATE.career),
    "topics": tuple(TEMPLATE.topics),
    "wishes": tuple(TEMPLATE.topics),
    "offers": tuple(TEMPLATE.topics),
    "languages": ("en", "es"),
    "ways": tuple(TEMPLATE.ways),
    "task": ("",),
    "quiet_days": ("2027-12-24", "2028-01-01"),
    "run": ("mentor status",),
    "path": ("mentor status",),
    "listed": ("2027-12-24", "2028-01-01"),
    "days": ("2027-12-24", "2028-01-01"),
    "moves": tuple(DAYS),
    "kind": tuple(sorted(UNDOABLE)),
    "way": tuple(TEMPLATE.ways),
    "weeks": (1, 2),
    "summary_weeks": (1, 2),
}
"""Columns and arguments whose values are not anybody's words but keys of a program."""

LENGTHS = {"name": 100, "title": 60, "institution": 200}
"""Characters that forms take; without a limit here they take what their column or Slack's input does."""

AFTERNOON = datetime(2027, 9, 15, 14, tzinfo=UTC)
LOOK = Button(Words("Look"), "mentor status")
COUNTED = (Words("Topic"), Words("Count"))

_PARTS = typing.get_args(Part)


@cache
def _hints(annotated: Any) -> Mapping[str, Any]:
    return typing.get_type_hints(annotated, include_extras=True)


class Maker:
    """Makes values of any annotated type, the same ones for the same number."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)
        self._simple: Mapping[Any, Callable[[str, int], Any]] = {
            str: lambda name, _depth: self._text(name),
            int: lambda _name, _depth: self.random.choice([0, 1, 2, 19, 4000]),
            float: lambda _name, _depth: 0.5,
            bool: lambda _name, _depth: self.random.random() < 0.5,
            date: lambda _name, _depth: date(2027, 9, 15) + timedelta(days=self.random.randrange(90)),
            datetime: lambda _name, _depth: AFTERNOON + timedelta(hours=self.random.randrange(900)),
            time: lambda _name, _depth: time(18),
            type(None): lambda _name, _depth: None,
            Any: lambda _name, _depth: None,
            Template: lambda _name, _depth: TEMPLATE,
            Words: lambda _name, _depth: Words("{said}", {"said": self._text("name")}),
            Who: lambda _name, _depth: Who(self.random.randint(1, 3), self._text("name")),
            Where: lambda _name, _depth: Where("C001", "mentoring"),
            Button: lambda _name, _depth: LOOK,
            Table: lambda _name, depth: Table(COUNTED, ((self._text("name"), 3),) * self._count(depth)),
            Message: lambda _name, _depth: message(Words("Something was said."), Buttons((LOOK,))),
            dict: lambda _name, _depth: {},
            list: lambda _name, _depth: [],
        }

    def arguments(self, function: Callable[..., Any]) -> dict[str, Any]:
        """Something for each parameter of a function."""
        hints = _hints(function)
        return {
            name: self.value(hints[name], name)
            for name, parameter in inspect.signature(function).parameters.items()
            if parameter.kind not in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
            and (parameter.default is inspect.Parameter.empty or self.random.random() < 0.7)
        }

    def value(self, hint: Any, name: str = "", *, depth: int = 0) -> Any:
        """Something of a type; `name` tells what it is called."""
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin is Annotated or origin is Mapped:
            return self.value(inner[0], name, depth=depth)
        if origin is Literal:
            return self.random.choice(inner)
        if name in KEYED and hint in (str, int):
            return self.random.choice(KEYED[name])
        if name in KEYED and origin in (list, Sequence) and inner == (str,):
            return self.random.sample(KEYED[name], min(3, len(KEYED[name])))
        if origin in (typing.Union, types.UnionType):
            return self.value(self.random.choice(inner), name, depth=depth)
        if origin is tuple:
            kinds = inner[:1] * self._count(depth) if len(inner) == 2 and inner[1] is ... else inner
            return tuple(self.value(kind, name, depth=depth + 1) for kind in kinds)
        if origin in (Mapping, dict):
            kinds = list(inner[0]) if isinstance(inner[0], type) and issubclass(inner[0], Enum) else None
            names = kinds or [self.value(inner[0], name, depth=depth) for _ in range(3)]
            return {one: self.value(inner[1], name, depth=depth + 1) for one in names}
        if origin in (Sequence, Collection, list, frozenset):
            return [self.value(inner[0], name, depth=depth + 1) for _ in range(self._count(depth))]
        if origin is Callable or hint is Callable or origin is typing.get_origin(Callable[..., int]):
            return lambda *_args, **_more: self.value(inner[1], depth=depth)
        return self._plain(hint, name, depth)

    def _plain(self, hint: Any, name: str, depth: int) -> Any:
        if hint in self._simple:
            return self._simple[hint](name, depth)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self.random.choice(list(hint))
        if isinstance(hint, type) and issubclass(hint, Base):
            return self._row(hint, depth)
        if is_dataclass(hint):
            hints = _hints(hint)
            asked = [one.name for one in fields(hint) if one.init and one.name != "tag"]
            return hint(**{one: self.value(hints[one], one, depth=depth + 1) for one in asked})  # type: ignore[operator]
        raise TypeError(f"Nothing is known of {hint} for {name!r}.")

    def _row(self, model: type[Base], depth: int) -> Any:
        """A row with every column filled in, and those that belong to it as far as messages look."""
        row, hints = model(), _hints(model)
        for column in model.__mapper__.columns:
            setattr(row, column.key, self._column(column, hints[column.key]))
        for relation in model.__mapper__.relationships:
            related = relation.mapper.class_
            if depth > 5:
                continue
            if relation.uselist:
                members = [self._row(related, depth + 2) for _ in range(2)]
                setattr(row, relation.key, members)
                _tell_apart(members)
            else:
                setattr(row, relation.key, self._row(related, depth + 1))
        return row

    def _column(self, column: Any, hint: Any) -> Any:
        found = self.value(hint, column.key)
        longest = getattr(column.type, "length", None)
        return found[:longest] if isinstance(found, str) and longest and not isinstance(found, Enum) else found

    def _text(self, name: str) -> str:
        return self.random.choice(TEXTS)[: LENGTHS.get(name, 3000)].strip() or "x"

    def _count(self, depth: int) -> int:
        return self.random.choice([1, 2, 3, 60] if depth == 0 else [1, 2])


def _tell_apart(members: Sequence[Any]) -> None:
    """Two members of one pair are two people."""
    for number, member in enumerate(members, start=1):
        member.id = number
        if hasattr(member, "person") and member.person is not None:
            member.person.id = number
            member.person_id = number


def functions() -> Iterator[Callable[..., Any]]:
    """Every public function of `bot/texts`."""
    for found in pkgutil.iter_modules(bot.texts.__path__):
        module = importlib.import_module(f"bot.texts.{found.name}")
        for name, function in vars(module).items():
            is_ours = inspect.isfunction(function) and function.__module__ == module.__name__
            if is_ours and function.__name__ == name and not name.startswith("_"):
                yield function


def said(function: Callable[..., Any], number: int) -> Any:
    """What a function says with the arguments of a number.

    Raises whatever the function does where they make no sense together. Who reads of a pair is a member of it.
    """
    arguments = Maker(number).arguments(function)
    _make_members(arguments)
    return function(**arguments)


def _make_members(arguments: Mapping[str, Any]) -> None:
    from bot.domain import Member, Pairing, Person

    pairings = [one for one in arguments.values() if isinstance(one, Pairing)]
    people = [one for one in arguments.values() if isinstance(one, Person | Member)]
    for pairing in pairings:
        for member, person in zip(pairing.members, people, strict=False):
            person.id = member.id if isinstance(person, Member) else member.person_id


def as_message(shown: Any) -> Message | None:
    """A message around whatever a function gave."""
    match shown:
        case Message():
            return shown
        case Words() | Text() | Quoted() | Facts() | Rows() | Table() | Picture() | Buttons():
            return message(shown)
        case Button():
            return message(Buttons((shown,)))
        case tuple() | list() if shown and all(isinstance(one, (Words, *_PARTS)) for one in shown):
            return message(*shown)
        case tuple() | list() if shown and all(isinstance(one, Button) for one in shown):
            return message(Buttons(tuple(shown)))
    return None
