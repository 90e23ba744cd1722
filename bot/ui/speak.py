"""From Words to a string: the reader's language, and each platform's own way with moments, people and commands."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Protocol

from bot.ui.markup import quote
from bot.ui.words import All, Day, Inline, Run, When, Where, Who, Words, _

_LOCALES = Path(__file__).parent.parent / "texts" / "locales"


class Speaker(Protocol):
    """How one platform writes what stands in a text's places, for one reader."""

    language: str

    def when(self, moment: When) -> str: ...
    def day(self, day: Day) -> str: ...
    def who(self, person: Who) -> str: ...
    def where(self, channel: Where) -> str: ...
    def run(self, command: Run) -> str: ...


def speak(inline: Inline, speaker: Speaker) -> str:
    """The sentence as Markdown, in the speaker's language; people's own words come out quoted."""
    match inline:
        case str():
            return quote(inline)
        case int():
            return str(inline)
        case Words():
            return _template(inline, speaker.language).format_map(
                {k: speak(v, speaker) for k, v in inline.places.items()}
            )
        case When():
            return speaker.when(inline)
        case Day():
            return speaker.day(inline)
        case Who():
            return speaker.who(inline)
        case Where():
            return speaker.where(inline)
        case Run():
            return speaker.run(inline)
        case All():
            return _listed(inline.items, speaker)


def _template(words: Words, language: str) -> str:
    catalog = _catalog(language)
    if words.plural:
        return catalog.ngettext(words.msgid, words.plural, words.count)
    return catalog.gettext(words.msgid) if words.msgid else ""


def _listed(items: tuple[Inline, ...], speaker: Speaker) -> str:
    spoken = [speak(item, speaker) for item in items]
    if len(spoken) < 2:
        return "".join(spoken)
    # "cataloging and metadata, and publishing": an item that is itself two things wants the comma
    joint = _("{first}, and {last}") if any(" and " in item for item in spoken) else _("{first} and {last}")
    return _template(joint, speaker.language).format(first=", ".join(spoken[:-1]), last=spoken[-1])


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("mentorbot", str(_LOCALES), languages=[language], fallback=True)
