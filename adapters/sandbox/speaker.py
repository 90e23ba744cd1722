"""How the sandbox writes moments, people, channels and commands for one reader: as plain words, and as HTML."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.ui import Day, Inline, Run, When, Where, Who
from bot.ui.markup import spans
from bot.ui.speak import speak

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LOOKS = {"plain": "{}", "bold": "<strong>{}</strong>", "italic": "<em>{}</em>", "code": "<code>{}</code>"}
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # noncharacters: no text that anybody writes holds them
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


@dataclass(slots=True)
class SandboxSpeaker:
    """Speaks to one reader in one zone. What it places is marked, so that it keeps its look inside bold words too."""

    zone: str
    now: datetime
    language: str = "en"
    _placed: list[tuple[str, str]] = field(default_factory=list)

    def when(self, moment: When) -> str:
        """An instant in the reader's own zone, with its hour unless the style is a day."""
        local = moment.instant.astimezone(ZoneInfo(self.zone or "UTC"))
        hour = f"{local:%H:%M}"
        spoken = {
            "moment": f"{self._spoken(local.date())} at {hour}",
            "day": self._spoken(local.date()),
            "hour": hour,
        }[moment.style]
        return self._mark(spoken, f'<time datetime="{moment.instant:%Y-%m-%dT%H:%M:%SZ}">{{}}</time>')

    def day(self, day: Day) -> str:
        """A calendar day, with its year unless it is the present one."""
        return self._mark(self._spoken(day.on), f'<time datetime="{day.on.isoformat()}">{{}}</time>')

    def who(self, person: Who) -> str:
        """A person's name."""
        return self._mark(" ".join(person.name.split()), '<b class="who">{}</b>')

    def where(self, channel: Where) -> str:
        """A channel's name."""
        return self._mark(f"#{channel.name}", '<b class="where">{}</b>')

    def run(self, command: Run) -> str:
        """A command as it is typed; in the page a press writes it into the composer."""
        return self._mark(f"/{command.path}", '<button type="button" class="run">{}</button>')

    def text(self, inline: Inline) -> str:
        """The sentence without any looks."""
        joined = "".join(span.text for span in spans(speak(inline, self)))
        return _MARK.sub(lambda found: self._taken(found)[0], joined)

    def html(self, inline: Inline) -> str:
        """The sentence as safe HTML: every character of a text is escaped, every tag is ours."""
        return "<br>".join(self.line(line) for line in speak(inline, self).split("\n"))

    def line(self, markdown: str) -> str:
        """One line of spoken Markdown as safe HTML."""
        looks = "".join(_LOOKS[span.look].format(html.escape(span.text)) for span in spans(markdown))
        return _MARK.sub(self._as_html, looks)

    def _spoken(self, on: date) -> str:
        this_year = self.now.astimezone(ZoneInfo(self.zone or "UTC")).year
        year = "" if on.year == this_year else f", {on.year}"
        return f"{_WEEKDAYS[on.weekday()]}, {_MONTHS[on.month - 1]} {on.day}{year}"

    def _mark(self, text: str, look: str) -> str:
        self._placed.append((text, look))
        return f"{_OPEN}{len(self._placed) - 1}{_CLOSE}"

    def _taken(self, found: re.Match[str]) -> tuple[str, str]:
        number = int(found[1])
        return self._placed[number] if number < len(self._placed) else ("", "{}")

    def _as_html(self, found: re.Match[str]) -> str:
        text, look = self._taken(found)
        return look.format(html.escape(text))
