"""The committee's review of proposed pairs: look, keep, forbid, choose. Nobody else may see any of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.domain import Cohort, Duty, Enrollment, Pairing, Person, Role
from bot.services import candidates, proposals, reviewing
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import reviewing as texts
from bot.ui import Answer, Button, Buttons, Changed, Choice, Field, Kind, Message, Reply, Run, Words, _, message
from commands.sources import number
from commands.spec import Me, Refused, Source, command

TEAM = (Duty.COORDINATOR, Duty.COMMITTEE)


async def _cohorts(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    newest = await queries.newest_cohort(work, me.community.id, *proposals.MATCHABLE)
    return [] if newest is None else [Choice(str(newest.id), newest.title)]


async def _cohort(work: Work, me: Me, value: str) -> Cohort | None:
    found = await work.find(Cohort, number(value))
    return found if found is not None and found.community_id == me.community.id else None


REVIEWED = Source("reviewed cohorts", _cohorts, _cohort, none=_("Pairs are proposed after the call has closed."))
"""The newest cohort whose pairs are formed; any cohort of the community can be named."""


async def _pairs(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    cohort = await _newest(work, me)
    named = [(texts.pair_value(pairing), *texts.members(pairing)) for pairing in await proposals.proposed(work, cohort)]
    wanted = [
        Choice(value, _("{mentee} with {mentor}", mentee=mentee.person.name, mentor=mentor.person.name))
        for value, mentee, mentor in named
        if typed.casefold() in f"{mentee.person.name} {mentor.person.name}".casefold()
    ]
    return wanted[: queries.MOST_CHOICES]


async def _pair(work: Work, me: Me, value: str) -> Pairing | None:
    mentee, dash, mentor = value.partition("-")
    if not dash or number(mentee) is None:  # names, which the source finds by its labels
        return None
    pairing = await reviewing.pair_of(work, number(mentee) or 0, number(mentor) or 0)
    if pairing is None:
        await _refuse_published(work, me, mentee)
    if pairing is None or pairing.cohort.community_id != me.community.id:
        raise Refused(
            _("This pair is not proposed any more."),
            reply=message(
                _("This pair is not proposed any more. Please look at the newest pairs."),
                Buttons((Button(_("Review the pairs"), "cohort review"),)),
            ),
        )
    return pairing


async def _refuse_published(work: Work, me: Me, mentee: str) -> None:
    """Refuse a button of a review whose pairs are published by now, and say so."""
    enrolled = await _enrollment(work, me, mentee)
    cohort = None if enrolled is None else await work.get(Cohort, enrolled.cohort_id)
    if cohort is not None and not await proposals.count(work, cohort):
        _check_unpublished(cohort)


def _check_unpublished(cohort: Cohort) -> None:
    if cohort.published_at is not None:
        shown = texts.published(cohort, cohort.today(cohort.published_at))
        raise Refused(shown.notice, reply=shown)


PAIRS = Source("proposed pairs", _pairs, _pair, none=_("No pairs are proposed at the moment."))
"""Pairs that wait for their review, by enrollments, as `texts.pair_value` writes them."""


def _one_of(role: Role, name: str, *, other: str, none: Words) -> Source:
    """Enrollments of a role: those who could be the partner of the `other` field's answer, or everybody."""

    async def find(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
        partner = await _enrollment(work, me, str(answers.get(other, "")))
        found = (
            await _everybody(work, await _newest(work, me), role)
            if partner is None
            else await reviewing.partners(work, await work.get(Cohort, partner.cohort_id), partner)
        )
        wanted = [
            Choice(str(value), person.name) for value, person in found if typed.casefold() in person.name.casefold()
        ]
        return wanted[: queries.MOST_CHOICES]

    async def load(work: Work, me: Me, value: str) -> Enrollment | None:
        found = await _enrollment(work, me, value)
        return found if found is not None and found.role is role else None

    return Source(name, find, load, none)


MENTEES = _one_of(
    Role.MENTEE, "mentees to pair", other="mentor", none=_("There is no other mentee who could be paired here.")
)
MENTORS = _one_of(
    Role.MENTOR, "mentors to pair", other="mentee", none=_("There is no other mentor who could be paired here.")
)

COHORT = Field("cohort", _("Which program?"), Kind.ONE, source=REVIEWED.name)
PAGE = Field("page", _("Page"), Kind.HIDDEN, required=False)
SURE = Field("sure", _("Sure?"), Kind.HIDDEN, required=False)
PAIR = Field("pair", _("Which pair?"), Kind.ONE, source=PAIRS.name)
FORMER = Field("former", _("Who was it before?"), Kind.HIDDEN, required=False)
MENTEE = Field("mentee", _("The mentee"), Kind.ONE, source=MENTEES.name)
MENTOR = Field("mentor", _("The mentor"), Kind.ONE, source=MENTORS.name)


@command("cohort review", _("Look at the proposed pairs"), COHORT, team=TEAM)
async def review(work: Work, me: Me, cohort: Cohort) -> Reply:
    """Show the first pairs; whoever looks has reviewed them."""
    return await _page(work, me, cohort, 1)


@command("cohort review page", _("More of the proposed pairs"), COHORT, PAGE, team=TEAM, listed=False)
async def page_of(work: Work, me: Me, cohort: Cohort, page: str | None) -> Reply:
    """Show other pairs in place of these."""
    return Changed(await _page(work, me, cohort, number(page or "") or 1))


@command("cohort review left", _("Who waits for a partner, and why"), COHORT, PAGE, team=TEAM, listed=False, reads=True)
async def left(work: Work, me: Me, cohort: Cohort, page: str | None) -> Reply:
    """Show who has no partner."""
    return Changed(texts.left(cohort, await reviewing.left(work, cohort, page=number(page or "") or 1)))


@command("cohort review change", _("Change a proposed pair"), PAIR, team=TEAM, listed=False, reads=True)
async def change(work: Work, me: Me, pair: Pairing) -> Reply:
    """Show what can be done about one pair."""
    return Changed(texts.change(pair, reviewing.reasons_for(pair, me.person)))


@command("cohort review lock", _("Keep a proposed pair together"), PAIR, team=TEAM)
async def lock(work: Work, me: Me, pair: Pairing) -> Reply:
    """Keep a pair, whatever happens to the others."""
    await reviewing.keep(work, pair, by=me.person)
    return Changed(await _page_with(work, me, pair, said=texts.kept(pair)))


@command("cohort review unlock", _("Let a kept pair go"), PAIR, team=TEAM)
async def unlock(work: Work, me: Me, pair: Pairing) -> Reply:
    """Do not insist on a pair any more."""
    await reviewing.let_go(work, pair, by=me.person)
    return Changed(await _page_with(work, me, pair, said=texts.let_go(pair)))


@command("cohort review forbid", _("Never propose these two to each other"), PAIR, team=TEAM)
async def forbid(work: Work, me: Me, pair: Pairing) -> Reply:
    """Take a pair apart for good."""
    await reviewing.forbid(work, pair, by=me.person)
    return Changed(texts.forbidden(pair, await reviewing.alone(work, pair)))


@command("cohort review allow", _("Propose these two again"), MENTEE, MENTOR, team=TEAM, listed=False)
async def allow(work: Work, me: Me, mentee: Enrollment, mentor: Enrollment) -> Reply:
    """Take back that a pair was forbidden."""
    cohort = await _cohort_of(work, mentee, mentor)
    await reviewing.allow(work, cohort, mentee=mentee, mentor=mentor, by=me.person)
    return Changed(texts.allowed(cohort, *await _both(work, mentee, mentor)))


@command("cohort review swap", _("Choose another partner for somebody"), MENTEE, MENTOR, SURE, team=TEAM)
async def swap(work: Work, me: Me, mentee: Enrollment, mentor: Enrollment, sure: str | None) -> Reply:
    """Give somebody a partner of the committee's choice, after asking once."""
    cohort = await _cohort_of(work, mentee, mentor)
    found = await reviewing.weigh(work, cohort, mentee=mentee, mentor=mentor)
    if isinstance(found, Words):
        raise Refused(found)
    people = await _both(work, mentee, mentor)
    if not sure:
        return texts.ask_choose(cohort, texts.Choice(mentee.id, mentor.id, *people, found.apart, found.shares_topic))
    former = await reviewing.choose(work, cohort, found, by=me.person)
    undo = {"mentee": str(mentee.id), "mentor": str(mentor.id)}
    if former is not None and texts.members(former)[0].enrollment_id == mentee.id:
        undo["former"] = str(texts.members(former)[1].enrollment_id)
    return Changed(texts.chosen(cohort, *people, undo))


@command("cohort review unswap", _("Take a chosen pair back"), MENTEE, MENTOR, FORMER, team=TEAM, listed=False)
async def unswap(work: Work, me: Me, mentee: Enrollment, mentor: Enrollment, former: str | None) -> Reply:
    """Take back what a person chose."""
    cohort = await _cohort_of(work, mentee, mentor)
    before = None if former is None else await _enrollment(work, me, former)
    await reviewing.unchoose(work, cohort, mentee=mentee, mentor=mentor, former=before, by=me.person)
    return Changed(texts.not_chosen(cohort, *await _both(work, mentee, mentor)))


COMMANDS = (review, page_of, left, change, lock, unlock, forbid, allow, swap, unswap)
SOURCES = (REVIEWED, PAIRS, MENTEES, MENTORS)


async def _page(work: Work, me: Me, cohort: Cohort, page: int, *, said: Words | None = None) -> Message:
    shown = await reviewing.pairs(work, cohort, reader=me.person, page=page)
    if not shown.there:
        _check_unpublished(cohort)
        raise Refused(_("No pairs are proposed at the moment. {command} forms them.", command=Run("cohort match")))
    return texts.pairs(cohort, shown, may_publish=Duty.COORDINATOR in me.duties, said=said)


async def _page_with(work: Work, me: Me, pairing: Pairing, *, said: Words) -> Message:
    """The page that a pair stands on."""
    page = await reviewing.page_with(work, pairing)
    return await _page(work, me, pairing.cohort, page, said=said)


async def _newest(work: Work, me: Me) -> Cohort:
    cohort = await queries.newest_cohort(work, me.community.id, *proposals.MATCHABLE)
    if cohort is None:
        raise Refused(REVIEWED.none or _("There is nothing to review."))
    return cohort


async def _enrollment(work: Work, me: Me, value: str) -> Enrollment | None:
    """Somebody's role in a cohort of this community whose pairs are formed."""
    return await work.first(
        select(Enrollment)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(Enrollment.id == (number(value) or 0), Cohort.community_id == me.community.id)
        .where(Cohort.state.in_(proposals.MATCHABLE))
    )


async def _everybody(work: Work, cohort: Cohort, role: Role) -> Sequence[tuple[int, Person]]:
    there = await candidates.enrolled(work, cohort)
    return [(who.enrollment.id, who.person) for who in there if who.enrollment.role is role and who.free]


async def _cohort_of(work: Work, mentee: Enrollment, mentor: Enrollment) -> Cohort:
    if mentee.cohort_id != mentor.cohort_id:
        raise Refused(reviewing.not_these_two())
    return await work.get(Cohort, mentee.cohort_id)


async def _both(work: Work, mentee: Enrollment, mentor: Enrollment) -> tuple[Person, Person]:
    return await work.get(Person, mentee.person_id), await work.get(Person, mentor.person_id)
