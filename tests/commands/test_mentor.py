"""Applying, where I stand, pausing and leaving, as people do it."""

from datetime import date

import pytest

from bot.domain import Application, CohortState, Duty, Enrollment, EnrollmentState, Wanted
from bot.storage import queries
from bot.ui import Changed, Form, Kind, Message
from tests.stage import Actor, Stage
from tests.wording import notice_of

MENTEE = {
    "wishes": ["cataloging", "publishing"],
    "name": "Ada Lovelace",
    "zone": "Chicago",
    "institution": "City Library",
    "career": "early",
    "conduct": "yes",
}


@pytest.fixture
async def ada(stage: Stage) -> Actor:
    await stage.cohort(state=CohortState.OPEN)
    return await stage.person("Ada")


async def _apply(ada: Actor, **answers: object) -> object:
    await ada.types("/mentor join mentee")
    career = next(f for f in ada.last.fields if f.name == "career").choices[1].value  # type: ignore[union-attr]
    return await ada.sends(**{**MENTEE, "career": career, **answers})


async def test_the_role_comes_first_by_three_buttons(ada: Actor) -> None:
    await ada.types("/mentor join")
    assert ada.labels() == ["As a mentee", "As a mentor", "As both"]
    form = await ada.presses("As a mentor")
    assert isinstance(form, Form)
    assert "wishes" not in {field.name for field in form.fields}
    await ada.types("/mentor join both")
    assert {"wishes", "offers", "places"} <= {field.name for field in ada.last.fields}  # type: ignore[union-attr]


async def test_every_question_says_who_reads_the_answer(ada: Actor) -> None:
    form = await ada.types("/mentor join both")
    assert isinstance(form, Form)
    assert all(field.hint is not None for field in form.fields)
    assert {field.page for field in form.fields if field.required} == {1, 2}
    ranked = next(field for field in form.fields if field.kind is Kind.RANKED)
    assert (ranked.shown, ranked.places) == (3, 5)


async def test_an_application_is_received_and_names_the_days(ada: Actor) -> None:
    reply = await _apply(ada)
    assert isinstance(reply, Message)
    assert "cataloging and metadata, then publishing" in ada.text
    assert "Monday, March 15" in ada.text
    assert "Monday, May 3" in ada.text
    assert notice_of(reply) == "Your mentoring application has arrived"
    await ada.types("/mentor status")
    assert "is in" in ada.text


async def test_answers_can_be_changed_and_come_back_filled_in(ada: Actor) -> None:
    await _apply(ada)
    form = await ada.presses("Change my answers")
    assert isinstance(form, Form)
    assert form.values["wishes"] == ["cataloging", "publishing"]
    assert form.values["zone"] == "America/Chicago"
    await ada.sends(wishes=["publishing"])
    assert "Your choice is publishing." in ada.text


async def test_whoever_applies_for_the_other_part_reads_what_that_replaces(ada: Actor) -> None:
    await _apply(ada)
    assert "takes the place of" not in ada.text
    await ada.types("/mentor status")
    assert "You asked for a mentor." in ada.text
    await ada.types("/mentor join mentor")
    await ada.sends(offers=["publishing"], places="1", contact="", avoid=[])
    assert "This takes the place of your application for a mentor." in ada.text
    form = await ada.presses("Take part as both")
    assert isinstance(form, Form)
    await ada.sends(wishes=["cataloging"])
    assert "You asked for a mentor, and offered to be one." in ada.text
    assert "This takes the place of your offer to be a mentor." in ada.text


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"wishes": []}, "Please choose here."),
        ({"wishes": ["cataloging", "cataloging"]}, "chosen twice"),
        ({"zone": "Atlantis"}, "I do not know the time zone “Atlantis”"),
        ({"conduct": ""}, "Please tick this"),
        ({"wishes": ["astrology"]}, "not one of the choices"),
    ],
)
async def test_a_wrong_answer_comes_back_beside_its_field_with_everything_typed(
    ada: Actor, answer: dict[str, object], sentence: str
) -> None:
    form = await _apply(ada, about="I like *stars* <!channel>", **answer)
    assert isinstance(form, Form)
    assert list(form.errors) == list(answer)
    assert sentence in ada.text
    assert form.values["about"] == "I like *stars* <!channel>"


