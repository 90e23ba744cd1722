"""The committee's review: what it shows, what it lets one change, and what it never gives away."""

import pytest
from sqlalchemy import delete

from bot.domain import Duty, Exclusion, LetterKind, Pairing, PairingState, Person, TeamMember, Wanted
from bot.ui import Changed, Form, Message, Rows
from tests.matching_cast import Cast, cast
from tests.stage import Stage
from tests.wording import notice_of

PROPOSED = PairingState.PROPOSED


@pytest.fixture
async def cohort(stage: Stage) -> Cast:
    return await cast(stage)


async def _two_pairs(cohort: Cast) -> None:
    """Ada and Ben fit best, and so do Abe and Bea."""
    await cohort.mentee("Ada", "cataloging", "publishing")
    await cohort.mentee("Abe", "publishing", "cataloging")
    await cohort.mentor("Ben", "cataloging", "publishing", career="four_to_ten")
    await cohort.mentor("Bea", "publishing", "cataloging", career="four_to_ten")
    await cohort.exclude(cohort.people["Ada"], cohort.people["Bea"])
    await cohort.matched()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben"), ("Abe", "Bea")}


async def _pair(cohort: Cast, mentee: str, mentor: str) -> str:
    one = await cohort.enrollment(cohort.people[mentee], "mentee")
    other = await cohort.enrollment(cohort.people[mentor], "mentor")
    return f"{one.id}-{other.id}"


async def test_there_is_nothing_to_review_before_pairs_are_proposed(cohort: Cast) -> None:
    await cohort.olga.types("/cohort review")
    assert "/cohort match" in cohort.olga.text


async def test_each_pair_is_shown_with_its_reasons_to_the_team_alone(cohort: Cast) -> None:
    await _two_pairs(cohort)
    committee = await cohort.stage.person("Cem", Duty.COMMITTEE)
    reply = await committee.types("/cohort review")
    assert isinstance(reply, Message)
    assert reply.private
    assert "2 proposed pairs." in committee.text
    assert "Ada with Ben. First choice: cataloging and metadata." in committee.text
    assert len(notice_of(reply)) <= 80
    assert (await cohort.fresh()).reviewed_at is not None
    ada = cohort.people["Ada"]
    await ada.types("/cohort review")
    assert "Ben" not in ada.text
    await ada.runs("cohort review lock", pair=await _pair(cohort, "Ada", "Ben"))
    assert "is for coordinators" in ada.text


async def test_whoever_cannot_be_reached_is_named_where_pairs_are_reviewed(cohort: Cast) -> None:
    await cohort.mentee("Bo", "preservation")
    await _two_pairs(cohort)
    async with cohort.stage.app.storage.work() as work:
        for name in ("Ada", "Bo"):
            (await work.get(Person, cohort.people[name].id)).unreachable_since = work.now

    await cohort.olga.types("/cohort review")
    assert cohort.olga.text.count("do not arrive at the moment") == 1
    assert "My messages to Ada do not arrive at the moment." in cohort.olga.text
    await cohort.olga.runs("cohort review change", pair=await _pair(cohort, "Ada", "Ben"))
    assert "My messages to Ada do not arrive at the moment." in cohort.olga.text
    await cohort.olga.runs("cohort review left", cohort=str(cohort.cohort.id))
    assert "My messages to Bo do not arrive at the moment." in cohort.olga.text


async def test_ten_pairs_stand_on_a_page(cohort: Cast) -> None:
    for number in range(23):
        await cohort.mentee(f"Mentee {number:02}")
        await cohort.mentor(f"Mentor {number:02}")
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    seen: list[str] = []
    for last in (False, False, True):
        shown = cohort.olga.last.message if isinstance(cohort.olga.last, Changed) else cohort.olga.last
        assert isinstance(shown, Message)
        rows = next(part for part in shown.parts if isinstance(part, Rows)).rows
        assert len(rows) <= 10
        seen += [str(row.words.places) for row in rows]
        assert ("Next" in cohort.olga.labels()) is not last
        if not last:
            assert isinstance(await cohort.olga.presses("Next"), Changed)
    assert len(set(seen)) == 23
    assert "Page 3 of 3." in cohort.olga.text


async def test_a_kept_pair_stays_when_matched_again(cohort: Cast) -> None:
    await _two_pairs(cohort)
    await cohort.olga.types("/cohort review")
    await cohort.olga.runs("cohort review lock", pair=await _pair(cohort, "Ada", "Ben"))
    assert isinstance(cohort.olga.last, Changed)
    assert "stay together when you match again" in cohort.olga.text
    assert "Let go" in cohort.olga.labels()
    await cohort.mentee("Ann", "cataloging", institution="far")
    await cohort.matched()
    assert ("Ada", "Ben") in await cohort.pairs(PROPOSED)
    assert [pairing.locked for pairing in await cohort.rows(Pairing)].count(True) == 1
    await cohort.olga.runs("cohort review unlock", pair=await _pair(cohort, "Ada", "Ben"))
    assert not any(pairing.locked for pairing in await cohort.rows(Pairing))


