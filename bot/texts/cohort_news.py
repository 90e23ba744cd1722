"""What applicants and pairs hear when their cohort changes, ends early or is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain import Application, Cohort, CohortState, Pairing, Person
from bot.texts import conduct
from bot.texts.applications import STAND, TELL_ME, change
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Day, Facts, Message, Who, Words, _, message, ngettext

DAYS: Mapping[str, Words] = {
    "opens_on": _("The call opens"),
    "closes_on": _("Applications close"),
    "announced_on": _("Pairs are announced"),
    "starts_on": _("The program starts"),
    "ends_on": _("The program ends"),
}
"""The five days of a cohort as people read them."""


_WITHDRAW = Button(_("Withdraw"), "mentor withdraw")
_AGREE = Button(_("What am I agreeing to?"), "mentor about")


def dates_moved(
    person: Person, cohort: Cohort, moves: Sequence[tuple[str, date, date]], contact: Person | None
) -> Message:
    """Days that somebody counts on are others now."""
    days = tuple(
        (DAYS[name], _("{after} (it was {before})", after=Day(after), before=Day(before)))
        for name, before, after in moves
    )
    return message(
        _("**{person}, some dates of {title} have moved.**", person=who(person), title=cohort.title),
        Facts(days),
        _("Everything else stays as it is, and there is nothing that you need to do."),
        *_questions(contact),
        Buttons((STAND,)),
        notice=_("Some dates of your mentoring program have moved"),
    )


def closed_early(person: Person, cohort: Cohort) -> Message:
    """The call ended before its day, so answers can no longer be changed."""
    return message(
        _(
            "**{person}, the call for {title} has closed earlier than planned.**",
            person=who(person),
            title=cohort.title,
        ),
        _(
            "Your application is in, and the committee reads it as it stands. You hear from me by {announced}, "
            "whatever the result.",
            announced=Day(cohort.announced_on),
        ),
        Buttons((STAND,)),
        notice=_("The call for mentoring has closed, and your application is in"),
    )


def closed_with(person: Person, application: Application, cohort: Cohort, by: Person) -> Message:
    """The call has closed, and somebody's application was written down by a coordinator."""
    accepts = application.conduct_at is None
    return message(
        _("**{person}, the call for {title} has closed, and you take part.**", person=who(person), title=cohort.title),
        _(
            "{by} has written your application down, and the committee reads it as it stands. If something in it is "
            "not right, {by} can change it, or you withdraw it. You hear from me by {announced}.",
            by=who(by),
            announced=Day(cohort.announced_on),
        ),
        *((conduct.MISSING,) if accepts else ()),
        Buttons((conduct.READ, STAND) if accepts else (STAND,), (_WITHDRAW,)),
        notice=_("The call for mentoring has closed, and your application is in"),
    )


def cancelled(person: Person, cohort: Cohort, contact: Person | None) -> Message:
    """An applicant hears that there will be no pairs."""
    return message(
        _("**{person}, there is news about the mentoring program.**", person=who(person)),
        _(
            "{title} does not take place. The coordinators have cancelled it for everybody, so this says nothing "
            "about your application. Thank you for the time you gave it.",
            title=cohort.title,
        ),
        _("I keep what you told me about yourself, so applying again takes a minute."),
        *_questions(contact),
        Buttons((TELL_ME,)),
        notice=_("News about the mentoring program"),
        delicate=True,
    )


def pairs_end(person: Person, cohort: Cohort, contact: Person | None) -> Message:
    """A member of a pair hears that the program ends before its time."""
    return message(
        _("**{person}, there is news about the mentoring program.**", person=who(person)),
        _(
            "The coordinators have ended {title} for all pairs, so this says nothing about yours. I will not write "
            "to you about it any more.",
            title=cohort.title,
        ),
        _("The program ends. Your conversation need not: please tell your partner how you would like to go on."),
        *_questions(contact),
        Buttons((TELL_ME,)),
        notice=_("News about the mentoring program"),
        delicate=True,
    )


def team_hears(person: Person, cohort: Cohort, by: Person) -> Message:
    """The team hears who cancelled a cohort."""
    return message(
        _("**{title} is cancelled.**", title=cohort.title),
        _(
            "{by} cancelled it. Applicants and pairs hear of it from me. If somebody asks you, {by} is the person "
            "to turn to.",
            by=who(by),
        ),
        Buttons((Button(_("Where do we stand?"), "cohort status", {"cohort": str(cohort.id)}),)),
    )