async def test_what_was_begun_is_kept_and_offered_again(stage: Stage, ada: Actor) -> None:
    await _apply(ada, wishes=[], about="Half a sentence")
    await ada.types("/mentor status")
    form = await ada.presses("Go on with my application")
    assert isinstance(form, Form)
    assert form.values["about"] == "Half a sentence"
    assert form.values["institution"] == "City Library"


async def test_without_an_open_call_one_can_ask_to_be_told(stage: Stage) -> None:
    bob = await stage.person("Bob")
    await bob.types("/mentor join")
    assert "No call is open" in bob.text
    await stage.cohort(state=CohortState.DRAFT, opens_on=date(2027, 4, 1))
    await bob.types("/mentor join mentee")
    assert "Thursday, April 1" in bob.text
    await bob.presses("Tell me about the next call")
    assert "Noted" in bob.text


async def test_after_the_call_a_late_application_goes_to_the_coordinator(stage: Stage, ada: Actor) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await stage.to(date(2027, 3, 17))
    await ada.types("/mentor join")
    assert "closed on Monday, March 15" in ada.text
    await ada.presses("Apply late")
    form = await ada.presses("As a mentee")
    career = next(f for f in form.fields if f.name == "career").choices[1].value  # type: ignore[union-attr]
    await ada.sends(**{**MENTEE, "career": career})
    assert "late application has arrived" in ada.text
    await stage.pulse()
    assert "Ada Lovelace would like to take part" in olga.inbox[-1].text


async def test_withdrawing_asks_once(ada: Actor) -> None:
    await _apply(ada)
    await ada.types("/mentor withdraw")
    assert "Shall I take your application" in ada.text
    await ada.presses("Yes, withdraw it")
    assert "withdrawn" in ada.text
    await ada.types("/mentor status")
    assert "You have withdrawn your application" in ada.text


async def test_pausing_needs_a_part_and_a_coming_day(stage: Stage, ada: Actor) -> None:
    await ada.types("/mentor pause 2027-03-01")
    assert "do not take part" in ada.text
    await _apply(ada)
    for passed in ("2027-01-01", "January 20"):
        await ada.types(f"/mentor pause {passed}")
        assert "has passed already" in ada.text
    await ada.types("/mentor pause December 30")
    assert "Thursday, December 30" in ada.text
    await ada.types("/mentor pause March 1")
    assert "Monday, March 1" in ada.text
    await ada.presses("Resume now")
    assert "Welcome back" in ada.text


@pytest.fixture
async def pair(stage: Stage) -> tuple[Actor, Actor, Actor]:
    cohort = await stage.cohort()
    olga = await stage.person("Olga", Duty.LIAISON)
    ben, eve = await stage.person("Ben"), await stage.person("Eve")
    await stage.pair(ben, eve, cohort=cohort, liaison=olga)
    await stage.to(date(2027, 6, 10))
    return ben, eve, olga


async def test_leaving_tells_the_liaison_at_once_and_the_partner_two_days_later(
    stage: Stage, pair: tuple[Actor, Actor, Actor]
) -> None:
    ben, eve, olga = pair
    before = len(ben.inbox)
    await eve.types("/mentor leave")
    await eve.sends(tell="self", line="Thank you for your *time*.")
    assert "You tell Ben yourself" in eve.text
    await stage.pulse()
    assert "Eve leaves the pair with Ben" in olga.inbox[-1].text
    assert len(ben.inbox) == before
    await stage.forward(days=5)
    farewell = ben.inbox[-1]
    assert "Thank you for your *time*." in farewell.text
    assert "Olga" in farewell.text
    assert notice_of(farewell.message) == "There is news about your mentoring pair."
    assert isinstance(await ben.presses("Yes, another match"), Changed)


