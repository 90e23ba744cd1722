"""The code of conduct of somebody whose application a coordinator wrote down: only they can accept it."""

from __future__ import annotations

from bot.domain import Cohort
from bot.programs.template import Template
from bot.ui import Button, Buttons, Message, Row, Rows, Words, _, message

READ = Button(_("Read the code of conduct"), "mentor conduct")
_STAND = Button(_("Where do I stand?"), "mentor status")

MISSING = _("One thing is left for you to do: please read the code of conduct, and say that you will keep to it.")


def ask(cohort: Cohort, template: Template) -> Message:
    """The code of conduct, and the press that accepts it."""
    return message(
        _("**The code of conduct of {title}**", title=cohort.title),
        Rows(tuple(Row(Words(line)) for line in template.code_of_conduct)),
        Buttons((Button(_("I will keep to it"), "mentor conduct", {"sure": "yes"}), _STAND)),
        notice=_("The code of conduct"),
    )


def accepted(cohort: Cohort) -> Message:
    """It is accepted."""
    return message(
        _("Thank you. You have accepted the code of conduct of {title}.", title=cohort.title),
        Buttons((_STAND,)),
        notice=_("You have accepted the code of conduct"),
    )
