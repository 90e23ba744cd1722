"""Two communities become one: the code, the two questions, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Cohort, Community, Person, Space
from bot.texts.team import who
from bot.ui import All, Button, Buttons, Message, Run, Words, _, message

_LINK = Run("cohort link")
_TEAM = Button(_("See the team"), "cohort team")
_JOIN = Button(_("Take part"), "mentor join")


def code(made: str) -> Message:
    """A coordinator has a code, to be typed in the other chat."""
    return message(
        _("**{code}**", code=made),
        _(
            "Type {command} and this code in the other chat within ten minutes, as its coordinator or admin. It works "
            "once, and I ask you again before anything happens.",
            command=_LINK,
        ),
        _(
            "People there can then take part in your programs. Your team stays as it is: nobody there coordinates, "
            "until you say so. It only works where no program has been planned yet."
        ),
        notice=_("Here is your code"),
    )


def ask(typed: str, host: Community, maker: Person, spaces: Sequence[Space]) -> Message:
    """Somebody on the other side has typed a code: what it does, asked once."""
    return message(
        _("**Shall {spaces} join {host}?**", spaces=_names(spaces), host=host.name),
        _(
            "Everybody here can then take part in the programs of {host}. Who coordinates there coordinates here too, "
            "and reads applications; your own team has no duties any more. It cannot be taken back.",
            host=host.name,
        ),
        _("If you say yes, {maker} is asked as well, and nothing happens before {maker} agrees.", maker=who(maker)),
        Buttons((Button(_("Yes, join"), "cohort link ask", {"code": typed}), Button(_("No"), "cohort keep"))),
        notice=_("Shall this chat join another community?"),
    )


def asked(maker: Person) -> Message:
    """The other side is asked now."""
    return message(
        _("**I have asked {maker}.** You hear from me as soon as there is an answer, within a day.", maker=who(maker)),
        notice=_("The other side is asked"),
    )


def may_they(number: int, *, spaces: Sequence[Space], by: Person) -> Message:
    """The coordinator who made the code is asked last."""
    args = {"code": str(number)}
    return message(
        _("**May {spaces} join your community?**", spaces=_names(spaces)),
        _(
            "{by} typed your code there. Everybody there can then take part in your programs; nobody there gets a role "
            "in your team. It cannot be taken back, and I wait for your answer for a day.",
            by=who(by),
        ),
        Buttons((Button(_("Yes, let them join"), "cohort link yes", args), Button(_("No"), "cohort link no", args))),
        notice=_("Another chat would like to join"),
    )


def they_joined(spaces: Sequence[Space], asker: Person) -> Message:
    """It is done, for the coordinator."""
    return message(
        _("**{spaces} belongs to your community now.** {asker} hears of it.", spaces=_names(spaces), asker=who(asker)),
        _(
            "Invite me to a channel there, and {announce} posts an open call in it, too. Whoever should help you is "
            "added to the team.",
            announce=Run("cohort announce"),
        ),
        Buttons((_TEAM,)),
        notice=_("They have joined"),
    )


def joined(host: Community, *, by: Person, spaces: Sequence[Space]) -> Message:
    """It is done, for whoever asked."""
    return message(
        _("**{spaces} belongs to {host} now.** {by} has agreed.", spaces=_names(spaces), host=host.name, by=who(by)),
        _(
            "People here can take part in the programs there. Whoever has written to me in both chats types {command} "
            "in one of them, so that I know them as one person.",
            command=Run("mentor link"),
        ),
        Buttons((_JOIN,)),
        notice=_("Your chat has joined"),
    )


def refused(asker: Person) -> Message:
    """The coordinator said no."""
    return message(
        _("**Nothing was changed.** {asker} hears that it is not wanted now.", asker=who(asker)),
        notice=_("Nothing was changed"),
    )


def not_now(host: Community) -> Message:
    """Whoever asked hears of the no."""
    return message(
        _("**{host} would rather stay as it is for now.** Nothing was changed here.", host=host.name),
        _("You can plan a program of your own at any time."),
        Buttons((Button(_("Plan a program"), "cohort create"),)),
        notice=_("There is an answer about your chat"),
    )


def needs_code() -> Words:
    """Only a coordinator gets a code."""
    return _(
        "Type the code that a coordinator of the other community gave you. They get it with {command}.", command=_LINK
    )


def is_void() -> Words:
    """A code that nobody knows (any more)."""
    return _(
        "This code is not valid. A code holds ten minutes and works once; a coordinator of the other community gets a "
        "new one with {command}.",
        command=_LINK,
    )


def is_from_here() -> Words:
    """A code typed where it was made."""
    return _("This code was made here. Please type it in the other chat, the one that is to join.")


def has_joined() -> Words:
    """One of the two belongs to another one by now."""
    return _("One of the two has joined another community meanwhile. Please begin again with {command}.", command=_LINK)


def is_part_of_another() -> Words:
    """Somebody plans a program at the very moment in which their community joins another one."""
    return _("This chat has just joined another community, whose coordinators plan its programs. Please ask them.")


def has_a_program(cohort: Cohort) -> Words:
    """A community with a program stays its own."""
    return _(
        "{title} was planned here, so this community stays its own. The other one can join it: type {command} here "
        "without a code, and that code there.",
        title=cohort.title,
        command=_LINK,
    )


def over() -> Words:
    """Nobody waits for this answer any more."""
    return _(
        "This question is over: it was answered, or a day has passed. A new code comes with {command}.", command=_LINK
    )


def coordinators_only(coordinators: Sequence[Person]) -> Words:
    """Somebody asked who may not decide it."""
    if coordinators:
        names = All(tuple(who(person) for person in coordinators))
        return _("Only a coordinator can do that. Please ask {coordinators}.", coordinators=names)
    return _("Only an admin of this chat can do that. Please ask one of them to type it.")


def _names(spaces: Sequence[Space]) -> All:
    return All(tuple(space.name for space in spaces))