async def test_a_forbidden_pair_is_gone_is_never_proposed_again_and_can_be_taken_back(cohort: Cast) -> None:
    await _two_pairs(cohort)
    await cohort.olga.types("/cohort review")
    await cohort.olga.presses("Change")
    assert isinstance(cohort.olga.last, Changed)
    await cohort.olga.presses("Not these two")
    gone = {("Ada", "Ben"), ("Abe", "Bea")} - await cohort.pairs(PROPOSED)
    assert len(gone) == 1
    assert (await cohort.fresh()).reviewed_at is None
    forbidden = cohort.olga.last
    await cohort.olga.presses("Match again")
    await cohort.stage.pulse()
    assert gone & await cohort.pairs(PROPOSED) == set()
    cohort.olga.last = forbidden
    await cohort.olga.presses("Undo")
    await cohort.olga.runs("cohort match", cohort=str(cohort.cohort.id))
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben"), ("Abe", "Bea")}


async def test_undoing_at_once_brings_the_pair_back(cohort: Cast) -> None:
    await _two_pairs(cohort)
    await cohort.olga.runs("cohort review forbid", pair=await _pair(cohort, "Ada", "Ben"))
    assert await cohort.pairs(PROPOSED) == {("Abe", "Bea")}
    await cohort.olga.presses("Undo")
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben"), ("Abe", "Bea")}


async def test_choosing_another_mentor_keeps_that_pair_and_matches_the_rest_anew(cohort: Cast) -> None:
    await cohort.mentee("Ada", "cataloging", "publishing")
    await cohort.mentee("Abe", "publishing", "cataloging")
    await cohort.mentor("Ben", "cataloging", "publishing")
    await cohort.mentor("Bea", "publishing", "cataloging")
    await cohort.mentor("Bob", "collections")
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    ada = await cohort.enrollment(cohort.people["Ada"])
    await cohort.olga.runs("cohort review swap", mentee=str(ada.id))
    assert cohort.olga.labels() == ["Bea", "Bob"]
    await cohort.olga.presses("Bea")
    assert "I take apart: Ada with Ben" in cohort.olga.text
    assert "no topic" not in cohort.olga.text
    assert ("Ada", "Ben") in await cohort.pairs(PROPOSED)
    await cohort.olga.presses("Yes, make them a pair")
    assert "Ada and Bea are a pair, and stay one." in cohort.olga.text
    assert ("Ada", "Bea") in await cohort.pairs(PROPOSED)
    assert (await cohort.fresh()).reviewed_at is None
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Bea"), ("Abe", "Ben")}
    assert len(await cohort.letters(LetterKind.RESULT)) == 2
    chosen = cohort.olga.last
    await cohort.matched()
    assert ("Ada", "Bea") in await cohort.pairs(PROPOSED)
    cohort.olga.last = chosen
    await cohort.olga.presses("Undo")
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben"), ("Abe", "Bea")}


async def test_undoing_a_choice_keeps_the_pair_that_was_kept_before_it(cohort: Cast) -> None:
    await _two_pairs(cohort)
    await cohort.olga.runs("cohort review lock", pair=await _pair(cohort, "Abe", "Bea"))
    abe, ben = [await cohort.enrollment(cohort.people[name]) for name in ("Abe", "Ben")]
    await cohort.olga.runs("cohort review swap", mentee=str(abe.id), mentor=str(ben.id), sure="yes")
    await cohort.olga.presses("Undo")
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben"), ("Abe", "Bea")}
    assert [pairing.locked for pairing in await cohort.rows(Pairing)].count(True) == 1


async def test_the_only_other_mentor_is_asked_about_before_anything_happens(cohort: Cast) -> None:
    noa, _quin = await cohort.mentee("Noa", "cataloging"), await cohort.mentor("Quin", "publishing")
    await cohort.exclude(noa, cohort.people["Quin"])
    await cohort.matched()
    async with cohort.stage.app.storage.work() as work:
        await work.session.execute(delete(Exclusion))
    await cohort.olga.types("/cohort review left")
    assert "Nobody waits for a partner." not in cohort.olga.text
    await cohort.olga.presses("Choose a mentor")
    assert "Shall Noa and Quin be a pair" in cohort.olga.text
    assert "They share no topic" in cohort.olga.text
    assert await cohort.pairs(PROPOSED) == set()


