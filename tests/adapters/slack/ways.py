"""Where the buttons and the form of a message or a view lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.slack import forms
from adapters.slack.errands import Errand
from adapters.slack.links import Link, read
from commands import CATALOG
from tests.reach import Reach

OWN = frozenset({forms.MORE})
"""Buttons that lead nowhere in the catalog: the one that shows more of a form. A replay reaches them as well."""


def note(reach: Reach, body: Mapping[str, Any]) -> list[str]:
    """Note all of them; what is wrong with any."""
    wrong = [reach.show(CATALOG, link.run, link.args) for link in map(link_of, buttons(body)) if link is not None]
    if body.get("callback_id") == forms.SENT:
        wrong.append(reach.ask(CATALOG, Errand.read(body["private_metadata"]).run))
    return [one for one in wrong if one]


def buttons(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All buttons in order."""
    for block in body.get("blocks", ()):
        yield from block.get("elements", ()) if block["type"] == "actions" else ()


def link_of(button: Mapping[str, Any]) -> Link | None:
    """What a button carries; nothing where it opens a page or only shows more of a form."""
    if "url" in button or button["action_id"] == forms.MORE:
        return None
    return read(button["value"])