def completed(pairing: Pairing, *, talks: int, reached: int) -> Message:
    """A pair's last letter, in its own place."""
    members: tuple[Who, ...] = tuple(who(member.person) for member in pairing.members)
    return message(
        _("**{pair}, thank you for this time.**", pair=All(members)),
        _("{title} has ended. {talks}", title=pairing.cohort.title, talks=_talked(talks)),
        *_goals(reached),
        _(
            "If you have one more talk: what are you glad of, what comes next, and how would you like to stay in "
            "touch? I will not ask how it went."
        ),
        _("The program ends. The conversation need not."),
        Buttons((), (TELL_ME,)),
        notice=_("Thank you for this time together"),
    )


def entered(
    person: Person, application: Application, cohort: Cohort, by: Person, *, corrected: bool = False
) -> Message:
    """Somebody hears that a coordinator wrote down or corrected their application while the call is open."""
    return message(
        _written(person, by, corrected=corrected),
        _(
            "It is for {title}. Please look at it until {closes}, change what is not right, and send it once "
            "yourself: that is how you accept the code of conduct.",
            title=cohort.title,
            closes=Day(cohort.closes_on),
        ),
        _("You hear from me by {announced}.", announced=Day(cohort.announced_on)),
        Buttons((change(application), STAND), (_WITHDRAW,)),
        notice=_("Your mentoring application was written down for you"),
    )


def entered_late(
    person: Person, application: Application, cohort: Cohort, by: Person, *, corrected: bool = False
) -> Message:
    """The same after the call, when only a coordinator can change it."""
    accepts = application.conduct_at is None
    return message(
        _written(person, by, corrected=corrected),
        _(
            "It is for {title}. If something in it is not right, {by} can change it, or you withdraw it.",
            title=cohort.title,
            by=who(by),
        ),
        *((conduct.MISSING,) if accepts else ()),
        Buttons((conduct.READ if accepts else _AGREE, STAND), (_WITHDRAW,)),
        notice=_("Your mentoring application was written down for you"),
    )


def _written(person: Person, by: Person, *, corrected: bool) -> Words:
    if corrected:
        return _("**{person}, {by} has corrected your application.**", person=who(person), by=who(by))
    return _("**{person}, {by} has written down your application.**", person=who(person), by=who(by))


def taken_back(person: Person, cohort: Cohort, by: Person) -> Message:
    """Somebody hears that a coordinator withdrew their application."""
    return message(
        _("**{person}, there is news about your mentoring application.**", person=who(person)),
        _(
            "{by} has withdrawn it from {title}. If you did not ask for that, please write to {by}: it can be put "
            "back.",
            by=who(by),
            title=cohort.title,
        ),
        Buttons((STAND,)),
        notice=_("There is news about your mentoring application"),
        delicate=True,
    )


def late_accepted(person: Person, cohort: Cohort, *, today: date) -> Message:
    """A late application counts after all."""
    by_day = (
        _("The committee reads it with the others, and you hear from me by {day}.", day=Day(cohort.announced_on))
        if today <= cohort.announced_on
        else _("The committee reads it with the others, and you hear from me as soon as it is decided.")
    )
    next_step = (
        by_day
        if cohort.state is CohortState.MATCHING
        else _("Pairs have been announced already. As soon as somebody suits you I write to you.")
    )
    return message(
        _("**{person}, there is news about your mentoring application.**", person=who(person)),
        _("Your late application for {title} is accepted. {next}", title=cohort.title, next=next_step),
        Buttons((STAND,)),
        notice=_("There is news about your mentoring application"),
    )


def late_declined(person: Person, cohort: Cohort, by: Person) -> Message:
    """A late application came too late, and who can be asked."""
    return message(
        _("**{person}, there is news about your mentoring application.**", person=who(person)),
        _(
            "It came after the call for {title} had closed, and there is no room for more applications this time. "
            "That says nothing about you or what you wrote.",
            title=cohort.title,
        ),
        _("{by} read it and is glad to talk about other ways.", by=who(by)),
        Buttons((TELL_ME,)),
        notice=_("There is news about your mentoring application"),
        delicate=True,
    )


def _questions(contact: Person | None) -> tuple[Words, ...]:
    return () if contact is None else (_("{contact} is glad to answer questions.", contact=who(contact)),)


def _talked(talks: int) -> Words:
    if not talks:
        return _("I hope your talks were good ones.")
    return ngettext("You noted one talk.", "You noted {count} talks.", talks)


def _goals(reached: int) -> tuple[Words, ...]:
    words = ngettext("One of your goals is reached.", "{count} of your goals are reached.", reached)
    return (words,) if reached else ()