async def test_after_forbidding_only_those_without_anybody_are_said_to_be_alone(cohort: Cast) -> None:
    await cohort.mentee("Ada", "cataloging")
    await cohort.mentee("Abe", "cataloging")
    await cohort.mentor("Ben", "cataloging", places=2)
    await cohort.matched()
    await cohort.olga.runs("cohort review forbid", pair=await _pair(cohort, "Ada", "Ben"))
    assert "Ada is without a partner until you match again." in cohort.olga.text
    await cohort.olga.types("/cohort review left")
    assert "Matching again shows whether somebody is found." in cohort.olga.text


async def test_the_committee_sees_no_publishing_and_not_why_its_own_pairs_are_proposed(cohort: Cast) -> None:
    await _two_pairs(cohort)
    ada = cohort.people["Ada"]
    async with cohort.stage.app.storage.work() as work:
        work.add(
            TeamMember(community_id=cohort.cohort.community_id, person_id=ada.id, duty=Duty.COMMITTEE, since=work.now)
        )
    await ada.types("/cohort review")
    assert not [label for label in ada.labels() if "Publish" in label]
    assert "Ada with Ben. You are in this pair yourself" in ada.text
    assert "Abe with Bea. First choice" in ada.text
    await ada.runs("cohort review change", pair=await _pair(cohort, "Ada", "Ben"))
    assert "choice" not in ada.text


async def test_a_review_from_before_the_publishing_says_that_the_pairs_are_published(cohort: Cast) -> None:
    await _two_pairs(cohort)
    pair = await _pair(cohort, "Ada", "Ben")
    await cohort.published()
    for path, args in (("lock", {"pair": pair}), ("page", {"cohort": str(cohort.cohort.id), "page": "1"})):
        await cohort.olga.runs(f"cohort review {path}", **args)
        assert "The pairs of Mentoring 2027-28 are published." in cohort.olga.text
        assert cohort.olga.labels() == ["Where the program stands"]


async def test_pairs_and_people_can_be_typed_as_they_are_shown(cohort: Cast) -> None:
    await _two_pairs(cohort)
    await cohort.olga.types('/cohort review lock pair:"Ada with Ben"')
    assert "Ada and Ben stay together" in cohort.olga.text
    await cohort.olga.types("/cohort review swap mentee:Ada")
    assert "There is no other mentor who could be paired here." in cohort.olga.text
    await cohort.olga.types("/cohort review swap mentee:Abe mentor:Ben")
    assert "All places of this mentor are kept for others." in cohort.olga.text


async def test_many_choices_are_a_form_whose_list_can_be_searched(cohort: Cast) -> None:
    await cohort.mentee("Ada")
    for number in range(8):
        await cohort.mentor(f"Mentor {number}")
    await cohort.matched()
    ada = await cohort.enrollment(cohort.people["Ada"])
    form = await cohort.olga.runs("cohort review swap", mentee=str(ada.id))
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == ["mentor"]
    free = await cohort.enrollment(cohort.people["Mentor 7"])
    await cohort.olga.sends(mentor=str(free.id))
    await cohort.olga.presses("Yes, make them a pair")
    assert "Ada and Mentor 7 are a pair" in cohort.olga.text


async def test_left_over_people_can_be_given_somebody(cohort: Cast) -> None:
    await cohort.mentee("Ada", "cataloging")
    await cohort.mentor("Ben", "cataloging")
    await cohort.mentee("Abe", "publishing")
    await cohort.mentor("Bob", "collections")
    await cohort.matched()
    await cohort.olga.types("/cohort review")
    assert "2 people wait for a partner." in cohort.olga.text
    await cohort.olga.presses("Who waits for a partner?")
    assert (
        "Abe, without a mentor. 1 person asked for a mentor in publishing, and no place was offered."
        in cohort.olga.text
    )
    assert "Bob, without a mentee. Nobody asked for these topics." in cohort.olga.text
    abe = await cohort.enrollment(cohort.people["Abe"])
    await cohort.olga.runs("cohort review swap", mentee=str(abe.id))
    await cohort.olga.presses("Bob")
    await cohort.olga.presses("Yes, make them a pair")
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Ben"), ("Abe", "Bob")}


async def test_the_review_never_gives_away_who_ruled_out_whom(cohort: Cast) -> None:
    ada, ben = await cohort.mentee("Ada"), await cohort.mentor("Ben")
    await cohort.exclude(ben, ada)
    await cohort.matched()
    assert "0 proposed pairs" in (await _read_all(cohort))
    text = (await _read_all(cohort)).lower()
    assert "ada" in text
    for word in ("exclu", "ruled", "forbid", "asked not", "must not", "score", "rank", "points"):
        assert word not in text


