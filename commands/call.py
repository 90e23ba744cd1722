"""/cohort open: the call for participation, looked at before it is posted; and what it asks people to agree to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.domain import Channel, Cohort, Duty
from bot.programs import template, templates
from bot.services import calls, cohort_dates, cohorts
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import call as call_texts
from bot.texts import cohorts as texts
from bot.ui import Answer, Changed, Choice, Field, Kind, Message, Reply, Run, _
from commands.cohort_fields import CALLS, DRAFT, DRAFTS, MATCHING, OPEN, check_future, cohort_field, need_state, take
from commands.sources import CHANNELS
from commands.spec import Command, Me, Refused, Source, command

COORDINATOR = (Duty.COORDINATOR,)


async def _channels(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    """Channels for a call that can be opened: nobody chooses one and learns only then that it cannot."""
    drafts = [Choice(str(answers["cohort"]), "")] if "cohort" in answers else await DRAFTS.find(work, me, "", answers)
    cohort = await DRAFTS.load(work, me, drafts[0].value) if len(drafts) == 1 else None
    if isinstance(cohort, Cohort):
        await _check(work, cohort)
    return await CHANNELS.find(work, me, typed, answers)


CALL_CHANNELS = Source("channels for a call", _channels, CHANNELS.load, none=CHANNELS.none)

_CHANNEL = Field("channel", _("In which channel shall I post the call?"), Kind.ONE, source=CALL_CHANNELS.name)
"""Stands before the cohort, of which there is usually one: a single word behind the command names the channel."""
_DRAFT = cohort_field(DRAFTS.name)


async def _one_at_a_time(work: Work, me: Me) -> None:
    """Refuse before anything is asked, whichever draft it may be about."""
    drafts = select(Cohort.id).where(Cohort.community_id == me.community.id, Cohort.state == DRAFT).limit(2)
    other = await queries.newest_cohort(work, me.community.id, OPEN, MATCHING)
    if other is not None and len(await work.all(drafts)) > 1:
        raise Refused(
            _(
                "“{other}” takes applications or forms its pairs at the moment, and there is one call at a time. "
                "Publish its pairs first; your drafts stay as they are until then.",
                other=other.title,
            )
        )


@command(
    "cohort open",
    _("Open the call in a channel, after a preview"),
    _CHANNEL,
    _DRAFT,
    team=COORDINATOR,
    reads=True,
    guard=_one_at_a_time,
)
async def preview(work: Work, me: Me, cohort: Cohort, channel: Channel) -> Message:
    """Show the call exactly, before anybody sees it."""
    await _check(work, cohort)
    asked = await calls.wanting(work, cohort.community_id)
    return texts.preview(
        cohort, await calls.text(work, cohort), channel, asked=len(asked), today=cohort.today(work.now)
    )


@command("cohort post", _("Post the call now"), _CHANNEL, _DRAFT, team=COORDINATOR, listed=False)
async def post(work: Work, me: Me, cohort: Cohort, channel: Channel) -> Reply:
    """Open the call."""
    await take(work, cohort, DRAFT)
    await _check(work, cohort)
    told = await cohorts.open_call(work, cohort, by=me.person, channel=channel)
    return Changed(texts.posted(cohort, channel, told))


@command("cohort prepare", _("Post the call on the day it opens"), _CHANNEL, _DRAFT, team=COORDINATOR, listed=False)
async def prepare(work: Work, me: Me, cohort: Cohort, channel: Channel) -> Reply:
    """Let the call open by itself."""
    await take(work, cohort, DRAFT)
    await _check(work, cohort)
    check_future(cohort.opens_on, cohort.today(work.now), field="opens_on")
    event = await cohorts.prepare_call(work, cohort, by=me.person, channel=channel)
    return Changed(texts.prepared(cohort, channel, event, cohort_dates.opens_at(cohort)))


@command(
    "cohort announce",
    _("Post the open call in one more channel"),
    Field("channel", _("In which channel, too?"), Kind.ONE, source=CHANNELS.name),
    cohort_field(CALLS.name),
    team=COORDINATOR,
)
async def announce(work: Work, me: Me, cohort: Cohort, channel: Channel) -> Message:
    """Post the call again, somewhere else."""
    await take(work, cohort, OPEN)
    if not await calls.announce_also(work, cohort, channel):
        raise Refused(texts.posted_there(channel), field="channel")
    return texts.posted_also(cohort, channel)


@command("mentor about", _("See what taking part would mean"), reads=True)
async def about(work: Work, me: Me) -> Message:
    """Time, agreement and code of conduct."""
    cohort = await queries.newest_cohort(work, me.community.id, OPEN)
    return call_texts.about(template(cohort.template if cohort else templates()[0]), cohort)


async def _check(work: Work, cohort: Cohort) -> None:
    """Refuse a call that is open or over, whose time has passed, or that would be the second at a time."""
    need_state(cohort, DRAFT)
    if cohort.closes_on < cohort.today(work.now):
        raise Refused(
            _(
                "The call of “{title}” would close on a day that has passed. {edit} moves its dates.",
                title=cohort.title,
                edit=Run("cohort edit"),
            )
        )
    other = await queries.newest_cohort(work, cohort.community_id, OPEN, MATCHING)
    if other is not None:
        raise Refused(
            _(
                "“{other}” takes applications or forms its pairs at the moment, and there is one call at a time. "
                "Publish its pairs first; “{title}” stays a draft until then.",
                other=other.title,
                title=cohort.title,
            )
        )


COMMANDS: tuple[Command, ...] = (preview, post, prepare, announce, about)
SOURCES = (CALL_CHANNELS,)
