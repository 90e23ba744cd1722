"""What a button carries: the command it runs, its arguments and its community, as one short text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.slack import limits


@dataclass(frozen=True, slots=True)
class Link:
    """A command to run. `community` is our number of it, since a direct message does not tell."""

    run: str
    args: Mapping[str, str]
    community: int | None = None


def write(link: Link) -> str:
    """The link as text; `read` gives back an equal one.

    Where it is longer than a button may carry, its longest arguments are left out: they are asked for again.
    """
    args = dict(link.args)
    while len(text := _json([link.run, args, link.community])) > limits.VALUE and args:
        del args[max(args, key=lambda name: len(args[name]))]
    return text


def read(text: str) -> Link:
    """A link from what `write` made. Raises ValueError for anything else: nothing that a platform brings is trusted."""
    found = json.loads(text)
    match found:
        case [str(run), dict(args), int() | None as community]:
            return Link(run, {str(name): str(value) for name, value in args.items()}, community)
    raise ValueError("This is no link of ours.")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
