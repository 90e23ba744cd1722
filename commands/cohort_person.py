"""/cohort person: apply for, correct or withdraw somebody; and decide about late applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import Application, ApplicationState, Cohort, Duty, Person, Wanted
from bot.programs import template
from bot.services import applications, arrivals, changes, entering, proposals
from bot.services.standing import is_standing
from bot.storage import queries
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.texts import entering as texts
from bot.texts.team import who
from bot.ui import Answer, Changed, Choice, Field, Kind, Message, Reply, Run, _
from commands import application_form
from commands.cohort_fields import ACTIVE, MATCHING, OPEN, cohort_field, need_state, take
from commands.sources import number
from commands.spec import Command, Me, Refused, Source, command

COORDINATOR = (Duty.COORDINATOR,)

_THEIRS = frozenset({"conduct", "contact"})
"""Questions that only the person themselves can answer."""

_COHORT = cohort_field("cohorts with applications")
_PERSON = Field(
    "person",
    _("Who?"),
    Kind.ONE,
    source="people to apply for",
    hint=_("Whoever has not joined this chat yet is entered with {new}.", new=Run("cohort person new")),
    whole=True,
)


@command(
    "cohort person", _("Apply for somebody, correct or withdraw it"), _PERSON, _COHORT, team=COORDINATOR, reads=True
)
async def show(work: Work, me: Me, cohort: Cohort, person: Person) -> Message:
    """How somebody's application stands, and what can be done."""
    need_state(cohort, OPEN, MATCHING, ACTIVE)
    application = await queries.application_of(work, cohort.id, person.id)
    if application is None or not is_standing(application):
        return texts.nothing_yet(person, cohort)
    return texts.there(person, cohort, application)


async def _questions(work: Work, me: Me, found: Mapping[str, Any]) -> Sequence[Field]:
    return application_form.about_somebody(application_form.fields(found["cohort"], Wanted(found["role"])))


async def _known(work: Work, me: Me, found: Mapping[str, Any]) -> Mapping[str, Answer]:
    known = await applications.prefill(work, found["cohort"], found["person"]) if "person" in found else {}
    return {name: answer for name, answer in known.items() if name not in _THEIRS}


@command(
    "cohort person apply",
    _("Write somebody's application down"),
    _PERSON,
    _COHORT,
    application_form.ROLE,
    team=COORDINATOR,
    listed=False,
    more=_questions,
    prefill=_known,
    intro=_(
        "They hear that you wrote it, and can change it while the call is open. Each question says who will read the "
        "answer."
    ),
)
async def apply(work: Work, me: Me, cohort: Cohort, person: Person, role: str, **answers: Any) -> Message:
    """Enter or correct an application."""
    need_state(cohort, OPEN, MATCHING, ACTIVE)
    application_form.check(person, answers)
    read = applications.Answers.read(Wanted(role), answers)
    application = await entering.enter(work, cohort, person, read, by=me.person)
    return texts.entered(person, cohort, application, is_here=await arrivals.is_here(work, person))


@command(
    "cohort person withdraw", _("Withdraw somebody's application"), _PERSON, _COHORT, team=COORDINATOR, listed=False
)
async def withdraw(work: Work, me: Me, cohort: Cohort, person: Person) -> Reply:
    """Take an application back for somebody."""
    await proposals.hold(work, cohort)
    application = await queries.application_of(work, cohort.id, person.id)
    if application is None or not is_standing(application):
        raise Refused(_("{person} has no application that could be withdrawn.", person=who(person)))
    if await entering.is_paired(work, cohort, person):
        raise Refused(
            _(
                "{person} is in a pair, and the pair comes first: {person} can end it kindly with {leave}.",
                person=who(person),
                leave=Run("mentor leave"),
            )
        )
    event = await entering.take_back(work, application, by=me.person)
    return Changed(texts.taken_back(person, event, await changes.until(work, event)))


async def _find(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    rows = await entering.waiting(work, me.community.id, most=MOST_CHOICES)
    return [Choice(str(one.id), person.name) for one, person, _cohort in rows if typed.lower() in person.name.lower()]


async def _load(work: Work, me: Me, value: str) -> Application | None:
    found = await work.find(Application, number(value))
    cohort = None if found is None else await work.get(Cohort, found.cohort_id)
    return found if cohort is not None and cohort.community_id == me.community.id else None


LATE = Source("late applications", _find, _load, none=_("No late application waits for you."))
"""Late applications that nobody has decided about; any application of the community can be named."""

_LATE = Field("application", _("Whose late application?"), Kind.ONE, source="late applications")


@command("cohort late", _("See late applications that wait for a decision"), team=COORDINATOR, reads=True)
async def late(work: Work, me: Me) -> Message:
    """Late applications, each with its two answers."""
    return texts.late(await entering.waiting(work, me.community.id, most=MOST_CHOICES))


@command("cohort late read", _("Read a late application"), _LATE, team=COORDINATOR, listed=False, reads=True)
async def read_late(work: Work, me: Me, application: Application) -> Message:
    """A late application as a coordinator may read it."""
    person, cohort = await work.get(Person, application.person_id), await work.get(Cohort, application.cohort_id)
    return texts.read(application, person, cohort, template(cohort.template))


@command("cohort late accept", _("Let a late application count"), _LATE, team=COORDINATOR, listed=False)
async def accept(work: Work, me: Me, application: Application) -> Reply:
    """Accept a late application."""
    person = await _undecided(work, application)
    event = await entering.accept(work, application, by=me.person)
    return Changed(texts.accepted(person, event, await changes.until(work, event)))


@command("cohort late decline", _("Turn a late application down kindly"), _LATE, team=COORDINATOR, listed=False)
async def decline(work: Work, me: Me, application: Application) -> Reply:
    """Decline a late application."""
    person = await _undecided(work, application)
    event = await entering.decline(work, application, by=me.person)
    return Changed(texts.declined(person, event, await changes.until(work, event)))


async def _undecided(work: Work, application: Application) -> Person:
    """Whose late application it is. Raises Refused where there is nothing to decide any more."""
    await take(work, await work.get(Cohort, application.cohort_id), OPEN, MATCHING, ACTIVE)
    await work.session.refresh(application)
    person = await work.get(Person, application.person_id)
    if not application.late or application.state is not ApplicationState.SENT:
        raise Refused(
            _(
                "This application is decided or withdrawn already. {command} shows how {person} stands.",
                command=Run("cohort person"),
                person=who(person),
            )
        )
    return person


COMMANDS: tuple[Command, ...] = (show, apply, withdraw, late, read_late, accept, decline)
SOURCES = (LATE,)
