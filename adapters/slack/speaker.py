"""How Slack writes moments, people, channels and commands: as elements of rich text, and as plain words.

Rich text shows every character of a text as it is: nothing that somebody wrote can format, link, or call a person or
a channel. Slack's other markup, mrkdwn, has no way to escape an asterisk.
"""

from __future__ import annotations

import copy
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import RichTextElementParts

from bot.ui import Day, Inline, Run, When, Where, Who
from bot.ui.markup import Span, spans
from bot.ui.speak import speak

Element = (
    RichTextElementParts.Text | RichTextElementParts.Date | RichTextElementParts.User | RichTextElementParts.Channel
)
"""What a line of rich text consists of."""

_OURS = re.compile(r"[CDG][A-Z0-9]+")
"""Slack's ids of conversations."""

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_SEAL = secrets.token_hex(4)  # whoever writes such a mark themselves does not know it
_MARK = re.compile(f"{_OPEN}{_SEAL}:(\\d+){_CLOSE}")
_FORMATS = {"moment": "{date_long_pretty} at {time}", "day": "{date_long_pretty}", "hour": "{time}"}
_SPOKEN = {"moment": "%A, %B %-d at %H:%M", "day": "%A, %B %-d", "hour": "%H:%M"}


@dataclass(slots=True)
class SlackSpeaker:
    """Speaks to one reader. `users` has the Slack user of those people whom Slack knows, by their number.

    `only` is the one slash command that is installed, if not all are: others are written behind it.
    """

    zone: str = "UTC"
    language: str = "en"
    users: Mapping[int, str] = field(default_factory=dict)
    only: str = ""
    _placed: list[tuple[str, Element]] = field(default_factory=list)

    def when(self, moment: When) -> str:
        """An instant; Slack shows it in the zone of whoever reads it."""
        local = moment.instant.astimezone(ZoneInfo(self.zone or "UTC"))
        spoken = local.strftime(_SPOKEN[moment.style])
        fallback = spoken if moment.style == "day" else f"{spoken} {local:%Z}"
        stamp = int(moment.instant.timestamp())
        shown = RichTextElementParts.Date(timestamp=stamp, format=_FORMATS[moment.style], fallback=fallback)
        return self._mark(fallback, shown)

    def day(self, day: Day) -> str:
        """A calendar day, the same for every reader, so that Slack must not turn it into another zone's."""
        spoken = f"{day.on:%A, %B} {day.on.day}, {day.on.year}"
        return self._mark(spoken, shown(spoken))

    def who(self, person: Who) -> str:
        """A person: a mention where Slack knows them, else their name."""
        name = " ".join(person.name.split())
        user = self.users.get(person.person)
        return self._mark(name, RichTextElementParts.User(user_id=user) if user else shown(name, "bold"))

    def where(self, channel: Where) -> str:
        """A channel, as a link to it. One of another platform has a name alone."""
        if not _OURS.fullmatch(channel.channel):
            return f"#{channel.name}"
        return self._mark(f"#{channel.name}", RichTextElementParts.Channel(channel_id=channel.channel))

    def run(self, command: Run) -> str:
        """A command as it is typed."""
        path = command.path if not self.only or command.path.split()[0] == self.only else f"{self.only} {command.path}"
        return self._mark(f"/{path}", shown(f"/{path}", "code"))

    def text(self, inline: Inline) -> str:
        """The sentence as plain words."""
        joined = "".join(span.text for span in spans(speak(inline, self)))
        return _MARK.sub(lambda found: self._placed[int(found[1])][0], joined)

    def lines(self, inline: Inline) -> list[list[Element]]:
        """The sentence as elements of rich text, a list for each of its lines."""
        return [list(self.elements(line)) for line in speak(inline, self).split("\n")]

    def elements(self, markdown: str) -> Iterator[Element]:
        """One line of spoken Markdown as elements."""
        for span in spans(markdown):
            at = 0
            for found in _MARK.finditer(span.text):
                yield from _text(span, span.text[at : found.start()])
                yield _styled(copy.copy(self._placed[int(found[1])][1]), span)
                at = found.end()
            yield from _text(span, span.text[at:])

    def _mark(self, text: str, element: Element) -> str:
        self._placed.append((text, element))
        return f"{_OPEN}{_SEAL}:{len(self._placed) - 1}{_CLOSE}"


def shown(text: str, *looks: str) -> RichTextElementParts.Text:
    """Characters as they are, never none at all. `looks` are Slack's: bold, italic, code."""
    return RichTextElementParts.Text(text=text or "–", style=dict.fromkeys(looks, True) or None)


def escaped(text: str) -> str:
    """Plain words for a message's `text`, which Slack reads as mrkdwn: its three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text(span: Span, text: str) -> Iterator[Element]:
    if text:
        yield _styled(shown(text), span)


def _styled(element: Element, span: Span) -> Element:
    if span.look != "plain" and not isinstance(element, RichTextElementParts.Channel):
        looks = element.style if isinstance(element.style, dict) else {}
        element.style = {**looks, span.look: True}
    return element