async def test_every_reason_that_keeps_two_apart_reads_the_same(cohort: Cast) -> None:
    ada, ben, bob, bud = [
        await cohort.mentee("Ada"),
        *[await cohort.mentor(name, places=2) for name in ("Ben", "Bob", "Bud")],
    ]
    await cohort.mentor("Bea")
    await cohort.exclude(ben, ada, private=True)
    await cohort.exclude(ada, bob, private=False)
    await cohort.stage.pair(bud, ada, cohort=await cohort.stage.cohort(title="Earlier", state="closed"))
    await cohort.matched()
    assert await cohort.pairs(PROPOSED) == {("Ada", "Bea")}
    committee = await cohort.stage.person("Cem", Duty.COMMITTEE)
    mentee = await cohort.enrollment(ada)
    await committee.runs("cohort review swap", mentee=str(mentee.id))
    assert "no other mentor" in committee.text
    answers = set()
    for mentor in (ben, bob, bud):
        other = await cohort.enrollment(mentor)
        await committee.runs("cohort review swap", mentee=str(mentee.id), mentor=str(other.id))
        answers.add(committee.text)
    assert answers == {"These two cannot be a pair. Please choose somebody from the list."}
    assert await cohort.pairs(PROPOSED) == {("Ada", "Bea")}


async def _read_all(cohort: Cast) -> str:
    await cohort.olga.types("/cohort review")
    first = cohort.olga.text
    await cohort.olga.presses("Who waits for a partner?")
    return first + cohort.olga.text


async def test_a_pair_that_is_gone_is_answered_kindly(cohort: Cast) -> None:
    await _two_pairs(cohort)
    pair = await _pair(cohort, "Ada", "Ben")
    await cohort.olga.runs("cohort review forbid", pair=pair)
    for path in ("lock", "unlock", "forbid", "change"):
        await cohort.olga.runs(f"cohort review {path}", pair=pair)
        assert "is not proposed any more" in cohort.olga.text
        assert cohort.olga.labels() == ["Review the pairs"]
    for made_up in ("", "7", "x-y", "-", "99999-1"):
        await cohort.olga.runs("cohort review change", pair=made_up)


async def test_kept_pairs_leave_no_place_for_another(cohort: Cast) -> None:
    await cohort.mentee("Ada")
    abe = await cohort.mentee("Abe")
    ben = await cohort.mentor("Ben")
    await cohort.matched()
    ((matched, _),) = await cohort.pairs(PROPOSED)
    await cohort.olga.runs("cohort review lock", pair=await _pair(cohort, matched, "Ben"))
    other = await cohort.enrollment(abe if matched == "Ada" else cohort.people["Ada"])
    mentor = await cohort.enrollment(ben)
    await cohort.olga.runs("cohort review swap", mentee=str(other.id), mentor=str(mentor.id), sure="yes")
    assert "kept for others" in cohort.olga.text
    assert await cohort.pairs(PROPOSED) == {(matched, "Ben")}


async def test_two_people_cannot_be_chosen_in_both_directions(cohort: Cast) -> None:
    for name in ("Ada", "Ben"):
        await cohort.applies(name, Wanted.BOTH, wishes=["cataloging"], offers=["cataloging"])
    await cohort.matched()
    ((mentee, mentor),) = await cohort.pairs(PROPOSED)
    one = await cohort.enrollment(cohort.people[mentor], "mentee")
    other = await cohort.enrollment(cohort.people[mentee], "mentor")
    await cohort.olga.runs("cohort review swap", mentee=str(one.id), mentor=str(other.id), sure="yes")
    assert await cohort.pairs(PROPOSED) == {(mentor, mentee)}
    await cohort.stage.pulse()
    assert await cohort.pairs(PROPOSED) == {(mentor, mentee)}
    again = await cohort.enrollment(cohort.people[mentee], "mentee")
    there = await cohort.enrollment(cohort.people[mentor], "mentor")
    await cohort.olga.runs("cohort review swap", mentee=str(again.id), mentor=str(there.id), sure="yes")
    assert await cohort.pairs(PROPOSED) in ({(mentor, mentee)}, {(mentee, mentor)})


async def test_no_button_that_somebody_makes_up_tells_them_of_a_proposed_pair(cohort: Cast) -> None:
    await _two_pairs(cohort)
    for name in ("Ada", "Ben"):
        actor = cohort.people[name]
        for run in (
            "nudge talked", "nudge undo", "nudge trouble", "nudge tell", "nudge well", "mentor contact", "mentor stay",
            "goals set", "checkin log", "checkin history", "liaison pair", "liaison write",
        ):  # fmt: skip
            for number in range(1, 5):
                await actor.runs(run, pair=str(number), to="liaison")
                assert not any(other in actor.text for other in ("Ada", "Abe", "Ben", "Bea")), (run, actor.text)
        for run in ("mentor again", "mentor enough"):
            for number in range(1, 5):
                await actor.runs(run, member=str(number))
                assert "do not find" in actor.text
