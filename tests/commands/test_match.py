"""Forming the pairs: when it can begin, and what whoever asked hears."""

from datetime import date, time

import pytest
from sqlalchemy import update

from bot.domain import (
    Application,
    ApplicationState,
    CohortState,
    Duty,
    Enrollment,
    EnrollmentState,
    LetterKind,
    Pairing,
    PairingState,
    Task,
    Wanted,
)
from bot.services import candidates, pairing_up
from bot.ui import Message
from tests.matching_cast import Cast, cast
from tests.stage import Stage
from tests.wording import notice_of

PROPOSED = PairingState.PROPOSED


@pytest.fixture
async def cohort(stage: Stage) -> Cast:
    return await cast(stage)


async def test_only_the_team_may_match(cohort: Cast) -> None:
    ada = await cohort.mentee("Ada")
    liaison = await cohort.stage.person("Lia", Duty.LIAISON)
    for actor in (ada, liaison):
        for text in ("/cohort match", "/cohort review", "/cohort publish"):
            await actor.types(text)
            assert "coordinators" in actor.text
    committee = await cohort.stage.person("Cem", Duty.COMMITTEE)
    await cohort.mentor("Ben")
    await committee.types("/cohort match")
    assert "I am forming the pairs" in committee.text
    await committee.types("/cohort publish")
    assert "is for coordinators" in committee.text


async def test_a_draft_cannot_be_matched(stage: Stage) -> None:
    cohort = await cast(stage, state=CohortState.DRAFT)
    await cohort.olga.types("/cohort match")
    assert "once a call is open" in cohort.olga.text
    await cohort.olga.runs("cohort match", cohort=str(cohort.cohort.id))
    assert "after the call has closed" in cohort.olga.text


async def test_an_open_call_is_closed_by_one_press_and_matched(stage: Stage) -> None:
    cohort = await cast(stage, state=CohortState.OPEN)
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.olga.types("/cohort match")
    assert "open until Monday, March 15" in cohort.olga.text
    assert cohort.olga.labels() == ["Close the call and match"]
    assert (await cohort.fresh()).state is CohortState.OPEN
    await cohort.olga.presses("Close the call and match")
    await stage.pulse()
    assert (await cohort.fresh()).state is CohortState.MATCHING
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben")}


async def _closed_and_matched(stage: Stage) -> Cast:
    cohort = await cast(stage, state=CohortState.OPEN)
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.olga.types("/cohort match")
    await cohort.olga.presses("Close the call and match")
    assert "Nobody hears of it before" in cohort.olga.text
    return cohort


async def test_undoing_opens_the_call_again_and_throws_the_proposal_away(stage: Stage) -> None:
    cohort = await _closed_and_matched(stage)
    closing = cohort.olga.last
    await stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben")}
    cohort.olga.last = closing
    await cohort.olga.presses("Undo")
    assert "Everything is as it was before" in cohort.olga.text
    assert (await cohort.fresh()).state is CohortState.OPEN
    assert await cohort.rows(Pairing) == await cohort.rows(Enrollment) == []
    await stage.forward(hours=1)
    assert {post.user for post in stage.messenger.posts} <= {cohort.olga.user}
    await cohort.olga.types("/cohort match")
    await cohort.olga.presses("Close the call and match")
    await stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben")}


async def test_a_matching_under_way_proposes_nothing_for_a_call_that_is_open_again(stage: Stage) -> None:
    cohort = await _closed_and_matched(stage)
    await cohort.olga.presses("Undo")
    await stage.pulse()
    assert await cohort.rows(Pairing) == []
    assert (await cohort.fresh()).state is CohortState.OPEN


async def test_a_pair_that_somebody_chose_is_not_thrown_away(stage: Stage) -> None:
    cohort = await _closed_and_matched(stage)
    closing = cohort.olga.last
    await stage.pulse()
    async with stage.app.storage.work() as work:
        await work.session.execute(update(Pairing).values(locked=True))
    cohort.olga.last = closing
    await cohort.olga.presses("Undo")
    assert "Somebody has chosen a pair by hand since" in cohort.olga.text
    assert (await cohort.fresh()).state is CohortState.MATCHING
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben")}


