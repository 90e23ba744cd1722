"""/liaison: looking after pairs, by days and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from bot.domain import LIVE, Channel, Cohort, Duty, Pairing, Person, Role
from bot.services import handovers, liaising, pair_facts, summaries
from bot.storage import queries
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.texts import assigning as assigning_texts
from bot.texts import liaison as texts
from bot.texts.team import who
from bot.ui import Answer, Choice, Field, Kind, Message, Reply, Run, Where, Who, _
from commands.sources import number
from commands.spec import Command, Me, Refused, Source, command

COORDINATOR = (Duty.COORDINATOR,)
TEAM = (Duty.COORDINATOR, Duty.LIAISON)


async def _find_liaisons(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    team = await queries.team(work, me.community.id, Duty.LIAISON)
    return [Choice(str(one.id), one.name) for one in team if typed.lower() in one.name.lower()][:MOST_CHOICES]


async def _liaison(work: Work, me: Me, value: str) -> Person | None:
    found = await queries.people_called(work, me.community.id, value.removeprefix("@"))
    team = {person.id for person in await queries.team(work, me.community.id, Duty.LIAISON)}
    return found[0] if len(found) == 1 and found[0].id in team else None


LIAISONS = Source(
    "liaisons", _find_liaisons, _liaison, none=_("Nobody is a liaison yet. A coordinator names one in the team.")
)
"""The liaisons of the community."""


async def _find_running(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    found = await handovers.running(work, me.community)
    return [Choice(str(one.id), one.title) for one in found if typed.lower() in one.title.lower()][:MOST_CHOICES]


async def _running(work: Work, me: Me, value: str) -> Cohort | None:
    found = await handovers.running(work, me.community)
    return next((cohort for cohort in found if cohort.id == number(value)), None)


RUNNING = Source(
    "running cohorts", _find_running, _running, none=_("No pair is under way yet, so there is nothing to sum up.")
)
"""Cohorts whose pairs are under way."""

_PAIR = Field("pair", _("Which pair?"), Kind.ONE, source="team pairs")
_COHORT = Field("cohort", _("Which program?"), Kind.ONE, source="running cohorts")


@command(
    "liaison assign",
    _("Share the pairs out among the liaisons"),
    Field("pair", _("Which pair?"), Kind.ONE, source="team pairs", required=False),
    Field("liaison", _("Who should look after it?"), Kind.ONE, source="liaisons", required=False),
    team=COORDINATOR,
    intro=_("Leave both empty to find somebody for every pair that has nobody. Or choose one pair to move it."),
)
async def assign(work: Work, me: Me, pair: Pairing | None, liaison: Person | None) -> Message:
    """Spread the pairs evenly, or move one of them."""
    if not await queries.team(work, me.community.id, Duty.LIAISON):
        raise Refused(_("Nobody is a liaison yet. Please name one first: {add}.", add=Run("cohort team add")))
    if pair is not None:
        return await _move(work, me, pair, liaison)
    if liaison is not None:
        raise Refused(_("Please choose the pair too, or leave both empty."), field="pair")
    given = await handovers.spread(work, me.community)
    left = await handovers.alone(work, me.community)
    return assigning_texts.assigned(given, await handovers.loads(work, me.community), alone=left)


async def _move(work: Work, me: Me, pair: Pairing, liaison: Person | None) -> Message:
    _check_live(pair)
    inside = {member.person_id for member in pair.members}
    if liaison is None:
        loads = await handovers.loads(work, me.community)
        able = [load for load in loads if load.liaison.person not in inside | {pair.liaison_id}]
        if not able:
            raise Refused(_("There is nobody else. Please name another liaison: {add}.", add=Run("cohort team add")))
        return assigning_texts.choose_liaison(_people(pair), pair.id, able[:MOST_CHOICES])
    if liaison.id in inside:
        raise Refused(_("{person} is in that pair. Please choose somebody else.", person=who(liaison)), field="liaison")
    if liaison.id == pair.liaison_id:
        raise Refused(_("{person} looks after that pair already.", person=who(liaison)), field="liaison")
    former = await handovers.move(work, pair, liaison)
    return assigning_texts.moved(_people(pair), pair.id, who(liaison), None if former is None else who(former))


@command(
    "liaison pairs",
    _("See the pairs I look after, and how they are doing"),
    Field("page", _("Page"), Kind.HIDDEN, required=False),
    Field("everybody", _("All pairs"), Kind.HIDDEN, required=False),
    team=TEAM,
    reads=True,
)
async def pairs(work: Work, me: Me, page: str | None, everybody: str | None) -> Message:
    """My pairs; for a coordinator who has none, or asks for it, all of them."""
    shown, live = max(number(page or "") or 1, 1), pair_facts.live(community=me.community.id)
    hears, is_coordinator = await pair_facts.known_to(work, me.person), Duty.COORDINATOR in me.duties
    if not (everybody and is_coordinator):
        mine = await pair_facts.reports(work, live, Pairing.liaison_id == me.person.id, hears=hears)
        if mine:
            return texts.mine(mine, min(shown, texts.pages(mine)), coordinator=is_coordinator)
        if not is_coordinator:
            return texts.no_pairs()
    found = await pair_facts.reports(work, live, hears=hears)
    return texts.everybody(found, min(shown, texts.pages(found))) if found else texts.nobody_paired()


@command("liaison pair", _("See how one pair is doing"), _PAIR, team=TEAM, reads=True)
async def pair(work: Work, me: Me, pair: Pairing) -> Message:
    """One pair by days and figures."""
    hears = await pair_facts.known_to(work, me.person)
    found = await pair_facts.reports(work, Pairing.id == pair.id, hears=hears)
    return texts.pair(found[0], coordinator=Duty.COORDINATOR in me.duties)


@command(
    "liaison write",
    _("Write a few words to a pair"),
    _PAIR,
    Field(
        "text",
        _("Your words"),
        Kind.TEXT,
        max_length=1500,
        hint=_("Read by the two of them, in their room, with your name. They answer you directly, not through me."),
    ),
    team=TEAM,
)
async def write(work: Work, me: Me, pair: Pairing, text: str) -> Message:
    """A word from a person, in the pair's room."""
    _check_live(pair)
    at = await liaising.write(work, pair, me.person, text)
    return texts.word_sent(_people(pair), pair.id, at=at)


