"""What a coordinator reads while they look after somebody else's application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain import Application, ApplicationState, Cohort, Event, Person, Wanted
from bot.programs.template import Template
from bot.texts import arrivals
from bot.texts.team import who
from bot.texts.undoing import with_undo
from bot.ui import All, Button, Buttons, Facts, Inline, Message, Quoted, Row, Rows, Words, _, message

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


_LATE = _("It came after the call had closed, and waits for your decision.")


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
            state=_LATE if _waits(application) else _STATES.get(application.state, Words("")),
        ),
        Buttons((read_button(application.id), *_decide(application)), (correct, withdraw))
        if _waits(application)
        else Buttons((correct, withdraw)),
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


def read(application: Application, person: Person, cohort: Cohort, template: Template) -> Message:
    """An application as a coordinator may read it: what is for the partner alone, or for the matching, is left out."""
    said: tuple[tuple[Words, Sequence[Inline]], ...] = (
        (_("Would like to learn about"), [template.topic_label(key) for key in application.wishes]),
        (_("Can help with"), [template.topic_label(key) for key in application.offers]),
        (_("Works or studies at"), [person.institution] if person.institution else []),
        (_("Career"), [Words(template.career[person.career])] if person.career in template.career else []),
        (_("Languages"), [template.language_label(key) for key in person.languages or ()]),
        (_("Ways of talking"), [Words(template.ways[key]) for key in person.ways or () if key in template.ways]),
    )
    return message(
        _("**{person} would like to take part in {title} {role}.**", **_who_and_how(application, person, cohort)),
        Facts(tuple((label, All(tuple(items))) for label, items in said if items)),
        *((Quoted(person.about),) if person.about else ()),
        *((Buttons(_decide(application)),) if _waits(application) else ()),
        notice=_("An application that came late") if application.late else _("An application"),
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


def _who_and_how(application: Application, person: Person, cohort: Cohort) -> dict[str, Inline]:
    return {"person": who(person), "title": cohort.title, "role": AS[application.wanted]}


def _waits(application: Application) -> bool:
    return application.late and application.state is ApplicationState.SENT


def _decide(application: Application) -> tuple[Button, ...]:
    args = {"application": str(application.id)}
    return Button(_("Accept"), "cohort late accept", args), Button(_("Decline kindly"), "cohort late decline", args)


def read_button(application: int) -> Button:
    """Opens an application before it is decided."""
    return Button(_("Read it"), "cohort late read", {"application": str(application)})


def _first(said: Words | None) -> tuple[Words, ...]:
    return () if said is None else (said,)


def _late(application: Application, person: Person, cohort: Cohort) -> Row:
    words = _("{person}, {role}, for {title}", **_who_and_how(application, person, cohort))
    return Row(words, (read_button(application.id), *_decide(application)))


def _args(person: Person, cohort: Cohort, role: Wanted | None = None) -> dict[str, str]:
    args = {"cohort": str(cohort.id), "person": str(person.id)}
    return args if role is None else {**args, "role": role.value}
