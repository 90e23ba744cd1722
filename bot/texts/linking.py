"""Two accounts, one person: the code, the two questions, and how it ended."""

from __future__ import annotations

from bot.domain import Cohort, Person, Space
from bot.texts.applications import STAND
from bot.texts.team import who
from bot.ui import Button, Buttons, Message, Run, Words, _, message

_LINK = Run("mentor link")


def code(made: str) -> Message:
    """Somebody has a code, to be typed from their other account."""
    return message(
        _("**{code}**", code=made),
        _(
            "Type {command} and this code from your other account within ten minutes. It works once. Please show it to "
            "nobody: whoever uses it asks to read your letters.",
            command=_LINK,
        ),
        notice=_("Here is your code"),
    )


def ask(typed: str, maker: Person) -> Message:
    """A code was typed from the other account: what it does, asked once."""
    return message(
        _("**Are you also {maker}?**", maker=who(maker)),
        _(
            "Then this account and that one are one person: what I know from here, your application, your pairs and my "
            "letters, is {maker}'s, and both accounts read the same. It cannot be taken back.",
            maker=who(maker),
        ),
        _("Say yes only if you made the code yourself. If somebody sent it to you, please say no."),
        Buttons((Button(_("Yes, that is me"), "mentor link ask", {"code": typed}), Button(_("No"), "cohort keep"))),
        notice=_("Are these accounts one person?"),
    )


def asked(maker: Person) -> Message:
    """The other account is asked now."""
    return message(
        _(
            "**One more yes.** I have written to {maker}: please press the button there, within a day.",
            maker=who(maker),
        ),
        notice=_("One more yes, from your other account"),
    )


def is_it_you(number: int, *, name: str, space: Space) -> Message:
    """The account that made the code is asked last."""
    args = {"code": str(number)}
    return message(
        _("**Is {name} in {space} you?**", name=name, space=space.name),
        _(
            "Your code was typed there. If you say yes, that account reads what you read here: your letters, your "
            "pairs and your goals. It cannot be taken back, and I wait for your answer for a day."
        ),
        Buttons((Button(_("Yes, it is me"), "mentor link yes", args), Button(_("No"), "mentor link no", args))),
        notice=_("A question about your accounts"),
    )


def linked(space: Space) -> Message:
    """It is done."""
    return message(
        _("**Both accounts are yours now.** Whatever you ask, I answer in either."),
        _(
            "My letters come to you in {space}. If they do not arrive there any more, I try your other account.",
            space=space.name,
        ),
        Buttons((STAND,)),
        notice=_("Both accounts are yours now"),
    )


def refused() -> Message:
    """It was not them."""
    return message(
        _("**Thank you. Nothing was changed**, and the code is worth nothing any more."),
        notice=_("Nothing was changed"),
    )


def not_them() -> Message:
    """The other account said no."""
    return message(
        _("**The other account says that it is not yours.** Nothing was changed."),
        _("If it was a slip, get a new code there with {command}.", command=_LINK),
        notice=_("An answer about your accounts"),
    )


def is_void() -> Words:
    """A code that nobody knows (any more)."""
    return _(
        "This code is not valid. A code holds ten minutes and works once; type {command} without a code from your "
        "other account to get a new one.",
        command=_LINK,
    )


def is_you() -> Words:
    """A code typed where it was made."""
    return _("This code was made by this account. Please type it from your other one.")


def other_community() -> Words:
    """Two people of two communities stay two."""
    return _(
        "Your other account belongs to another community. Its coordinators can bring the two together with {command}; "
        "until then you are a guest in each.",
        command=Run("cohort link"),
    )


def are_a_pair() -> Words:
    """Two people who were brought together are two."""
    return _("These two accounts were brought together as a pair, so they are two people.")


def both_applied(cohort: Cohort) -> Words:
    """Two people cannot be one while each has an application."""
    return _(
        "Both of your accounts take part in {title}. Please withdraw one application with {withdraw} first, or ask a "
        "coordinator.",
        title=cohort.title,
        withdraw=Run("mentor withdraw"),
    )


def over() -> Words:
    """Nobody waits for this answer any more."""
    return _(
        "This question is over: it was answered, or a day has passed. A new code comes with {command}.", command=_LINK
    )