async def test_leaving_can_be_taken_back_before_the_partner_hears(
    stage: Stage, pair: tuple[Actor, Actor, Actor]
) -> None:
    ben, eve, olga = pair
    before = len(ben.inbox)
    await eve.types("/mentor leave")
    await eve.sends(tell="self")
    await stage.pulse()
    await eve.presses("I would rather stay")
    await stage.forward(days=4)
    assert len(ben.inbox) == before
    await eve.types("/mentor status")
    assert "Ben" in eve.text
    assert "goes on after all" in olga.inbox[-1].text


async def test_nobody_can_end_a_pair_that_is_not_theirs(stage: Stage, pair: tuple[Actor, Actor, Actor]) -> None:
    mallory = await stage.person("Mallory")
    await mallory.runs("mentor leave", pair="1", tell="bot")
    assert "do not take part" in mallory.text
    _ben, _eve, olga = pair
    await mallory.runs("mentor again", member="1")
    assert "do not find" in mallory.text
    assert not olga.inbox


async def test_help_lists_what_this_person_can_do(stage: Stage, ada: Actor) -> None:
    await ada.types("/mentor help")
    assert "/mentor join" in ada.text
    assert "/goals" not in ada.text
    await ada.types("/menter jion")
    assert "Did you mean /mentor join?" in ada.text
    assert ada.labels() == ["Apply, or change my application", "What can I do here?"]


async def test_a_partner_learns_of_a_leaving_from_nobody_but_the_letter(
    stage: Stage, pair: tuple[Actor, Actor, Actor]
) -> None:
    ben, eve, _olga = pair
    await eve.types("/mentor leave")
    await eve.sends(tell="self")
    await ben.types("/mentor status")
    assert "leaving" not in ben.text
    await eve.types("/mentor status")
    assert "You are leaving this pair" in eve.text
    await ben.types("/mentor leave")
    await ben.sends(tell="bot", line="It was good.")
    assert "Ending a pair is allowed" in ben.text
    await stage.forward(days=6)
    assert sum("cannot go on with your pair" in post.text for post in ben.inbox) <= 1
    [farewell] = [post for post in eve.inbox if "cannot go on with your pair" in post.text]
    assert "It was good." in farewell.text


async def test_who_stays_while_the_other_leaves_changes_nothing_for_the_other(
    stage: Stage, pair: tuple[Actor, Actor, Actor]
) -> None:
    ben, eve, _olga = pair
    for actor in (eve, ben):
        await actor.types("/mentor leave")
        await actor.sends(tell="self")
    await ben.presses("I would rather stay")
    await stage.forward(days=6)
    assert any("cannot go on with your pair" in post.text for post in ben.inbox)
    assert not any("cannot go on with your pair" in post.text for post in eve.inbox)


async def test_a_coordinator_in_the_pair_does_not_hear_that_the_partner_leaves(stage: Stage) -> None:
    cohort = await stage.cohort()
    ben, eve = await stage.person("Ben", Duty.COORDINATOR), await stage.person("Eve")
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await stage.pair(ben, eve, cohort=cohort)
    await stage.to(date(2027, 6, 10))
    before = len(ben.inbox)
    await eve.types("/mentor leave")
    await eve.sends(tell="self")
    await stage.pulse()
    assert len(ben.inbox) == before
    assert "Eve leaves the pair with Ben" in olga.inbox[-1].text


async def test_without_a_liaison_the_farewell_names_a_coordinator(stage: Stage) -> None:
    cohort = await stage.cohort()
    ben, eve = await stage.person("Ben"), await stage.person("Eve")
    await stage.person("Olga", Duty.COORDINATOR)
    await stage.pair(ben, eve, cohort=cohort)
    await stage.to(date(2027, 6, 10))
    await eve.types("/mentor leave")
    await eve.sends(tell="bot")
    await stage.forward(days=3)
    assert "Olga is glad to talk." in ben.inbox[-1].text


async def test_a_leaving_that_the_end_of_the_program_overtook_is_not_told(
    stage: Stage, pair: tuple[Actor, Actor, Actor]
) -> None:
    ben, eve, _olga = pair
    await stage.to(date(2028, 4, 30))
    await eve.types("/mentor leave")
    await eve.sends(tell="self")
    await stage.forward(days=7)
    assert not any("cannot go on with your pair" in post.text for post in ben.inbox)


