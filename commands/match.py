"""Forming pairs and publishing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain import Cohort, CohortState, Duty
from bot.services import changes, cohorts, pairing_up, proposals, publishing
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import matching as texts
from bot.texts import publishing as publishing_texts
from bot.ui import Answer, Changed, Choice, Field, Kind, Message, Reply, _
from commands import contact, review
from commands.spec import Me, Refused, Source, command

MATCHED = (CohortState.OPEN, *proposals.MATCHABLE)
"""States in which matching can be asked for; while the call is open, the answer is until when."""


async def _cohorts(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    newest = await queries.newest_cohort(work, me.community.id, *MATCHED)
    return [] if newest is None else [Choice(str(newest.id), newest.title)]


TO_MATCH = Source(
    "cohorts to match",
    _cohorts,
    review.REVIEWED.load,
    none=_("There are no applications to match yet. They come in once a call is open."),
)
"""The newest cohort that has a call behind it; any cohort of the community can be named."""

COHORT = Field("cohort", _("Which program?"), Kind.ONE, source=TO_MATCH.name)


@command("cohort match", _("Propose the best pairs"), COHORT, team=review.TEAM)
async def match(work: Work, me: Me, cohort: Cohort) -> Reply:
    """Ask for the best pairs; a message brings the result."""
    if cohort.state is CohortState.OPEN:
        return texts.call_is_open(cohort, may_close=Duty.COORDINATOR in me.duties)
    return await _begin(work, me, cohort)


@command("cohort match now", _("Close the call and match"), COHORT, team=(Duty.COORDINATOR,), listed=False)
async def match_now(work: Work, me: Me, cohort: Cohort) -> Reply:
    """End the call before its day, and ask for the best pairs."""
    await proposals.hold(work, cohort)
    if cohort.state is not CohortState.OPEN:
        return Changed(await _begin(work, me, cohort))
    event = await cohorts.close_call(work, cohort, by=me.person)
    begun = await _begin(work, me, cohort)
    return Changed(texts.closed_and_begun(begun, event, await changes.until(work, event)))


@command("cohort publish", _("Tell everybody the pairs"), COHORT, team=(Duty.COORDINATOR,))
async def publish(work: Work, me: Me, cohort: Cohort) -> Reply:
    """Show what publishing will do, and ask once."""
    await _check(work, cohort)
    return await publishing.preview(work, cohort, by=me.person)


@command("cohort publish now", _("Publish"), COHORT, team=(Duty.COORDINATOR,), listed=False)
async def publish_now(work: Work, me: Me, cohort: Cohort) -> Reply:
    """Make the proposed pairs real and tell everybody."""
    await _check(work, cohort)
    counts = await publishing.publish(work, cohort, by=me.person, space=me.space.id)
    return Changed(publishing_texts.published(cohort, counts))


COMMANDS = (match, match_now, publish, publish_now, *review.COMMANDS, *contact.COMMANDS)
SOURCES = (TO_MATCH, *review.SOURCES)


async def _begin(work: Work, me: Me, cohort: Cohort) -> Message:
    refusal = await pairing_up.begin(work, cohort, asked_by=me.person)
    if refusal is not None:
        raise Refused(refusal.notice, reply=refusal)
    return texts.begun(cohort)


async def _check(work: Work, cohort: Cohort) -> None:
    obstacle = await publishing.obstacle(work, cohort)
    if obstacle is not None:
        raise Refused(obstacle.notice, reply=obstacle)
