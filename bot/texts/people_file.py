"""The file of everybody in a cohort: what is said with it, and the heads of its columns."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import Cohort, Person, Wanted
from bot.texts.cohorts import button
from bot.ui import Buttons, Message, Paper, Words, _, message

HEADS: tuple[Words, ...] = (
    _("Name"),
    _("Takes part as"),
    _("Works or studies at"),
    _("Career"),
    _("Would like to learn about"),
    _("Can help with"),
    _("Places for mentees"),
    _("In a pair with"),
    _("Liaison"),
    _("Has joined this chat"),
)

ROLES: Mapping[Wanted, Words] = {
    Wanted.MENTEE: _("mentee"),
    Wanted.MENTOR: _("mentor"),
    Wanted.BOTH: _("mentee and mentor"),
}

HERE: Mapping[bool, Words] = {True: _("yes"), False: _("not yet")}

_NAME = "{title}-people.csv"
_LONGEST = 60


def coming(cohort: Cohort) -> Message:
    """The file is on its way."""
    return message(
        _("**I am sending it to you.** The file of everybody in {title} comes by direct message.", title=cohort.title),
        _("I send it to nobody else, and keep no copy."),
        notice=_("A file is on its way to you"),
    )


def sent(cohort: Cohort, reader: Person) -> Message:
    """The file itself, made when it is delivered; only for somebody who is a coordinator at that moment."""
    return message(
        _("**Everybody in {title}, as a file.**", title=cohort.title),
        _(
            "It opens in any spreadsheet program, and shows how things stand at this moment. Please keep it as "
            "carefully as the people in it would, and delete it when you are done."
        ),
        Paper(file_name(cohort), "people", {"cohort": str(cohort.id), "reader": str(reader.id)}),
        Buttons((button(_("Where does it stand?"), "cohort status", cohort),)),
        notice=_("The file that you asked for"),
    )


def file_name(cohort: Cohort) -> str:
    """A name that every system takes: letters, digits and hyphens of the title."""
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in cohort.title.lower())
    title = "-".join(part for part in kept.split("-") if part)[:_LONGEST].strip("-")
    return _NAME.format(title=title or f"cohort-{cohort.id}")
