"""Where people stand in a pair, while somebody leaves it, and after it; what is said to people without one."""

from datetime import date

import pytest

from bot.domain import (
    Application,
    CheckIn,
    CohortState,
    Duty,
    Enrollment,
    EnrollmentState,
    Goal,
    Pairing,
    Wanted,
)
from bot.storage import queries
from tests.stage import Actor, Stage

Three = tuple[Actor, Actor, Actor]
NONE = "You are in no pair at the moment."


@pytest.fixture
async def pair(stage: Stage) -> Three:
    """Ben mentors Eve, Olga looks after them; both applied and have their places."""
    cohort = await stage.cohort()
    olga = await stage.person("Olga", Duty.LIAISON)
    ben, eve = await stage.person("Ben"), await stage.person("Eve")
    number = await stage.pair(ben, eve, cohort=cohort, liaison=olga)
    await _enroll(stage, number)
    await stage.to(date(2027, 6, 10))
    return ben, eve, olga


async def _enroll(stage: Stage, number: int) -> None:
    async with stage.app.storage.work() as work:
        pairing = await queries.pairing(work, number)
        assert pairing is not None
        for member in pairing.members:
            asked = Application(
                cohort_id=pairing.cohort_id, person_id=member.person_id, wanted=Wanted.MENTEE, sent_at=work.now
            )
            work.add(asked)
            await work.flush()
            place = Enrollment(
                cohort_id=pairing.cohort_id,
                person_id=member.person_id,
                application_id=asked.id,
                role=member.role,
                topics=[],
                state=EnrollmentState.MATCHED,
            )
            work.add(place)
            await work.flush()
            member.enrollment_id = place.id


async def _leaves(actor: Actor, tell: str) -> None:
    await actor.types(f"/mentor leave tell:{tell}")
    await actor.sends()


async def _goals(stage: Stage, number: int, count: int) -> None:
    async with stage.app.storage.work() as work:
        pairing = await queries.pairing(work, number)
        assert pairing is not None
        writer = pairing.members[0].id
        for place in range(count):
            work.add(
                Goal(pairing_id=number, title=f"G{place}", help="", written_by_id=writer, created_at=work.now),
            )


async def test_who_leaves_can_stay_and_is_asked_for_nothing_more(stage: Stage, pair: Three) -> None:
    _ben, eve, _olga = pair
    await _leaves(eve, "self")
    await eve.types("/mentor status")
    assert "You are leaving this pair. Ben hears of it from me on" in eve.text
    assert "next step" not in eve.text
    assert eve.labels() == ["I would rather stay", "What can I do here?", "Pause my letters"]
    await eve.presses("I would rather stay")
    await eve.types("/mentor status")
    assert "find a time with Ben" in eve.text


async def test_the_partner_of_who_leaves_sees_what_was_there_before(stage: Stage, pair: Three) -> None:
    ben, eve, _olga = pair
    await ben.types("/mentor status")
    before = ben.text
    assert "My next letter to you comes on" in before
    await _leaves(eve, "self")
    await ben.types("/mentor status")
    assert ben.text == before


async def test_status_counts_the_first_contact_letter_as_a_letter(stage: Stage) -> None:
    ben, ada = await stage.person("Ben"), await stage.person("Ada")
    number = await stage.pair(ben, ada, cohort=await stage.cohort())
    await stage.to(date(2027, 6, 2))
    async with stage.app.storage.work() as work:
        pairing = await work.get(Pairing, number)
        pairing.introduced_at, pairing.first_contact_at = work.now, work.now.replace(day=9)
    await ben.types("/mentor status")
    assert "My next letter to you comes on Wednesday, June 9." in ben.text
    await ada.types("/mentor status")
    assert "My next letter to you comes on Tuesday, June 15." in ada.text


async def test_after_the_end_both_read_that_it_ended_and_what_is_possible(stage: Stage, pair: Three) -> None:
    ben, eve, _olga = pair
    await _leaves(eve, "bot")
    await stage.forward(days=3)
    await eve.types("/mentor status")
    assert "Your pair with Ben ended on Thursday, June 10." in eve.text
    assert eve.labels() == ["Tell me about the next call", "See our talks"]
    await ben.types("/mentor status")
    assert "Your pair with Eve ended on Thursday, June 10." in ben.text
    assert ben.labels() == ["Yes, another match", "Not this time", "See our talks"]
    await ben.presses("Yes, another match")
    await ben.types("/mentor status")
    assert "The committee looks for another match for you" in ben.text
    await ben.runs("mentor enough", member="1")
    assert "You are welcome in the next call." in ben.text
    await ben.types("/mentor status")
    assert ben.labels() == ["Tell me about the next call", "See our talks"]


