"""What people type, as Slack sends it: with entities, and with mentions and links between angle brackets.

It is unescaped here, once; everything behind reads what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_CONTROL = re.compile(r"<(?P<sign>[@#!]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_CALLS = frozenset({"here", "channel", "everyone"})


def mentioned(text: str) -> frozenset[str]:
    """The Slack users who are mentioned in a text."""
    return frozenset(_MENTION.findall(text))


def without_address(text: str, bot: str) -> str:
    """What somebody said to the bot whom they address by its name, as in a channel."""
    found = _MENTION.match(text.lstrip())
    return text.lstrip()[found.end() :].lstrip(" ,:") if found and found[1] == bot else text


def unescaped(text: str, names: Mapping[str, str] | None = None) -> str:
    """What somebody typed. `names` has what mentioned users are called here; others keep the label Slack gave."""

    def typed(found: re.Match[str]) -> str:
        sign, target, label = found["sign"], found["target"], found["label"] or ""
        if sign == "@":
            return "@" + ((names or {}).get(target) or label or target)
        if sign == "#":
            return "#" + (label or target)
        if sign == "!":
            return label or (f"@{target}" if target in _CALLS else "")
        return label or target

    # the ampersand last: an entity that somebody typed themselves stays as they typed it
    plain = _CONTROL.sub(typed, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
