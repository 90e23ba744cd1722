"""Every command that is listed, and the buttons that everybody presses, as they are asked when they are measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Executable, delete, insert, update

from benchmarks.program import GOALS, MIDST, Program
from bot.domain import (
    Application,
    ApplicationState,
    CheckIn,
    Cohort,
    CohortState,
    Departure,
    Duty,
    Goal,
    GoalState,
    Letter,
    LetterKind,
    Note,
    Pairing,
    PairingState,
    Task,
    TeamMember,
)
from bot.ui import Answer

Args = Mapping[str, Answer]
Ask = Callable[[int], tuple[int, Args]]
"""Who asks for the nth time, and with which answers."""


@dataclass(frozen=True, slots=True)
class Case:
    """One way to ask for one command. `restore` runs before each time but is not measured; `most` limits the times."""

    command: str
    program: Program
    ask: Ask
    submitted: bool = False
    restore: Sequence[Executable] = field(default=())
    most: int = 10_000

    @property
    def way(self) -> str:
        """How it is asked."""
        return "sends the form" if self.submitted else "asks"


@dataclass(frozen=True, slots=True)
class Scene:
    """What the cases are played on; `mentees` and `mentors` are enrollments of the cohort that is being matched."""

    talking: Program
    matching: Program
    calling: Program
    draft: Cohort
    mentees: Sequence[int]
    mentors: Sequence[int]
    proposed: Sequence[str]


def cases(scene: Scene) -> list[Case]:
    """All of them, in an order in which none spoils the next."""
    return [*_applicants(scene.calling), *_members(scene.talking), *_liaisons(scene.talking), *_cohorts(scene),
            *_matching(scene), *_leaving(scene.talking), *_publishing(scene)]  # fmt: skip


def _applicants(there: Program) -> list[Case]:
    anybody = _each(there.people[: len(there.people) // 4])
    applied = there.people[len(there.people) // 4 :]
    mine = Application.person_id.in_(applied)
    return [
        Case("mentor help", there, anybody()),
        Case("mentor about", there, anybody()),
        Case("mentor join", there, anybody(role="mentee")),
        Case("mentor join", there, anybody(role="mentee", **_APPLICATION), True, [_no_applications(there)]),
        Case("mentor withdraw", there, _each(applied)(sure="yes"), restore=[
            update(Application).where(mine).values(state=ApplicationState.SENT)
        ]),
    ]  # fmt: skip


def _members(there: Program) -> list[Case]:
    member, today = _each(there.people), MIDST.date().isoformat()
    count = len(there.people)

    def goal(n: int) -> tuple[int, Args]:
        return there.people[n % count], {"goal": str(there.goals[n % count // 2 * GOALS])}

    def new(n: int) -> tuple[int, Args]:
        asker, chosen = goal(n)
        return asker, {**chosen, **_GOAL}

    third = delete(Goal).where(Goal.title == _GOAL["title"])
    is_open = update(Goal).values(state=GoalState.OPEN, reached_on=None)
    return [
        Case("mentor status", there, member()),
        Case("mentor contact", there, member()),
        Case("mentor pause", there, member(until="2027-09-01"), True),
        Case("mentor resume", there, member()),
        Case("mentor quiet", there, member()),
        Case("mentor link", there, member(), True),
        Case("goals list", there, member()),
        Case("goals set", there, member(), restore=[third]),
        Case("goals set", there, member(**_GOAL), True, [third]),
        Case("goals update", there, goal, restore=[third]),
        Case("goals update", there, new, True),
        Case("goals done", there, goal, restore=[is_open]),
        Case("checkin log", there, member()),
        Case("checkin log", there, member(date=today, how="video", minutes="45", note="Two drafts"), True, _NO_TALK),
        Case("checkin history", there, member()),
        Case("nudge talked", there, _with_pair(there), restore=_NO_TALK),
        Case("nudge planned", there, _with_pair(there)),
        Case("nudge well", there, _with_pair(there)),
    ]


def _liaisons(there: Program) -> list[Case]:
    liaison = _each([next(one.person_id for one in there.team if one.duty is Duty.LIAISON)])
    coordinator, pair = _each([there.coordinator]), str(there.pairings[0])
    cohort = str(there.cohort.id)
    orphans = update(Pairing).where(Pairing.cohort_id == there.cohort.id).values(liaison_id=None)
    given = update(Pairing).where(Pairing.cohort_id == there.cohort.id).values(liaison_id=there.team[2].person_id)
    unsaid = delete(Letter).where(Letter.kind.in_((LetterKind.SUMMARY, LetterKind.NEWS)))
    return [
        Case("liaison assign", there, coordinator(), True, [orphans]),
        Case("liaison pairs", there, liaison(), restore=[given]),
        Case("liaison pair", there, liaison(pair=pair)),
        Case("liaison write", there, liaison(pair=pair, text="How is it going?"), True, [unsaid]),
        Case("liaison summary", there, liaison(cohort=cohort), restore=[unsaid]),
        Case("liaison channel", there, coordinator(channel=str(there.channels[1])), True),
    ]


def _cohorts(scene: Scene) -> list[Case]:
    there, call = scene.talking, scene.calling
    asker, caller = _each([there.coordinator]), _each([call.coordinator])
    cohort, draft = str(there.cohort.id), str(scene.draft.id)
    added, removed = str(there.people[0]), there.team[-1]
    unsent = delete(Letter).where(Letter.kind == LetterKind.RESULT)
    is_open = update(Cohort).where(Cohort.id == call.cohort.id).values(state=CohortState.OPEN)
    again = insert(TeamMember).values(
        id=removed.id, community_id=removed.community_id, person_id=removed.person_id, duty=removed.duty,
        since=removed.since,
    )  # fmt: skip
    return [
        Case("cohort status", there, asker(cohort=cohort)),
        Case("cohort people", there, asker(cohort=cohort), restore=[unsent]),
        Case("cohort edit", there, asker(cohort=cohort)),
        Case("cohort open", there, asker(cohort=draft, channel=str(there.channels[0]))),
        Case("cohort create", there, asker(template=there.cohort.template)),
        Case("cohort create", there, asker(**_plan(there.cohort)), True),
        Case("cohort late", there, asker()),
        Case("cohort cancel", there, asker(cohort=cohort)),
        Case("cohort team", there, asker()),
        Case("cohort team add", there, asker(duty="committee", person=added), True, [_not_in_team(there.people[0])]),
        Case("cohort team remove", there, asker(member=str(removed.id)), restore=[
            delete(TeamMember).where(TeamMember.id == removed.id), again
        ]),
        Case("cohort person", call, caller(cohort=str(call.cohort.id), person=str(call.people[-1]))),
        Case("cohort person new", call, caller(cohort=str(call.cohort.id))),
        Case("cohort person expected", call, caller()),
        Case("cohort link", call, caller(), True),
        Case("cohort announce", call, caller(channel=str(call.channels[1]), cohort=str(call.cohort.id)), most=1),
        Case("cohort setup", call, _each([call.people[-1]])()),
        Case("cohort close", call, caller(cohort=str(call.cohort.id)), restore=[is_open]),
    ]  # fmt: skip


def _matching(scene: Scene) -> list[Case]:
    there = scene.matching
    asker, cohort, pair = _each([there.coordinator]), str(there.cohort.id), scene.proposed[0]

    def other(n: int) -> tuple[int, Args]:
        return there.coordinator, {"mentee": str(scene.mentees[0]), "mentor": str(scene.mentors[n % 2])}

    def gone(n: int) -> tuple[int, Args]:
        return there.coordinator, {"pair": scene.proposed[1 + n]}

    return [
        Case("cohort match", there, asker(cohort=cohort), restore=[delete(Task)]),
        Case("cohort review", there, asker(cohort=cohort), restore=[delete(Task)]),
        Case("cohort review lock", there, asker(pair=pair)),
        Case("cohort review unlock", there, asker(pair=pair)),
        Case("cohort review forbid", there, gone, most=len(scene.proposed) // 2),
        Case("cohort review swap", there, other, restore=[delete(Task)]),
    ]


def _leaving(there: Program) -> list[Case]:
    leaver = _each(there.people[::2])
    back = [delete(Departure), update(Pairing).where(Pairing.state == PairingState.PAUSED).values(
        state=PairingState.ACTIVE
    )]  # fmt: skip
    return [
        Case("mentor leave", there, leaver(), restore=back),
        Case("mentor leave", there, leaver(tell="bot", line="Thank you"), True, back),
    ]


def _publishing(scene: Scene) -> list[Case]:
    there = scene.matching
    asker, cohort = _each([there.coordinator]), str(there.cohort.id)
    seen = update(Cohort).where(Cohort.id == there.cohort.id).values(reviewed_at=there.cohort.created_at)
    return [
        Case("cohort publish", there, asker(cohort=cohort), restore=[delete(Task), seen]),
        Case("cohort publish now", there, asker(cohort=cohort), most=1),
    ]


def _each(people: Sequence[int]) -> Callable[..., Ask]:
    """These people in turn, all with the same answers."""

    def answering(**args: Answer) -> Ask:
        return lambda n: (people[n % len(people)], args)

    return answering


def _with_pair(there: Program) -> Ask:
    count = len(there.people)
    return lambda n: (there.people[n % count], {"pair": str(there.pairings[n % count // 2])})


def _no_applications(there: Program) -> Executable:
    strangers = there.people[: len(there.people) // 4]
    return delete(Application).where(Application.person_id.in_(strangers))


def _plan(cohort: Cohort) -> Args:
    """The form of a cohort like that one, two years later."""
    days = ("opens_on", "closes_on", "announced_on", "starts_on", "ends_on")
    later = {day: getattr(cohort, day).replace(year=getattr(cohort, day).year + 2).isoformat() for day in days}
    return {**later, "template": cohort.template, "title": "Later", "zone": cohort.zone, "topics": cohort.topics}


def _not_in_team(person: int) -> Executable:
    return delete(TeamMember).where(TeamMember.person_id == person)


_GOAL: Mapping[str, str] = {"title": "A third goal", "help": "Introduce me to two editors"}

_APPLICATION: Mapping[str, Answer] = {
    "wishes": ["cataloging", "publishing"],
    "name": "Ada Lovelace",
    "zone": "America/Chicago",
    "institution": "City Library",
    "career": "first_years",
    "conduct": "yes",
}

_NO_TALK = [delete(Note), delete(CheckIn).where(CheckIn.minutes.is_(None) | (CheckIn.way != ""))]
"""What `checkin log` and `nudge talked` have written, but not what was there before."""