async def test_another_match_is_for_a_pair_that_has_ended(stage: Stage, pair: tuple[Actor, Actor, Actor]) -> None:
    ben, _eve, _olga = pair
    coordinator = await stage.person("Carla", Duty.COORDINATOR)
    for number in ("1", "2"):
        for run in ("mentor again", "mentor enough"):
            await ben.runs(run, member=number)
            assert "do not find" in ben.text
    await stage.pulse()
    assert coordinator.inbox == []


async def test_a_draft_of_the_next_year_hides_nobodys_application(stage: Stage, ada: Actor) -> None:
    await _apply(ada)
    await stage.cohort(state=CohortState.DRAFT, title="Mentoring 2028-29", opens_on=date(2028, 1, 15))
    await ada.types("/mentor status")
    assert "Your application for Mentoring 2027-28 is in." in ada.text
    await stage.to(date(2027, 3, 17))
    await ada.types("/mentor status")
    assert "Your application for Mentoring 2027-28 is in." in ada.text
    bob = await stage.person("Bob")
    await bob.types("/mentor join")
    assert "The next call is planned for Saturday, January 15." in bob.text
    await ada.types("/mentor withdraw")
    assert "again until" not in ada.text
    await ada.presses("Yes, withdraw it")
    assert "is withdrawn" in ada.text


async def test_who_is_in_a_pair_can_withdraw_from_the_next_call(stage: Stage, pair: tuple[Actor, Actor, Actor]) -> None:
    ben, _eve, _olga = pair
    await ben.types("/mentor withdraw")
    assert "You are in a pair already." in ben.text
    await stage.cohort(state=CohortState.OPEN, title="The next one", closes_on=date(2027, 9, 1))
    await _apply(ben)
    await ben.types("/mentor withdraw")
    assert "for The next one back" in ben.text
    await ben.presses("Yes, withdraw it")
    assert "is withdrawn" in ben.text


async def test_a_leaving_taken_back_at_once_is_told_to_nobody(stage: Stage, pair: tuple[Actor, Actor, Actor]) -> None:
    _ben, eve, olga = pair
    await eve.types("/mentor leave")
    await eve.sends(tell="self")
    await eve.presses("I would rather stay")
    await stage.pulse()
    assert olga.inbox == []


async def test_who_has_left_is_not_told_that_the_committee_is_reading(
    stage: Stage, pair: tuple[Actor, Actor, Actor]
) -> None:
    ben, eve, _olga = pair
    async with stage.app.storage.work() as work:
        pairing = await queries.pairing(work, 1)
        assert pairing is not None
        for member in pairing.members:
            work.add(
                application := Application(
                    cohort_id=pairing.cohort_id, person_id=member.person_id, wanted=Wanted.MENTEE, sent_at=work.now
                )
            )
            await work.flush()
            work.add(
                enrollment := Enrollment(
                    cohort_id=pairing.cohort_id,
                    person_id=member.person_id,
                    application_id=application.id,
                    role=member.role,
                    topics=[],
                    state=EnrollmentState.MATCHED,
                )
            )
            await work.flush()
            member.enrollment_id = enrollment.id
    await eve.types("/mentor leave")
    await eve.sends(tell="bot")
    await stage.forward(days=3)
    await eve.types("/mentor status")
    assert "Your pair with Ben ended on" in eve.text
    await eve.types("/mentor leave")
    assert "You are in no pair at the moment" in eve.text
    await ben.types("/mentor status")
    assert "Your place in Mentoring 2027-28 is kept." in ben.text


async def test_a_late_application_waits_for_a_person(stage: Stage, ada: Actor) -> None:
    await stage.to(date(2027, 3, 17))
    await ada.types("/mentor late mentee")
    career = next(f for f in ada.last.fields if f.name == "career").choices[1].value  # type: ignore[union-attr]
    await ada.sends(**{**MENTEE, "career": career})
    await ada.types("/mentor status")
    assert "A coordinator decides whether there is room" in ada.text