async def test_the_committee_cannot_close_the_call(stage: Stage) -> None:
    cohort = await cast(stage, state=CohortState.OPEN)
    committee = await stage.person("Cem", Duty.COMMITTEE)
    await committee.types("/cohort match")
    assert committee.labels() == []
    await committee.runs("cohort match now", cohort=str(cohort.cohort.id))
    assert (await cohort.fresh()).state is CohortState.OPEN


@pytest.mark.parametrize(("there", "missing"), [("mentee", "mentor"), ("mentor", "mentee")])
async def test_matching_needs_both_sides(cohort: Cast, there: str, missing: str) -> None:
    await cohort.applies("Ada", Wanted(there), wishes=["cataloging"], offers=["cataloging"])
    await cohort.olga.types("/cohort match")
    assert f"There is no {missing} who could be matched at the moment." in cohort.olga.text
    assert "/cohort person" in cohort.olga.text
    assert await cohort.rows(Task) == []
    assert await cohort.rows(Enrollment) == []


async def test_the_result_comes_as_a_letter_to_whoever_asked_with_its_numbers(cohort: Cast) -> None:
    other = await cohort.stage.person("Otto", Duty.COORDINATOR)
    await cohort.mentee("Ada", "cataloging", "publishing")
    await cohort.mentee("Abe", "publishing")
    await cohort.mentee("Ali", "acquisitions")
    await cohort.mentor("Ben", "cataloging")
    await cohort.mentor("Bea", "publishing")
    await cohort.mentor("Bob", "collections")
    reply = await cohort.olga.types("/cohort match")
    assert isinstance(reply, Message)
    assert reply.private
    assert await cohort.pairs() == set()
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben"), ("Abe", "Bea")}
    (result,) = cohort.olga.inbox
    lines = result.text.splitlines()
    assert notice_of(result.message) == "The proposed pairs are ready for your review."
    assert lines[lines.index("Pairs") + 1] == "2"
    assert lines[lines.index("Pairs that meet the mentee's first choice") + 1] == "2"
    assert lines[lines.index("Mentees without a mentor") + 1] == "1"
    assert lines[lines.index("Mentors without a mentee") + 1] == "1"
    assert "Nothing better exists" in result.text
    assert not other.inbox
    assert not any(actor.inbox for actor in cohort.people.values())
    await cohort.olga.presses("Review the pairs")
    assert "2 proposed pairs." in cohort.olga.text


async def test_matching_while_it_runs_begins_nothing_new(cohort: Cast) -> None:
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.olga.types("/cohort match")
    await cohort.olga.types("/cohort match")
    assert "at this moment" in cohort.olga.text
    assert len(await cohort.rows(Task)) == 1


async def test_matching_again_replaces_the_proposal_and_empties_the_review(cohort: Cast) -> None:
    await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    assert (await cohort.fresh()).reviewed_at is not None
    await cohort.mentee("Abe")
    await cohort.mentor("Bea")
    await cohort.matched()
    assert len(await cohort.rows(Pairing)) == 2
    assert (await cohort.fresh()).reviewed_at is None
    assert len(await cohort.letters(LetterKind.RESULT)) == 2


async def test_what_changes_while_it_is_computed_is_matched_anew(cohort: Cast) -> None:
    ada, ben = await cohort.mentee("Ada"), await cohort.mentor("Ben")
    await cohort.mentor("Bea")
    await cohort.olga.types("/cohort match")
    (task,) = await cohort.rows(Task)
    async with cohort.stage.app.storage.reading() as work:
        pool = await pairing_up.read(work, task)
    solved = pairing_up.compute(pool)
    await cohort.exclude(ada, ben)
    async with cohort.stage.app.storage.work() as work:
        await pairing_up.write(work, task, solved)
    assert await cohort.pairs() == set()
    assert len(await cohort.rows(Task)) == 2
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Bea")}