async def test_who_wants_no_other_match_goes_on_in_the_other_pair(stage: Stage, pair: Three) -> None:
    ben, eve, _olga = pair
    cleo = await stage.person("Cleo")
    await stage.pair(ben, cleo, cohort=await stage.cohort())
    await _leaves(eve, "bot")
    await stage.forward(days=3)
    await ben.presses("Not this time")
    assert "I look for no other match. You and Cleo go on as before." in ben.text
    assert "next call" not in ben.text


async def test_without_a_pair_everybody_reads_what_is_true_of_them(stage: Stage, pair: Three) -> None:
    ben, eve, olga = pair
    await _leaves(eve, "bot")
    await stage.forward(days=3)
    mallory = await stage.person("Mallory")
    for text in ("/checkin log", "/goals list", "/goals set", "/mentor contact"):
        for actor in (ben, eve, mallory, olga):
            await actor.types(text)
            assert "As soon as pairs are announced" not in actor.text
    await eve.types("/goals list")
    assert eve.text.startswith(f"{NONE}\nYour pair with Ben ended on")
    await mallory.types("/checkin log")
    assert mallory.text.startswith(f"{NONE}\nNo call is open at the moment")
    assert mallory.labels() == ["Tell me about the next call"]
    await olga.types("/checkin log")
    assert "You help to run the program and are in no pair of it yourself" in olga.text
    assert olga.labels() == ["My pairs", "What can I do here?"]


async def test_an_applicant_without_a_pair_reads_when_pairs_are_announced(stage: Stage) -> None:
    ada = await stage.person("Ada")
    cohort = await stage.cohort(state=CohortState.OPEN)
    async with stage.app.storage.work() as work:
        work.add(Application(cohort_id=cohort.id, person_id=ada.id, wanted=Wanted.MENTEE, sent_at=work.now))
    await ada.types("/checkin log")
    assert NONE in ada.text
    assert "You hear from me by Monday, May 3" in ada.text


async def test_the_talks_of_an_ended_pair_can_be_read_by_both(stage: Stage, pair: Three) -> None:
    ben, eve, olga = pair
    await eve.types("/checkin log")
    await eve.sends(note="We read the draft")
    await _leaves(eve, "bot")
    await stage.forward(days=3)
    for actor in (eve, ben):
        await actor.types("/checkin history")
        assert "Thursday, June 10" in actor.text
        assert "We read the draft" in actor.text
        assert actor.labels() == ["Where do I stand?"]
    await olga.runs("checkin history", pair="1")
    assert "We read the draft" not in olga.text
    async with stage.app.storage.reading() as work:
        assert len(await work.all(CheckIn.__table__.select())) == 1  # type: ignore[arg-type]


async def test_two_of_three_goals_ask_for_no_beginning_and_the_liaison_has_a_name(stage: Stage, pair: Three) -> None:
    ben, eve, _olga = pair
    await eve.types("/checkin log")
    await eve.sends()
    await eve.types("/mentor status")
    assert "write down what you and Ben want to reach" in eve.text
    assert "Your liaison is Olga." in eve.text
    await _goals(stage, 1, 2)
    await eve.types("/mentor status")
    assert "write down" not in eve.text
    assert "your next talk with Ben" in eve.text
    await ben.types("/mentor status")
    assert "your next talk with Eve" in ben.text


async def test_pausing_speaks_of_partners_only_to_people_who_have_some(stage: Stage, pair: Three) -> None:
    ben, eve, _olga = pair
    await ben.types("/mentor pause 2027-07-01")
    assert "Your partner is not told" in ben.text
    await stage.pair(ben, await stage.person("Cleo"), cohort=await stage.cohort())
    await ben.types("/mentor pause 2027-07-01")
    assert "Your partners are not told" in ben.text
    await stage.forward(days=30)
    await ben.types("/mentor status")
    assert "paused" not in ben.text
    assert "Pause my letters" in ben.labels()
    await _leaves(eve, "bot")
    await stage.forward(days=3)
    await eve.types("/mentor pause 2027-09-01")
    assert "partner" not in eve.text
    await eve.types("/mentor status")
    assert "Your letters are paused until Wednesday, September 1." in eve.text
    await eve.presses("Resume now")
    assert "Welcome back" in eve.text
    await eve.types("/mentor resume")
    assert "Your letters are not paused." in eve.text
    assert "Welcome back" not in eve.text


async def test_who_takes_no_part_gets_a_next_step(stage: Stage) -> None:
    mallory = await stage.person("Mallory")
    await mallory.types("/mentor pause")
    assert "You do not take part in a program at the moment" in mallory.text
    assert mallory.labels() == ["Where do I stand?", "What can I do here?"]
