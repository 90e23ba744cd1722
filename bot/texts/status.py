"""Where somebody stands, and the one next step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from bot.domain import Application, Cohort, Duty, Pairing, Person, Role
from bot.texts import applications, conduct
from bot.texts.team import who
from bot.ui import Button, Buttons, Day, Inline, Message, When, Words, _, message, ngettext
from bot.ui.parts import Part, Text

APPLY = Button(_("Apply"), "mentor join")
AGREE = Button(_("What would I be agreeing to?"), "mentor about")
HELP = Button(_("What can I do here?"), "mentor help")
PAUSE = Button(_("Pause my letters"), "mentor pause")
RESUME = Button(_("Resume now"), "mentor resume")


def newcomer(
    call: Cohort | None, upcoming: Cohort | None, *, plans: bool = False, withdrawn: Button | None = None
) -> Message:
    """Somebody who has not applied: whether they can, and how. `plans`: a coordinator of no program yet.

    `withdrawn` opens the application that they took back.
    """
    if plans:
        return message(
            _("**There is no program here yet.** You can plan one: it stays a draft until you open its call."),
            Buttons((Button(_("Plan a program"), "cohort create"), HELP)),
            notice=_("There is no program here yet"),
        )
    if call is not None and withdrawn is not None:
        return message(
            _("**You have withdrawn your application, and can apply again until {day}.**", day=Day(call.closes_on)),
            _("Your answers are kept for you."),
            Buttons((withdrawn, AGREE), (HELP,)),
        )
    if call is None:
        return applications.no_call(upcoming)
    return message(
        _("**You have not applied yet, and you can until {day}.**", day=Day(call.closes_on)),
        _("It takes about five minutes: as a mentee, as a mentor, or as both."),
        Buttons((APPLY, AGREE), (HELP,)),
    )


def begun(run: Button, call: Cohort) -> Message:
    """An application that was begun and not sent."""
    return message(
        _("**Your application is begun and kept for you.**"),
        _("You can finish it until {day}.", day=Day(call.closes_on)),
        Buttons((run, AGREE)),
    )


def applied(application: Application, cohort: Cohort, *, can_change: bool, today: date) -> Message:
    """The application is in: until when it can be changed, and when pairs are announced, or were to be."""
    accepts = application.entered_by_id is not None and application.conduct_at is None
    changing: Words = (
        _("You can change your answers until {day}.", day=Day(cohort.closes_on))
        if can_change
        else _("The committee is reading all applications now.")
    )
    hears: Words = (
        _("You hear from me by {day}, whatever the result.", day=Day(cohort.announced_on))
        if today <= cohort.announced_on
        else _("It takes longer than was planned. You hear from me as soon as it is decided, whatever the result.")
    )
    buttons = (applications.change(application),) if can_change else (HELP,)
    return message(
        _("**Your application for {title} is in.**", title=cohort.title),
        applications.WANTED[application.wanted],
        _("{changing} {hears}", changing=changing, hears=hears),
        *((conduct.MISSING,) if accepts else ()),
        Buttons((conduct.READ, *buttons) if accepts else buttons, (applications.WITHDRAW,)),
    )


def late(cohort: Cohort) -> Message:
    """A late application that nobody has decided about."""
    return message(
        _("**Your late application for {title} is in.**", title=cohort.title),
        _("A coordinator decides whether there is room, and you hear from me either way."),
        Buttons((HELP,), (applications.WITHDRAW,)),
        notice=_("Your late application is in"),
    )


def waiting(cohort: Cohort) -> Message:
    """Pairs were announced, and this person has none: the place is kept."""
    return message(
        _("**Your place in {title} is kept, without a partner so far.**", title=cohort.title),
        _("If somebody becomes free I write to you. There is nothing that you need to do."),
        Buttons((HELP,), (Button(_("Take me off the list"), "mentor withdraw"),)),
    )


def in_no_pair(shown: Message) -> Message:
    """Where somebody stands who asked for what only pairs do."""
    first = Text(_("You are in no pair at the moment."))
    return Message((first, *shown.parts), shown.private, shown.notice)


def of_team(duties: Collection[Duty]) -> Message:
    """Somebody who helps to run the program and is in no pair of it."""
    known = {
        Duty.LIAISON: Button(_("My pairs"), "liaison pairs"),
        Duty.COORDINATOR: Button(_("Where the program stands"), "cohort status"),
    }
    buttons = tuple(button for duty, button in known.items() if duty in duties)
    return message(
        _("You help to run the program and are in no pair of it yourself, so there is nothing of yours to show here."),
        Buttons((*buttons, HELP)),
        notice=_("You are in no pair at the moment."),
    )


def with_pause(shown: Message, until: datetime | None) -> Message:
    """The same, and that the reader has paused their letters."""
    *parts, last = shown.parts
    line = Text(_letters(None, until, paused=True))
    return Message((*parts, line, last, Buttons((), (RESUME,))), shown.private, shown.notice)


def pair(me: Person, pairing: Pairing, *, goals: int, reached: int, talked_on: date | None) -> list[Part]:
    """One pair in a few sentences."""
    partner = pairing.partner(me.id)
    role = {
        Role.MENTOR: _("**{partner}** is your mentor.", partner=who(partner.person)),
        Role.MENTEE: _("You are the mentor of **{partner}**.", partner=who(partner.person)),
        Role.PEER: _("**{partner}** and you are peers.", partner=who(partner.person)),
    }[partner.role]
    talks: Words = (
        _("You last noted a talk on {day}.", day=Day(talked_on)) if talked_on else _("No talk is noted so far.")
    )
    liaison = () if pairing.liaison is None else (_("Your liaison is {liaison}.", liaison=who(pairing.liaison)),)
    lines = (_goals(goals, reached), talks, *liaison)
    places = {f"line{place}": line for place, line in enumerate(lines)}
    return [Text(Words(" ".join(["{role}", *(f"{{{name}}}" for name in places)]), {"role": role, **places}))]


def ending(partner: Person, tell_at: datetime) -> Part:
    """A pair that is being ended by this person."""
    return Text(
        _(
            "You are leaving this pair. {partner} hears of it from me on {when}, and until then you can stay.",
            partner=who(partner),
            when=When(tell_at),
        )
    )


def stay(pairing: Pairing) -> Button:
    """Takes a leaving back."""
    return Button(_("I would rather stay"), "mentor stay", {"pair": str(pairing.id)})


def paired(
    parts: list[Part],
    next_step: Words | None,
    buttons: Sequence[Button],
    *,
    letter_at: datetime | None,
    paused_until: datetime | None,
    paused: bool,
) -> Message:
    """All pairs, when the next letter comes, and the one next step, if there is one."""
    return message(
        _("**Where you stand**"),
        *parts,
        _letters(letter_at, paused_until, paused=paused),
        *(() if next_step is None else (next_step,)),
        Buttons((*buttons, HELP), (RESUME if paused else PAUSE,)),
        notice=_("Where you stand in your mentoring program"),
    )


def _goals(goals: int, reached: int) -> Words:
    if not goals:
        return _("No goals are written down so far.")
    some = ngettext("One goal is written down.", "{count} goals are written down.", goals)
    if not reached:
        return some
    return _("{some} {done}", some=some, done=ngettext("One is reached.", "{count} are reached.", reached))


def _letters(letter_at: datetime | None, until: datetime | None, *, paused: bool) -> Words:
    if paused and until is not None:
        return _("Your letters are paused until {day}.", day=When(until, "day"))
    if paused:
        return _("Your letters are paused until you resume them.")
    if letter_at is None:
        return _("No letter is due.")
    return _("My next letter to you comes on {day}.", day=When(letter_at, "day"))


def steps(partner: Person, pairing: Pairing, *, talked: bool, goals: int) -> tuple[Words, Button]:
    """The one next step of a pair, and its button."""
    args = {"pair": str(pairing.id)}
    name: Inline = who(partner)
    if pairing.starts_on is None:
        return _("{partner} has not joined this chat yet. I introduce the two of you on that day.", partner=name), AGREE
    if not talked:
        return _("Your next step: find a time with {partner}, and tell me when you have talked.", partner=name), Button(
            _("We talked"), "checkin log", args
        )
    if not goals:
        return _("Your next step: write down what you and {partner} want to reach.", partner=name), Button(
            _("Write a goal"), "goals set", args
        )
    return _("Your next step: your next talk with {partner}. Tell me when it has happened.", partner=name), Button(
        _("We talked"), "checkin log", args
    )
