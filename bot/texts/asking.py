"""What is said while a command is being asked for: choices, refusals, and our own failures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.domain import Duty
from bot.ui import All, Button, Buttons, Inline, Message, Reply, Run, Words, _, message

_DUTIES = {
    Duty.COORDINATOR: _("coordinators"),
    Duty.LIAISON: _("liaisons"),
    Duty.COMMITTEE: _("the committee"),
}


_STEPS = (Button(_("Where do I stand?"), "mentor status"), Button(_("What can I do here?"), "mentor help"))

FAILED = _("Something went wrong, and nothing was changed")
"""The notice of our own bug: adapters know by it that what somebody sent has not been carried out."""

INSTEAD = _("Here is what to do instead")
"""The notice of a refusal: the sentence itself may be long, and is for whoever asked."""

SEND = _("Send")
CANCEL = _("Cancel")
CLOSE = _("Close")
ADD_MORE = _("Add more")
OPEN_FORM = _("Open the form")
ONE_MOMENT = _("One moment …")
LOADING = _("I am looking that up. This fills in by itself.")
SAVING = _("I am saving your answers. Nothing more is needed from you.")
ANSWERED = _("Done. My answer waits where you asked, and this window can be closed.")
YES = _("Yes")


def choose(question: Words, buttons: Sequence[Button], *, hint: Words | None) -> Message:
    """One question, one button a choice."""
    hints = () if hint is None else (hint,)
    return message(question, *hints, Buttons(tuple(buttons)), notice=_("One question first"))


def open_form(title: Words, run: str) -> Message:
    """A form where none can be shown by itself: after typed words, or when the moment for it has passed."""
    return message(
        _("“{title}” has a few questions.", title=title),
        Buttons((Button(OPEN_FORM, run),)),
        notice=_("A form is ready for you"),
        kept=True,
    )


def refused(words: Words) -> Message:
    """One sentence that says what to do."""
    return message(words, notice=INSTEAD)


def gone() -> Words:
    """A button of an older message, or of somebody else's."""
    return _("I do not find what this was about. It belongs to an older message, or it is not yours to open.")


def stale() -> Message:
    """The same, with what to do instead."""
    return lost(gone())


def lost(words: Words, step: Button | None = None) -> Message:
    """A sentence after which somebody needs a way on."""
    return message(words, Buttons(_STEPS if step is None else (step, _STEPS[1])), notice=INSTEAD)


def only_by_button() -> Words:
    """A command that needs what only a button knows was typed."""
    return _("That only works from the button of a message. Here is how to go on.")


def unknown(words: Words, meant: Button | None = None) -> Message:
    """Words that are no command still get an answer, and the two likeliest next steps."""
    return message(words, Buttons(_STEPS if meant is None else (meant, _STEPS[1])), notice=INSTEAD)


def failed(reference: str) -> Message:
    """Our own bug: nothing was changed, and a reference finds it in the log."""
    return message(
        _(
            "Something went wrong on my side, and nothing was changed. Please try again in a minute. If it happens "
            "again, tell your coordinator this reference: {reference}.",
            reference=reference,
        ),
        notice=FAILED,
    )


def has_failed(reply: Reply) -> bool:
    """Whether a reply says that our own bug kept us from doing anything."""
    return isinstance(reply, Message) and reply.notice == FAILED


def unshown(reference: str) -> Message:
    """Our own bug after the command has run: its answer cannot be shown, and what it did stays done."""
    return message(
        _(
            "Something went wrong on my side while I was answering. What you asked for may have been done: please look "
            "at {status} before you ask again. If you do not find it there, tell your coordinator this reference: "
            "{reference}.",
            status=Run("mentor status"),
            reference=reference,
        ),
        notice=_("Something went wrong while I was answering"),
    )


def not_your_duty(path: str, team: Collection[Duty]) -> Words:
    """Somebody asked for what only the team may do."""
    who: tuple[Inline, ...] = tuple(_DUTIES[duty] for duty in Duty if duty in team)
    return _(
        "{command} is for {who} of this program. {help} shows what you can do here.",
        command=Run(path),
        who=All(who),
        help=Run("mentor help"),
    )


def unknown_space() -> Words:
    """The bot was asked from where it is not set up."""
    return _("I am not set up here yet. Please ask whoever installed me.")


def stranger() -> Words:
    """Somebody writes to the bot directly before they were met anywhere."""
    return _("I do not know you yet. Please type {help} on the server of your program first.", help=Run("mentor help"))


def which_community() -> Words:
    """Somebody belongs to several communities and has one direct message for all."""
    return _("Which community is this about?")


def choose_community(communities: Sequence[tuple[int, str]], path: str, args: Mapping[str, str]) -> Message:
    """One button a community; each runs what was asked."""
    buttons = tuple(Button(as_label(name), path, args, community=number) for number, name in communities)
    return message(which_community(), Buttons(buttons), notice=_("One question first"))


def unknown_field(name: str) -> Words:
    """A choice was asked for a field that the form does not have."""
    return _("This form has no field called “{name}”. Please open it again.", name=name)


def nothing_to_choose() -> Words:
    """A question without any possible answer."""
    return _("There is nothing to choose here yet.")


def as_label(text: Inline) -> Words:
    """A button's label made of a name or number."""
    return _("{text}", text=text)