async def test_private_and_public_exclusions_and_former_pairs_are_never_proposed(cohort: Cast) -> None:
    ada, abe, ali = [await cohort.mentee(name) for name in ("Ada", "Abe", "Ali")]
    ben = await cohort.mentor("Ben", places=3)
    earlier = await cohort.stage.cohort(state=CohortState.CLOSED, title="Earlier")
    former = await cohort.stage.pair(ali, ben, cohort=earlier)
    async with cohort.stage.app.storage.work() as work:
        await work.session.execute(update(Pairing).where(Pairing.id == former).values(state=PairingState.COMPLETED))
    await cohort.exclude(ben, ada, private=True)
    await cohort.exclude(abe, ben, private=False)
    await cohort.matched()
    assert await cohort.pairs(PROPOSED) == set()


async def test_who_is_mentor_and_mentee_is_never_paired_with_themselves_nor_both_ways_round(cohort: Cast) -> None:
    for name in ("Ada", "Ben"):
        await cohort.applies(name, Wanted.BOTH, wishes=["cataloging"], offers=["cataloging"])
    await cohort.matched()
    assert len(await cohort.pairs(PROPOSED)) == 1


async def test_withdrawn_applications_are_not_matched(cohort: Cast) -> None:
    ada = await cohort.mentee("Ada")
    await cohort.mentee("Abe")
    await cohort.mentor("Ben", places=2)
    async with cohort.stage.app.storage.work() as work:
        gone = update(Application).where(Application.person_id == ada.id).values(state=ApplicationState.WITHDRAWN)
        await work.session.execute(gone)
    await cohort.matched()
    assert await cohort.pairs(PROPOSED) == {("Abe", "Ben")}


async def test_whoever_waited_in_an_earlier_call_comes_first(cohort: Cast) -> None:
    await cohort.mentee("Abe", "cataloging")
    ada = await cohort.mentee("Ada", "publishing", "cataloging")
    await cohort.mentor("Ben", "cataloging")
    async with cohort.stage.app.storage.work() as work:
        work.add(later := _copy(cohort))
        await work.flush()
        moved = update(Application).values(cohort_id=later.id)
        await work.session.execute(moved)
        work.add(
            application := Application(
                cohort_id=cohort.cohort.id, person_id=ada.id, wanted=Wanted.MENTEE, sent_at=work.now
            )
        )
        await work.flush()
        work.add(
            Enrollment(
                cohort_id=cohort.cohort.id,
                person_id=ada.id,
                application_id=application.id,
                role=Wanted.MENTEE.roles[0],
                topics=["cataloging"],
                state=EnrollmentState.UNMATCHED,
            )
        )
    cohort.cohort = later
    await cohort.matched()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben")}


def _copy(cohort: Cast) -> object:
    old = cohort.cohort
    columns = [column.key for column in type(old).__table__.columns if column.key != "id"]  # type: ignore[attr-defined]
    return type(old)(**{key: getattr(old, key) for key in columns})


async def test_hours_are_compared_across_zones() -> None:
    day = date(2027, 6, 1)
    morning = candidates.half_hours(time(9), time(12), day=day, zone="America/New_York")
    assert morning == frozenset(range(26, 32))
    assert candidates.half_hours(time(18, 30), time(21, 30), day=day, zone="Asia/Kolkata") == morning
    assert candidates.half_hours(time(6), time(9), day=day, zone="America/Los_Angeles") == morning
    assert candidates.half_hours(time(9), time(12), day=date(2028, 1, 4), zone="America/New_York") == frozenset(
        range(28, 34)
    )


async def test_enrollments_are_numbered_as_people_applied_whatever_was_changed_since(cohort: Cast) -> None:
    """A row that is changed moves in PostgreSQL, and ties between pairs are broken by these numbers."""
    names = ["Ada", "Abe", "Amy", "Ann"]
    for name in names:
        await cohort.mentee(name)
    await cohort.mentor("Ben")
    for name in ("Ada", "Amy"):
        async with cohort.stage.app.storage.work() as work:
            theirs = Application.person_id == cohort.people[name].id
            await work.session.execute(update(Application).where(theirs).values(places=2))
    await cohort.matched()
    people = [row.person_id for row in await cohort.rows(Enrollment)]
    assert people == [cohort.people[name].id for name in (*names, "Ben")]
