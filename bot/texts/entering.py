"""What a coordinator reads while they look after somebody else's application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain import Application, ApplicationState, Cohort, Event, Person, Wanted
from bot.texts import arrivals
from bot.texts.team import who
from bot.texts.undoing import with_undo
from bot.ui import Button, Buttons, Message, Row, Rows, Words, _, message

AS: Mapping[Wanted, Words] = {
    Wanted.MENTEE: _("as a mentee"),
    Wanted.MENTOR: _("as a mentor"),
    Wanted.BOTH: _("as a mentee and as a mentor"),
}

_ROLES: Mapping[Wanted, Words] = {
    Wanted.MENTEE: _("As a mentee"),
    Wanted.MENTOR: _("As a mentor"),
    Wanted.BOTH: _("As both"),
}

_STATES: Mapping[ApplicationState, Words] = {
    ApplicationState.DRAFT: _("It is not sent yet."),
    ApplicationState.SENT: _("It is in."),
    ApplicationState.ACCEPTED: _("It is accepted."),
    ApplicationState.WAITLISTED: _("It is on the waiting list."),
}


def nothing_yet(person: Person, cohort: Cohort, *, said: Words | None = None) -> Message:
    """Somebody has no application that stands: as what shall one be written down?"""
    buttons = tuple(Button(_ROLES[role], "cohort person apply", _args(person, cohort, role)) for role in Wanted)
    return message(
        *_first(said),
        _(
            "{person} has no application for {title}. As what shall I write one down?",
            person=who(person),
            title=cohort.title,
        ),
        _("{person} hears of it from me, can change it, and accepts the code of conduct.", person=who(person)),
        Buttons(buttons),
        notice=_("As what shall I enter an application?"),
    )


def there(person: Person, cohort: Cohort, application: Application, *, said: Words | None = None) -> Message:
    """Somebody has applied: how, and what a coordinator can do about it."""
    correct = Button(_("Correct it"), "cohort person apply", _args(person, cohort, application.wanted))
    withdraw = Button(_("Withdraw it"), "cohort person withdraw", _args(person, cohort))
    return message(
        *_first(said),
        _(
            "{person} has applied for {title} {role}. {state}",
            person=who(person),
            title=cohort.title,
            role=AS[application.wanted],
            state=_STATES.get(application.state, Words("")),
        ),
        Buttons((correct, withdraw)),
        notice=_("There is an application already"),
    )


def entered(person: Person, cohort: Cohort, application: Application, *, is_here: bool) -> Message:
    """An application is written down, and how its person hears of it."""
    hears = _("I write to {person} about it.", person=who(person)) if is_here else arrivals.invite(person)
    return message(
        _(
            "Written down: {person} takes part in {title} {role}. {hears}",
            person=who(person),
            title=cohort.title,
            role=AS[application.wanted],
            hears=hears,
        ),
        Buttons(
            (
                Button(_("Correct it"), "cohort person apply", _args(person, cohort, application.wanted)),
                Button(_("Withdraw it"), "cohort person withdraw", _args(person, cohort)),
            ),
            (Button(_("Apply for somebody else"), "cohort person", {"cohort": str(cohort.id)}),),
        ),
        notice=_("The application is written down"),
    )


def taken_back(person: Person, event: Event, until: datetime | None) -> Message:
    """An application is withdrawn for somebody."""
    return with_undo(event, until, _("**Withdrawn.** I write to {person} about it.", person=who(person)))


def late(rows: Sequence[tuple[Application, Person, Cohort]]) -> Message:
    """Late applications that wait for a decision."""
    if not rows:
        return message(_("No late application waits for you."))
    return message(
        _("**These applications came after their call had closed.**"), Rows(tuple(_late(*row) for row in rows))
    )


def accepted(person: Person, event: Event, until: datetime | None) -> Message:
    """A late application counts."""
    return with_undo(
        event, until, _("**Accepted.** {person} is part of the next proposal of pairs.", person=who(person))
    )


def declined(person: Person, event: Event, until: datetime | None) -> Message:
    """A late application was turned down."""
    return with_undo(
        event, until, _("**Declined.** {person} hears it kindly, with your name to turn to.", person=who(person))
    )


def _first(said: Words | None) -> tuple[Words, ...]:
    return () if said is None else (said,)


def _late(application: Application, person: Person, cohort: Cohort) -> Row:
    args = {"application": str(application.id)}
    return Row(
        _("{person}, {role}, for {title}", person=who(person), role=AS[application.wanted], title=cohort.title),
        (Button(_("Accept"), "cohort late accept", args), Button(_("Decline kindly"), "cohort late decline", args)),
    )


def _args(person: Person, cohort: Cohort, role: Wanted | None = None) -> dict[str, str]:
    args = {"cohort": str(cohort.id), "person": str(person.id)}
    return args if role is None else {**args, "role": role.value}