@command("liaison touch", _("I take care of a pair"), _PAIR, team=TEAM, listed=False)
async def touch(work: Work, me: Me, pair: Pairing) -> Message:
    """A person takes care, so the worry is settled."""
    _check_live(pair)
    until = await liaising.touch(work, pair, me.person)
    return texts.touched(_people(pair), pair.id, until=until)


@command("liaison untouch", _("I do not take care of a pair after all"), _PAIR, team=TEAM, listed=False)
async def untouch(work: Work, me: Me, pair: Pairing) -> Message:
    """Take that back."""
    if not await liaising.untouch(work, pair, me.person):
        raise Refused(_("There is nothing to take back any more."))
    return texts.untouched(_people(pair))


@command(
    "liaison channel",
    _("Choose where the liaisons' summary goes"),
    Field(
        "channel",
        _("Which private channel?"),
        Kind.CHANNEL,
        source="channels",
        hint=_("Channels that I was invited to appear here."),
    ),
    team=COORDINATOR,
)
async def channel(work: Work, me: Me, channel: Channel) -> Message:
    """Choose the liaison channel."""
    if not channel.private:
        raise Refused(
            _(
                "Everybody can read {channel}, and the summary says how many pairs may need a hand. Please choose a "
                "private channel that I am a member of.",
                channel=_where(channel),
            ),
            field="channel",
        )
    me.community.liaison_channel_id = channel.id
    work.note("liaison.channel", community=me.community.id, person=me.person.id, channel=channel.id)
    due = [at for one in await handovers.running(work, me.community) if (at := one.next_summary_at) is not None]
    return texts.channel_chosen(_where(channel), min(due, default=None))


