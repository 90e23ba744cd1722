"""Who is named in a message: platforms look these people up before they render it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.ui.words import Who


def people_in(said: object) -> frozenset[int]:
    """The numbers of all people whom a message, a form or a sentence places somewhere."""
    return frozenset(_people(said))


def _people(said: object) -> Iterator[int]:
    if isinstance(said, str | int | None):  # nearly everything is
        return
    if isinstance(said, Who):
        yield said.person
    elif isinstance(said, Mapping):
        for value in said.values():
            yield from _people(value)
    elif isinstance(said, tuple | list):
        for item in said:
            yield from _people(item)
    else:
        for name in getattr(said, "__dataclass_fields__", ()):
            yield from _people(getattr(said, name))
