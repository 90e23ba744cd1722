"""The few sentences that only Discord needs: forms there come in pages, and a room has readers of its own."""

from __future__ import annotations

from bot.ui import Run, Words, _

YES, NO = _("Yes"), _("No")

PLACES = (
    _("First choice"),
    _("Second choice"),
    _("Third choice"),
    _("Fourth choice"),
    _("Fifth choice"),
    _("Another choice"),
)

OPEN = _("Open the form")
TRY_AGAIN = _("Try again")
SEND = _("Send it")

READY = _("That took a moment, and the form is ready now.")
WRONG = _("Something needs another look. Nothing was lost: the form opens as you filled it in.")
ENOUGH = _("That is all I need. You can send it now, or say a little more first.")
GONE = _("This form is no longer here. Please type the command again: what you wrote is filled in.")
LOST_LINK = _("This button leads nowhere any more. Please ask again: {help} shows what you can do here.")

CLOSED = _(
    "I cannot write to you directly, and that is where my letters will go. Please open this server's menu, choose "
    "Privacy Settings, allow direct messages, and try again. Until then I put my letters into a private thread here, "
    "where people who may manage threads can read them too."
)
CORNER = _(
    "This thread is yours: I put my letters to you here, since you take no direct messages from me. Besides you and "
    "me, people who may manage threads on this server can read it. To get the letters directly, open this server's "
    "menu, choose Privacy Settings, allow direct messages, and try again."
)
HELD = _(
    "The words of this letter are for you alone, and others may open this thread. Press below, and I show them to "
    "nobody but you. Where you allow direct messages, I bring them there instead."
)
READ = _("Read it")
WAS_READ = _("You have read what I kept for you here.")
NOTHING_WAITS = _("Nothing waits for you here any more.")
HERE = _("Here I am. This is where my letters to you go.")
OPENED = _("That works: I have just written to you directly.")


def sent() -> Words:
    """A button or page of a form that was sent before."""
    return _(
        "This form was sent already, and it counts once. {status} shows where you stand. For something new, please "
        "type its command again.",
        status=Run("mentor status"),
    )


def corner(name: str) -> Words:
    """What the thread of one person is called; two users of Discord never have the same name."""
    return _("Letters for {name}", name=name)


def kept(left: int) -> Words:
    """Between two pages of a form."""
    if left == 1:
        return _("Kept. One more page, and I have all that I need.")
    return _("Kept. {left} more pages, and I have all that I need.", left=left)


def go_on(page: int, pages: int) -> Words:
    """The button that opens the next page."""
    return _("Continue ({page} of {pages})", page=page, pages=pages)


def add_more(page: int, pages: int) -> Words:
    """The button that opens a page which nobody has to fill in."""
    return _("Add more ({page} of {pages})", page=page, pages=pages)


def who_reads() -> Words:
    """What stands in a new thread first."""
    return _(
        "This thread is private. Besides the two of you and me, people who may manage threads on this server can read "
        "it. For anything that they should not read, write to each other directly."
    )
