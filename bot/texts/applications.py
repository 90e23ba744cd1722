"""What applicants hear, from the first question to the day on which pairs are announced."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Application, Cohort, CohortState, Person, Wanted
from bot.programs.template import Template
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Day, Inline, Message, Words, _, message

WANTED = {
    Wanted.MENTEE: _("You asked for a mentor."),
    Wanted.MENTOR: _("You offered to be a mentor."),
    Wanted.BOTH: _("You asked for a mentor, and offered to be one."),
}

TELL_ME = Button(_("Tell me about the next call"), "mentor tell")
WITHDRAW = Button(_("Withdraw"), "mentor withdraw")
AS_BOTH = Button(_("Take part as both"), "mentor join", {"role": Wanted.BOTH.value})
STAND = Button(_("Where do I stand?"), "mentor status")


_BEFORE = {
    Wanted.MENTEE: _("This takes the place of your application for a mentor."),
    Wanted.MENTOR: _("This takes the place of your offer to be a mentor."),
    Wanted.BOTH: _("This takes the place of your application for both."),
}


def received(
    person: Person, application: Application, cohort: Cohort, template: Template, *, before: Wanted | None = None
) -> Message:
    """The application is in: what was asked for, until when it can be changed, and when there is news.

    `before`: how they had applied until then. Who asked for one thing and now for another may have wanted both.
    """
    has_turned = before is not None and before is not application.wanted
    both = has_turned and application.wanted is not Wanted.BOTH
    return message(
        _("**Your mentoring application has arrived. Thank you, {name}.**", name=who(person)),
        *_asked(application, template),
        *((_BEFORE[before],) if has_turned and before is not None else ()),
        _(
            "You can change your answers until {closes}. Then the committee reads all applications, and you hear from "
            "me by {announced}, whatever the result. Until then I keep quiet.",
            closes=Day(cohort.closes_on),
            announced=Day(cohort.announced_on),
        ),
        _(
            "The committee reads your topics and what you said about yourself. So does your partner once you are "
            "matched, without the order of your wishes; only your partner reads how to reach you. People you would "
            "rather not be matched with are seen by the coordinator alone."
        ),
        Buttons((change(application), STAND), (*((AS_BOTH,) if both else ()), WITHDRAW)),
        notice=_("Your mentoring application has arrived"),
        kept=True,
    )


def received_late(person: Person, application: Application, cohort: Cohort) -> Message:
    """A late application is in, and a person decides about it."""
    return message(
        _("**Your late application has arrived. Thank you, {name}.**", name=who(person)),
        _(
            "The call closed on {closes}, so a coordinator decides whether there is room. You hear from me either way.",
            closes=Day(cohort.closes_on),
        ),
        Buttons((STAND,), (WITHDRAW,)),
        kept=True,
    )


def late(person: Person, cohort: Cohort, application: int) -> Message:
    """A coordinator hears of a late application, and decides."""
    args = {"application": str(application)}
    return message(
        _("**A late application has arrived for {title}.**", title=cohort.title),
        _(
            "{person} would like to take part, although the call closed on {closes}.",
            person=who(person),
            closes=Day(cohort.closes_on),
        ),
        Buttons(
            (
                Button(_("Read it"), "cohort late read", args),
                Button(_("Accept"), "cohort late accept", args),
                Button(_("Decline kindly"), "cohort late decline", args),
            )
        ),
    )


def change(application: Application) -> Button:
    """Opens the form with the answers that were given."""
    return Button(_("Change my answers"), "mentor join", {"role": application.wanted.value})


def no_call(next_opens: Cohort | None) -> Message:
    """Nobody can apply now: when one can, and the offer to say so."""
    opens: Words = (
        _("No call is open at the moment. {next}", next=_next_call(next_opens))
        if next_opens is not None
        else _("No call is open at the moment, and the next one has no date yet.")
    )
    return message(opens, _("I can tell you on the day it opens, and write nothing until then."), Buttons((TELL_ME,)))


def call_closed(cohort: Cohort, upcoming: Cohort | None) -> Message:
    """The call is over; a person may still make an exception. When the next one opens, if that is known."""
    opens = () if upcoming is None else (_next_call(upcoming),)
    return message(
        _("The call for {title} closed on {day}.", title=cohort.title, day=Day(cohort.closes_on)),
        *opens,
        _(
            "If you would still like to take part, a coordinator can decide about a late application. Or I tell you "
            "about the next call."
        ),
        Buttons((Button(_("Apply late"), "mentor late"), TELL_ME)),
        notice=_("The call is closed"),
    )


def _next_call(upcoming: Cohort) -> Words:
    """A call that was prepared opens on its day; that of another draft is planned, and may move."""
    day = Day(upcoming.opens_on)
    if upcoming.call_channel_id is not None:
        return _("The next call opens on {day}.", day=day)
    return _("The next call is planned for {day}.", day=day)


def will_tell() -> Message:
    """The wish to hear of the next call is noted."""
    return message(
        _("Noted. I write to you on the day the next call opens."), Buttons((Button(_("Rather not"), "mentor untell"),))
    )


def will_not_tell() -> Message:
    """The wish is taken back."""
    return message(_("Noted. I will not write to you about the next call."), Buttons((TELL_ME,)))


def ask_withdraw(cohort: Cohort) -> Message:
    """Withdrawing asks once."""
    again = (
        (_("You can apply again until {day}.", day=Day(cohort.closes_on)),) if cohort.state is CohortState.OPEN else ()
    )
    return message(
        _("Shall I take your application for {title} back? Nobody is told.", title=cohort.title),
        *again,
        Buttons(
            (Button(_("Yes, withdraw it"), "mentor withdraw", {"sure": "yes"}), Button(_("Keep it"), "mentor status"))
        ),
        notice=_("Shall I take your application back?"),
    )


def withdrawn(application: Application) -> Message:
    """The application is taken back, and how to come in again."""
    return message(
        _("Your application is withdrawn. Your answers are kept for you, in case you change your mind."),
        Buttons((Button(_("Apply again"), "mentor join", {"role": application.wanted.value}),), (TELL_ME,)),
        notice=_("Your application is withdrawn"),
    )


def _asked(application: Application, template: Template) -> Sequence[Words]:
    """What was asked for, in one paragraph."""
    wishes = [template.topic_label(key) for key in application.wishes]
    offers: tuple[Inline, ...] = tuple(template.topic_label(key) for key in application.offers)
    lines = [WANTED[application.wanted]]
    if len(wishes) == 1:
        lines.append(_("Your choice is {first}.", first=wishes[0]))
    elif wishes:
        lines.append(_("Your first choice is {first}, then {rest}.", first=wishes[0], rest=All(tuple(wishes[1:]))))
    if application.wanted is not Wanted.MENTEE:
        lines.append(_("You can help with {topics}.", topics=All(offers)))
    return [_together(lines)]


def _together(lines: Sequence[Words]) -> Words:
    """Sentences in one paragraph."""
    names = [f"s{place}" for place in range(len(lines))]
    return Words(" ".join(f"{{{name}}}" for name in names), dict(zip(names, lines, strict=True)))
