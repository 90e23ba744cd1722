"""Every change says until when it can be undone; afterwards, what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain import Event
from bot.ui import Button, Buttons, Message, Run, Text, When, Words, _, message
from bot.ui.parts import Part


def with_undo(
    event: Event, until: datetime | None, *parts: Part | Words, next_steps: tuple[Button, ...] = ()
) -> Message:
    """A reply to a change: what happened, until when nobody hears of it, and how to take it back."""
    undo = Button(_("Undo"), "cohort undo", {"change": str(event.id)})
    return message(*parts, Text(_window(until)), Buttons((*next_steps, undo)))


def undone() -> Message:
    """A change is taken back."""
    return message(_("Undone. Everything is as it was before, and nobody was told."))


def sent_already(kind: str) -> Words:
    """Letters about a change are out: what to do instead."""
    return _("People have heard of this already, so I cannot undo it. {instead}", instead=_INSTEAD[kind])


def moved_on(kind: str) -> Words:
    """A change was undone before, or others were built on it: what to do instead."""
    return _("This was undone or changed again since. {instead}", instead=_INSTEAD[kind])


def chosen() -> Words:
    """Somebody has chosen a pair since the call was closed."""
    return _(
        "Somebody has chosen a pair by hand since, and opening the call again would throw that away. {instead}",
        instead=_INSTEAD["cohort.closed"],
    )


def _window(until: datetime | None) -> Words:
    if until is None:
        return _("Nobody is told about this, and you can undo it.")
    return _("Nobody hears of it before {hour}. Until then you can undo it.", hour=When(until))


_STATUS = _("{status} shows what you can do now.", status=Run("cohort status"))

_INSTEAD: Mapping[str, Words] = {
    "cohort.prepared": _STATUS,
    "cohort.closed": _("Whoever would like to apply now reaches you as a late application, and you decide."),
    "cohort.cancelled": _("{create} starts a new cohort with the same template.", create=Run("cohort create")),
    "cohort.edited": _("{edit} changes it again.", edit=Run("cohort edit")),
    "application.taken_back": _("{person} writes the application down again.", person=Run("cohort person")),
    "late.accepted": _("{person} withdraws the application.", person=Run("cohort person")),
    "late.declined": _("{person} writes the application down again.", person=Run("cohort person")),
    "team.added": _("{team} takes a duty away again.", team=Run("cohort team")),
    "team.removed": _("{team} gives a duty back.", team=Run("cohort team")),
}

UNDOABLE = frozenset(_INSTEAD)
"""Kinds of change that can be undone."""
