"""How Discord writes moments, people, channels and commands, and how people's words are kept from meaning anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.ui import Day, Inline, Run, When, Where, Who
from bot.ui.markup import plain, spans
from bot.ui.speak import speak

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_STYLES = {"moment": "F", "day": "D", "hour": "t"}
_LOOKS = {"plain": "{}", "bold": "**{}**", "italic": "*{}*"}

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # noncharacters: no text that anybody writes holds them
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")

_ANYWHERE = re.compile(r"([\\*_`~|<\[])")
_AT_START = re.compile(r"^([^\S\n]*\d*)((?<!\d)[#>+-]|(?<=\d)[.)])", re.MULTILINE)
_LINK = re.compile(r"\b(https?|discord|steam)://", re.IGNORECASE)
_INVITE = re.compile(r"\b(discord(?:app)?\.(?:gg|com))/", re.IGNORECASE)
_PING = re.compile(r"@(?=everyone|here|[!&]?\d)")

OPENING = {
    "cohort person": "cohort person show",
    "cohort review": "cohort review show",
    "cohort team": "cohort team show",
}
"""How commands are typed whose path is also the beginning of others: Discord has no command that is a group, too."""


@dataclass(slots=True)
class DiscordSpeaker:
    """Speaks Discord's Markdown to whoever reads a message. `users` are the accounts here of people by number."""

    users: Mapping[int, str] = field(default_factory=dict)
    language: str = "en"
    _placed: list[str] = field(default_factory=list)

    def when(self, moment: When) -> str:
        """An instant; Discord shows it in each reader's own zone."""
        return self._mark(f"<t:{int(moment.instant.timestamp())}:{_STYLES[moment.style]}>")

    def day(self, day: Day) -> str:
        """A calendar day, the same for every reader: a moment of Discord's would be the day before for some."""
        return self._mark(spoken(day.on))

    def who(self, person: Who) -> str:
        """A mention, which pings nobody; the name where they have no account here."""
        user = self.users.get(person.person)
        return self._mark(escape(" ".join(person.name.split())) if user is None else f"<@{user}>")

    def where(self, channel: Where) -> str:
        """A channel, as a link to it."""
        is_here = channel.channel.isascii() and channel.channel.isdigit()
        return self._mark(f"<#{channel.channel}>" if is_here else escape(f"#{channel.name}"))

    def run(self, command: Run) -> str:
        """A command as it is typed."""
        return self._mark(f"`/{OPENING.get(command.path, command.path)}`")

    def text(self, inline: Inline) -> str:
        """Sentences as Discord's Markdown: of their characters only ours mean something."""
        lines = "\n".join(self._line(line) for line in speak(inline, self).split("\n"))
        return _MARK.sub(self._taken, lines)

    def _line(self, markdown: str) -> str:
        bullet = "- " if markdown.startswith("- ") else ""
        looks = "".join(_look(span.text, span.look) for span in spans(markdown.removeprefix("- ")))
        return bullet + _AT_START.sub(r"\1\\\2", looks)

    def _mark(self, text: str) -> str:
        self._placed.append(text)
        return f"{_OPEN}{len(self._placed) - 1}{_CLOSE}"

    def _taken(self, found: re.Match[str]) -> str:
        number = int(found[1])
        return self._placed[number] if number < len(self._placed) else ""


@dataclass(slots=True)
class LabelSpeaker:
    """Speaks plain words, for buttons, forms and commands: Discord reads no Markdown there."""

    zone: str = "UTC"
    language: str = "en"

    def when(self, moment: When) -> str:
        """An instant in the reader's zone, which is said where it is not known."""
        local = moment.instant.astimezone(ZoneInfo(self.zone or "UTC"))
        hour = f"{local:%H:%M}" + (" UTC" if self.zone in ("", "UTC") else "")
        return {"moment": f"{_date(local)}, {hour}", "day": _date(local), "hour": hour}[moment.style]

    def day(self, day: Day) -> str:
        """A calendar day."""
        return spoken(day.on)

    def who(self, person: Who) -> str:
        """A person's name."""
        return " ".join(person.name.split())

    def where(self, channel: Where) -> str:
        """A channel's name."""
        return f"#{channel.name}"

    def run(self, command: Run) -> str:
        """A command as it is typed."""
        return f"/{OPENING.get(command.path, command.path)}"

    def text(self, inline: Inline) -> str:
        """The sentence without any looks."""
        return plain(speak(inline, self))


def escape(text: str) -> str:
    """Words as they stand: nothing in them formats, links, or names anybody."""
    return _AT_START.sub(r"\1\\\2", _inside(text))


def spoken(on: date) -> str:
    """A day in words, with its weekday and year."""
    return f"{_WEEKDAYS[on.weekday()]}, {_MONTHS[on.month - 1]} {on.day}, {on.year}"


def _date(local: datetime) -> str:
    return spoken(local.date())


def _look(text: str, look: str) -> str:
    if look == "code":
        return f"`{text.replace('`', 'ˋ')}`"
    return _LOOKS[look].format(_inside(text))


def _inside(text: str) -> str:
    """Escaped in the middle of a line; what stands at its start is looked at once the line is whole."""
    return _PING.sub("@\u200b", _INVITE.sub(r"\1\\/", _LINK.sub(r"\1\\://", _ANYWHERE.sub(r"\\\1", text))))
