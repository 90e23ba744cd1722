"""The commands that Discord shows: made from the catalog, registered when they have changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select

from adapters.discord.limits import LONGEST_COMMAND_TEXT, LONGEST_OPTION, MOST_OPTIONS, cut
from adapters.discord.speaker import OPENING, LabelSpeaker
from adapters.discord.tables import Registered
from bot.storage.work import Storage
from bot.ui import Answer, Field, Kind
from commands.catalog import Catalog
from commands.spec import Command

Json = dict[str, Any]

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5

EVERYBODY = "global"
"""Where commands are that are registered for all servers and direct messages."""

DEEPEST = 3
"""Words of a path: a command, a group in it, and what is in that."""

EVERYWHERE = {"contexts": [0, 1], "integration_types": [0]}
"""In servers and in the bot's direct messages; installed to servers."""

_UNTYPED = frozenset({Kind.HIDDEN, Kind.FILE})
_SPEAKER = LabelSpeaker()
_ABOUT = "Mentoring programs: {}"
_LONGEST_STRING = 6000

_BACK = {tuple(typed.split()): path for path, typed in OPENING.items()}


def commands(catalog: Catalog) -> list[Json]:
    """All commands as Discord's. Deeper paths and those that are not listed are reached by buttons."""
    roots: dict[str, Json] = {}
    for command in catalog.commands.values():
        words = OPENING.get(command.path, command.path).split()
        if command.listed and len(words) <= DEEPEST:
            _place(roots, words, command)
    return list(roots.values())


async def is_new(storage: Storage, scope: str, payload: Sequence[Json]) -> bool:
    """Whether Discord has other commands of us than these, as far as we know."""
    async with storage.reading() as work:
        known = await work.first(select(Registered.digest).where(Registered.scope == scope))
    return known != _digest(payload)


async def servers(storage: Storage, application: int) -> Sequence[str]:
    """The servers that have commands of this application for themselves alone."""
    async with storage.reading() as work:
        scopes = await work.all(select(Registered.scope).where(Registered.scope.startswith(f"{application}/")))
    return [server for scope in scopes if (server := scope.rpartition("/")[2]) != EVERYBODY]


async def forget(storage: Storage, scope: str) -> None:
    """Discord has none of these commands any more."""
    async with storage.work() as work:
        await work.session.execute(delete(Registered).where(Registered.scope == scope))


async def remember(storage: Storage, scope: str, payload: Sequence[Json]) -> None:
    """Discord has these commands now."""
    async with storage.work() as work:
        row = await work.first(select(Registered).where(Registered.scope == scope))
        if row is None:
            work.add(Registered(scope=scope, digest=_digest(payload)))
        else:
            row.digest = _digest(payload)


def asked(data: Mapping[str, Any]) -> tuple[str, dict[str, Answer]]:
    """The path and the answers of a command that somebody sent."""
    words, options = _leaf(data)
    answers: dict[str, Answer] = {
        str(option["name"]): _answer(option.get("value", "")) for option in options if not option.get("focused")
    }
    return _BACK.get(tuple(words), " ".join(words)), answers


def focused(data: Mapping[str, Any]) -> tuple[str, str]:
    """The option that somebody is typing into, and what stands there."""
    _words, options = _leaf(data)
    return next(((str(o["name"]), str(o.get("value", ""))) for o in options if o.get("focused")), ("", ""))


def typed(text: str) -> str:
    """A command that was typed as words, such as /cohort team show, by its path."""
    words = text.split()
    for opening, path in _BACK.items():
        if tuple(word.lower() for word in [w.removeprefix("/") for w in words[: len(opening)]]) == opening:
            return " ".join((path, *words[len(opening) :]))
    return text


def is_zone(command: Command, name: str) -> bool:
    """Whether an option is a time zone, which everybody may choose."""
    return any(field.name == name and field.kind is Kind.TIMEZONE for field in command.fields)


def _place(roots: dict[str, Json], words: Sequence[str], command: Command) -> None:
    root, *middle, last = words
    parent = roots.setdefault(root, {"type": 1, "name": root, "description": _group(root), "options": [], **EVERYWHERE})
    for word in middle:
        parent = _group_in(parent["options"], word, f"{root} {word}")
    described = cut(_SPEAKER.text(command.summary), LONGEST_COMMAND_TEXT)
    leaf: Json = {"type": SUBCOMMAND, "name": last, "description": described}
    options = [_option(field) for field in command.fields if field.kind not in _UNTYPED]
    if options:
        leaf["options"] = options[:MOST_OPTIONS]
    parent["options"].append(leaf)


def _group_in(options: list[Json], word: str, path: str) -> Json:
    found = next((one for one in options if one["type"] == GROUP and one["name"] == word), None)
    if found is None:
        found = {"type": GROUP, "name": word, "description": _group(path), "options": []}
        options.append(found)
    return found


def _group(path: str) -> str:
    return cut(_ABOUT.format(path), LONGEST_COMMAND_TEXT)


def _option(field: Field) -> Json:
    option: Json = {"type": STRING, "name": field.name, "description": _label(field)}
    if field.kind is Kind.NUMBER:
        option["type"] = INTEGER
        option |= {} if field.least is None else {"min_value": field.least}
        return option | ({} if field.most is None else {"max_value": field.most})
    if field.kind is Kind.YES:
        return option | {"type": BOOLEAN}
    if field.kind is Kind.ONE and _is_listed(field):
        named = [(cut(_SPEAKER.text(one.label), LONGEST_OPTION), one.value) for one in field.choices]
        return option | {"choices": [{"name": name, "value": value} for name, value in named]}
    if field.source or field.kind is Kind.TIMEZONE or (field.kind is Kind.ONE and field.choices):
        return option | {"autocomplete": True}
    if field.kind in (Kind.LINE, Kind.TEXT):
        return option | {"max_length": min(field.max_length, _LONGEST_STRING)}
    return option


def _is_listed(field: Field) -> bool:
    return 0 < len(field.choices) <= MOST_OPTIONS and all(0 < len(one.value) <= LONGEST_OPTION for one in field.choices)


def _label(field: Field) -> str:
    return cut(_SPEAKER.text(field.label), LONGEST_COMMAND_TEXT) or field.name


def _leaf(data: Mapping[str, Any]) -> tuple[list[str], Iterable[Mapping[str, Any]]]:
    words, options = [str(data.get("name", ""))], list(data.get("options", []))
    while options and options[0].get("type") in (SUBCOMMAND, GROUP):
        words.append(str(options[0]["name"]))
        options = list(options[0].get("options", []))
    return words, options


def _answer(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _digest(payload: Sequence[Json]) -> str:
    return sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