@command("liaison summary", _("Post the liaisons' summary now"), _COHORT, team=TEAM)
async def summary(work: Work, me: Me, cohort: Cohort) -> Message:
    """Post the figures of this moment."""
    found = await summaries.channel_of(work, me.community)
    if found is None:
        words = _("No liaison channel is chosen so far.")
        raise Refused(words, reply=texts.no_channel(coordinator=Duty.COORDINATOR in me.duties))
    if found.left_at is not None:
        lost = texts.lost_channel(_where(found), coordinator=Duty.COORDINATOR in me.duties)
        raise Refused(_("I am not in {channel} any more.", channel=_where(found)), reply=lost)
    await summaries.post_now(work, cohort, found)
    return texts.summary_posted(_where(found), await summaries.of_liaison(work, cohort, me.person))


@command(
    "liaison pace",
    _("Choose how often the summary comes"),
    _COHORT,
    Field("weeks", _("How often?"), Kind.ONE, tuple(Choice(str(n), words) for n, words in texts.PACES.items())),
    team=TEAM,
    listed=False,
)
async def pace(work: Work, me: Me, cohort: Cohort, weeks: str) -> Message:
    """Every week or every two weeks, for all liaisons."""
    cohort.summary_weeks = int(weeks)
    summaries.plan(cohort, work.now)
    return texts.paced(cohort.id, cohort.summary_weeks, cohort.next_summary_at)


@command(
    "liaison away",
    _("Ask that somebody else looks after my pairs"),
    Field("sure", _("Sure?"), Kind.HIDDEN, required=False),
    team=(Duty.LIAISON,),
    listed=False,
)
async def away(work: Work, me: Me, sure: str | None) -> Reply:
    """Ask the coordinators to hand my pairs over, after asking once."""
    count = await _pairs_of(work, me, me.person)
    if not count:
        return texts.no_pairs()
    if not sure:
        return assigning_texts.ask_away(count)
    await handovers.ask_away(work, me.community, me.person, pairs=count)
    return assigning_texts.away_noted()


@command(
    "liaison handover",
    _("Share somebody's pairs out among the others"),
    Field("liaison", _("Whose pairs?"), Kind.ONE, source="liaisons"),
    team=COORDINATOR,
    listed=False,
)
async def handover(work: Work, me: Me, liaison: Person) -> Message:
    """Give all pairs of one liaison to the others."""
    if len(await queries.team(work, me.community.id, Duty.LIAISON)) < 2:
        raise Refused(_("There is nobody else. Please name another liaison first: {add}.", add=Run("cohort team add")))
    given = await handovers.hand_over(work, me.community, liaison)
    left = await handovers.alone(work, me.community)
    return assigning_texts.assigned(given, await handovers.loads(work, me.community), alone=left)


def _check_live(pair: Pairing) -> None:
    if pair.state not in LIVE:
        raise Refused(_("This pair has ended, so there is nothing to do for it any more."))


def _people(pair: Pairing) -> Sequence[Who]:
    """The members, the mentee first."""
    return [who(member.person) for member in sorted(pair.members, key=lambda member: member.role is Role.MENTOR)]


def _where(channel: Channel) -> Where:
    return Where(channel.conversation, channel.name)


async def _pairs_of(work: Work, me: Me, person: Person) -> int:
    theirs = select(func.count(Pairing.id)).join(Cohort, Cohort.id == Pairing.cohort_id)
    live = pair_facts.live(community=me.community.id)
    return await work.first(theirs.where(live, Pairing.liaison_id == person.id)) or 0


COMMANDS: tuple[Command, ...] = (
    assign, pairs, pair, write, touch, untouch, channel, summary, pace, away, handover,
)  # fmt: skip
SOURCES = (LIAISONS, RUNNING)
