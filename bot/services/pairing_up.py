"""Forming pairs as long work: asked for, computed off the event loop, and told to whoever asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain import Cohort, LetterKind, Person, Role, Task, TaskState
from bot.matching import Proposal, solve
from bot.services import applications, candidates, leftovers, proposals
from bot.services.candidates import Pool
from bot.services.proposals import Match
from bot.storage import tasks
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import matching as texts
from bot.texts.asking import refused
from bot.ui import Message, Run, _

TASK = "match"
"""The name of this long work in the task table."""


@dataclass(frozen=True, slots=True)
class Solved:
    """What came of a pool, and the pool itself, to see whether it is still the same."""

    pool: Pool
    proposal: Proposal
    matches: tuple[Match, ...]


async def begin(work: Work, cohort: Cohort, *, asked_by: Person) -> Message | None:
    """Ask for a proposal; a letter to whoever asked brings the result. Otherwise what stands in the way."""
    await proposals.hold(work, cohort)
    if cohort.state not in proposals.MATCHABLE:
        words = _("Pairs are proposed after the call has closed. {command} shows where it stands.", command=_STATUS)
        return refused(words)
    if await is_running(work, cohort):
        return refused(_("I am forming the pairs at this moment. My message with the result comes shortly."))
    await applications.enroll(work, cohort)
    pool = await candidates.gather(work, cohort)
    if not pool.mentors:
        return await _nobody(work, cohort, Role.MENTOR)
    if not pool.mentees and cohort.capacity is not None and await candidates.beyond(work, cohort):
        taken = _("All places for mentees are taken. {edit} changes how many there are.", edit=Run("cohort edit"))
        return refused(taken)
    if not pool.mentees:
        return await _nobody(work, cohort, Role.MENTEE)
    await ask(work, cohort, asked_by=asked_by.id)
    work.note("match.asked", community=cohort.community_id, cohort=cohort.id, person=asked_by.id)
    return None


async def ask(work: Work, cohort: Cohort, *, asked_by: int) -> None:
    """Put the work of matching into the task table."""
    await tasks.ask(work, TASK, community=cohort.community_id, asked_by=asked_by, cohort=cohort.id)


async def is_running(work: Work, cohort: Cohort) -> bool:
    """Whether pairs for this cohort are being formed."""
    waiting = await work.all(
        select(Task).where(
            Task.community_id == cohort.community_id,
            Task.name == TASK,
            Task.state.in_((TaskState.WAITING, TaskState.CLAIMED)),
        )
    )
    return any(task.args["cohort"] == cohort.id for task in waiting)


async def read(work: Work, task: Task) -> Pool:
    """The first step of the task: everything the result depends on."""
    return await candidates.gather(work, await work.get(Cohort, task.args["cohort"]))


def compute(pool: Pool) -> Solved:
    """The second step: the best pairs. Takes seconds for thousands of people, so no Work may be open."""
    preferences = pool.preferences
    proposal = solve(pool.mentees, pool.mentors, rules=pool.rules, preferences=preferences)
    mentees = {mentee.enrollment: mentee for mentee in pool.mentees}
    mentors = {mentor.enrollment: mentor for mentor in pool.mentors}
    kept = set(pool.rules.locked)
    matches = (
        Match.of(
            mentees[pair.mentee],
            mentors[pair.mentor],
            preferences=preferences,
            score=pair.score,
            locked=(pair.mentee, pair.mentor) in kept,
        )
        for pair in proposal.pairs
    )
    return Solved(pool, proposal, tuple(matches))


async def write(work: Work, task: Task, solved: Solved) -> None:
    """The third step: the new proposal instead of the old one. If anything has changed meanwhile, begin anew."""
    cohort = await work.get(Cohort, task.args["cohort"])
    await proposals.hold(work, cohort)
    if cohort.state not in proposals.MATCHABLE:
        return
    if await candidates.gather(work, cohort) != solved.pool:
        await ask(work, cohort, asked_by=task.asked_by_id)
        return
    people = {who.enrollment: who.person for who in solved.pool.everybody}
    await proposals.drop(work, cohort)
    await proposals.store(work, cohort, solved.matches, people=people)
    cohort.reviewed_at = None
    facts = _outcome(solved, beyond=len(await candidates.beyond(work, cohort)))
    work.note(
        "match.proposed",
        community=cohort.community_id,
        cohort=cohort.id,
        person=task.asked_by_id,
        pairs=facts.pairs,
        left=facts.mentees,
    )
    letter = NewLetter(
        key=f"match:task-{task.id}",
        kind=LetterKind.RESULT,
        to=await work.get(Person, task.asked_by_id),
        message=texts.proposed(cohort, facts),
        about=f"cohort:{cohort.id}",
    )
    await post(work, cohort.community_id, letter)


_STATUS = Run("cohort status")


async def _nobody(work: Work, cohort: Cohort, missing: Role) -> Message:
    """Nobody is free in one of the two roles: who waits in the other one."""
    return texts.nobody(cohort, missing, await leftovers.waiting(work, cohort))


def _outcome(solved: Solved, *, beyond: int) -> texts.Outcome:
    """The proposal in numbers; `beyond` mentees had no room in it."""
    offers = {mentor.enrollment: mentor.offers for mentor in solved.pool.mentors}
    wishes = {mentee.enrollment: mentee.wishes for mentee in solved.pool.mentees}
    matched = Counter(match.mentor for match in solved.matches)
    ranks = Counter(_rank(wishes[match.mentee], offers[match.mentor]) for match in solved.matches)
    return texts.Outcome(
        pairs=len(solved.matches),
        first=ranks[0],
        other=sum(number for rank, number in ranks.items() if rank),
        mentees=len(solved.proposal.left_over) + beyond,
        mentors=sum(1 for mentor in offers if not matched[mentor]),
        proof=solved.proposal.proof,
    )


def _rank(wishes: Sequence[str], offers: frozenset[str]) -> int | None:
    return next((rank for rank, topic in enumerate(wishes) if topic in offers), None)
