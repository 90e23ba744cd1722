"""A few words that everybody says to somebody: they get the obvious answer, whatever else is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.texts import courtesies as texts
from bot.ui import Message

_THANKS = frozenset(
    {"thanks", "thank you", "thank you very much", "thanks a lot", "many thanks", "thx", "ty", "great thanks"}
)
_HELLO = frozenset({"hello", "hi", "hey", "hello there", "hi there", "good morning", "good afternoon", "good evening"})
_LEAVE = frozenset(
    {
        "i want to leave",
        "i would like to leave",
        "i'd like to leave",
        "i want to quit",
        "i want to stop",
        "stop",
        "quit",
    }
)

_ANSWERS: Mapping[frozenset[str], Callable[[], Message]] = {
    _THANKS: texts.welcome,
    _HELLO: texts.hello,
    _LEAVE: texts.leave,
}


def answer(typed: str) -> Message | None:
    """What to say to these words, if they are nothing but a courtesy or the wish to stop."""
    said = " ".join(typed.lower().replace("’", "'").replace(",", " ").split()).strip("/!.?:) ")
    return next((write() for words, write in _ANSWERS.items() if said in words), None)
