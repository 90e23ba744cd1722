"""The call for participation, and what somebody would be agreeing to."""

from __future__ import annotations

from bot.domain import Cohort, Person
from bot.programs.template import Template
from bot.texts.applications import TELL_ME
from bot.texts.team import who
from bot.ui import Button, Buttons, Day, Facts, Message, Row, Rows, Words, _, message

APPLY = Button(_("Apply"), "mentor join")
AGREE = Button(_("What would I be agreeing to?"), "mentor about")


def call(cohort: Cohort, template: Template, contact: Person | None) -> Message:
    """The call, for everybody in a channel."""
    questions = () if contact is None else (_("Questions go to {contact}.", contact=who(contact)),)
    return message(
        _("**{headline}**", headline=Words(template.call.headline)),
        _("{about}", about=Words(template.call.about)),
        _("{who}", who=Words(template.call.who)),
        _("The program runs from {starts} to {ends}.", starts=Day(cohort.starts_on), ends=Day(cohort.ends_on)),
        _(
            "You can apply until {closes}; it takes five minutes. A committee then forms the pairs, and everyone "
            "hears by {announced}.",
            closes=Day(cohort.closes_on),
            announced=Day(cohort.announced_on),
        ),
        *questions,
        Buttons((APPLY, AGREE), (TELL_ME,)),
        private=False,
        notice=_("{title}: apply until {closes}", title=cohort.title, closes=Day(cohort.closes_on)),
    )


def over(cohort: Cohort) -> Message:
    """What stands in the call's place once it has closed."""
    return message(
        _("**{title}: the call is closed.**", title=cohort.title),
        _(
            "Thank you to everybody who applied until {closes}. A committee forms the pairs, and everyone hears by "
            "{announced}.",
            closes=Day(cohort.closes_on),
            announced=Day(cohort.announced_on),
        ),
        Buttons((TELL_ME,)),
        private=False,
    )


def called_off(cohort: Cohort, contact: Person | None) -> Message:
    """What stands in the call's place once its cohort was cancelled."""
    questions = () if contact is None else (_("Questions go to {contact}.", contact=who(contact)),)
    return message(
        _("**{title} does not take place.**", title=cohort.title),
        _("Everybody who applied hears from me. Thank you for your interest."),
        *questions,
        Buttons((TELL_ME,)),
        private=False,
    )


def news(cohort: Cohort, person: Person) -> Message:
    """Somebody asked to be told when a call opens."""
    return message(
        _("**{person}, a new call for mentoring is open.**", person=who(person)),
        _(
            "You asked me to tell you. {title} takes applications until {closes}, as a mentee, as a mentor, or as "
            "both.",
            title=cohort.title,
            closes=Day(cohort.closes_on),
        ),
        _("This is all that I send you about it."),
        Buttons((APPLY, AGREE)),
        notice=_("A new call for mentoring is open"),
    )


def about(template: Template, cohort: Cohort | None) -> Message:
    """What taking part means: the time, the agreement, the code of conduct."""
    agreement = tuple((Words(point.title), Words(point.text)) for point in template.agreement)
    return message(
        _("**What you would be agreeing to**"),
        _time(template, cohort),
        _("At the beginning, each pair writes down together:"),
        Facts(agreement),
        _("And everybody keeps to this code of conduct:"),
        Rows(tuple(Row(Words(line)) for line in template.code_of_conduct)),
        Buttons((APPLY,), (TELL_ME,)),
    )


def _time(template: Template, cohort: Cohort | None) -> Words:
    hours = _("at least {hours} hours a month", hours=template.hours_a_month)
    if cohort is None:
        return _("Your time: {hours}, for talks with your partner.", hours=hours)
    return _(
        "Your time: {hours} from {starts} to {ends}, for talks with your partner.",
        hours=hours,
        starts=Day(cohort.starts_on),
        ends=Day(cohort.ends_on),
    )
