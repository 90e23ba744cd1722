"""Words that somebody typed without a command: quoted, with the one press that makes them the answer they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.texts.paces import LABELS, LESS, Choice
from bot.texts.sheet import About
from bot.ui import Button, Buttons, Message, Part, Quoted, Text, Words, _, message, ngettext

LONGEST_QUOTE = 500
"""Characters that are shown again; all of them are kept."""

_NOTICE = _("Is this the answer to my question?")


def as_answer(words: str, field: Words, hint: Words | None, *, take: Button, leave: Button) -> Message:
    """A form was begun: the words may be what is missing in it."""
    who_reads = () if hint is None else (hint,)
    return message(
        _("**Shall I put this under “{field}”?**", field=field),
        *_quoted(words),
        *who_reads,
        _SEEN_AGAIN,
        Buttons((take, leave)),
        notice=_NOTICE,
    )


def as_goal(words: str, about: About, *, take: Button, note: Button, leave: Button) -> Message:
    """A pair was asked for its first goal."""
    return message(
        _("**Shall I take this as a goal of you and {partner}?**", partner=about.partner),
        *_quoted(words),
        _("You two read it and can change it. A liaison sees only that it is there."),
        _SEEN_AGAIN,
        Buttons((take, leave), (note,)),
        notice=_NOTICE,
    )


def as_note(words: str, abouts: Sequence[About], notes: Sequence[Button], *, leave: Button) -> Message:
    """Somebody was asked whether they have talked, and answers with a sentence."""
    return message(
        _("**Is this about a talk that you have had?**"),
        *_quoted(words),
        ngettext(
            "I can keep it beside that day. You and your partner read it and nobody else does.",
            "I can keep it beside that day. You and the partner you choose read it and nobody else does.",
            len(abouts),
        ),
        _SEEN_AGAIN,
        Buttons((*notes, leave), (LESS,)),
        notice=_NOTICE,
    )


def as_press(words: str, buttons: Sequence[Button], *, leave: Button, notes: Sequence[Button] = ()) -> Message:
    """A letter whose buttons are its answers: which of them is meant?"""
    return message(
        _("**Which of these comes nearest to what you wrote?**"),
        *_quoted(words),
        _("I understand buttons better than sentences."),
        Buttons(tuple(buttons), (*notes, leave)),
        notice=_NOTICE,
    )


def too_long(words: str, field: Words, *, most: int, again: Button) -> Message:
    """The words may be what is missing, and do not fit."""
    return message(
        _("**This may be meant for “{field}”, and it is too long for it.**", field=field),
        *_quoted(words),
        _(
            "It has {count} characters, and {most} fit. A shorter version can be typed here or into the form.",
            count=len(words),
            most=most,
        ),
        Buttons((again,)),
        notice=_("A little too long"),
    )


def let_be(words: str) -> Message:
    """They were something else: nothing is kept of them."""
    steps = (Button(_("Where do I stand?"), "mentor status"), Button(_("What can I do here?"), "mentor help"))
    return message(
        _("Then I keep nothing of it."), *(_quoted(words) if words else ()), Buttons(steps), notice=_("Nothing is kept")
    )


PUT_THERE = _("Yes, put it there")
AS_GOAL = _("Yes, as a goal")
SOMETHING_ELSE = _("No, something else")


def note_label(about: About, *, alone: bool) -> Words:
    """The button that keeps words as a note; it names the partner where there are several."""
    if alone:
        return _("Keep it as a note of a talk today")
    return _("As a note of a talk with {partner} today", partner=about.partner)


def pace_meant(words: str) -> Choice | None:
    """The pace whose label or name stands in these words, or which they are a part of."""
    said = words.casefold()
    return next((choice for choice, label in _SAID.items() if any(one in said or said in one for one in label)), None)


_SAID: Mapping[Choice, tuple[str, str]] = {
    choice: (choice.value, label.msgid.casefold()) for choice, label in LABELS.items()
}

_SEEN_AGAIN = _("You see it once more before anything is sent.")


def _quoted(words: str) -> Sequence[Part]:
    shown = words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"
    return (Text(_("You wrote:")), Quoted(shown))
