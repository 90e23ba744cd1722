"""Applications in a coordinator's hands: written down, corrected, withdrawn, and the late ones decided."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.domain import Application, ApplicationState, CohortState, Enrollment, EnrollmentState, Person, Wanted
from bot.ui import Changed, Form
from tests.commands.cohort_stage import applies, change_person, olga, reads
from tests.matching_cast import cast
from tests.stage import Actor, Stage
from tests.wording import notice_of

__all__ = ["olga"]

ANSWERS = {
    "wishes": ["cataloging"],
    "name": "Ada",
    "zone": "America/New_York",
    "institution": "City Library",
    "career": "student",
}


async def _application(stage: Stage, actor: Actor) -> Application:
    async with stage.app.storage.reading() as work:
        found = await work.first(select(Application).where(Application.person_id == actor.id))
        assert found is not None
        return found


async def _enters(olga: Actor) -> None:
    await olga.types("/cohort person person:Ada")
    await olga.presses("As a mentee")
    await olga.sends(**ANSWERS)


async def test_somebody_without_an_application_is_applied_for_by_role(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await olga.types("/cohort person person:Ada")
    assert "Ada has no application for Mentoring 2027-28." in olga.text
    assert olga.labels() == ["As a mentee", "As a mentor", "As both"]
    form = await olga.presses("As a mentee")
    assert isinstance(form, Form)
    names = {field.name for field in form.fields}
    assert {"wishes", "name", "zone", "avoid"} <= names
    assert not names & {"conduct", "contact"}
    await olga.sends(**ANSWERS)
    assert "Written down: Ada takes part in Mentoring 2027-28 as a mentee." in olga.text
    application = await _application(stage, ada)
    assert (application.state, application.late, application.entered_by_id) == (
        ApplicationState.SENT,
        False,
        olga.id,
    )
    assert application.conduct_at is None


async def test_the_person_is_told_and_asked_to_accept_the_code_of_conduct(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await _enters(olga)
    await stage.pulse()
    [post] = ada.inbox
    assert notice_of(post.message) == "Your mentoring application was written down for you"
    assert "Olga has written down your application." in post.text
    assert "accept the code of conduct" in post.text
    assert "Monday, March 15" in post.text
    form = await ada.presses("Change my answers")
    assert isinstance(form, Form)
    assert form.values["institution"] == "City Library"


async def test_correcting_starts_from_what_is_there_and_keeps_what_is_theirs(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await _enters(olga)
    await change_person(stage, ada, contact="555 0100")
    await olga.types("/cohort person person:Ada")
    assert "Ada has applied for Mentoring 2027-28 as a mentee. It is in." in olga.text
    form = await olga.presses("Correct it")
    assert isinstance(form, Form)
    assert form.values["wishes"] == ["cataloging"]
    assert "555 0100" not in str(form)
    await olga.sends(wishes=["publishing", "cataloging"])
    assert (await _application(stage, ada)).wishes == ["publishing", "cataloging"]
    assert (await reads(stage, Person, ada.id)).contact == "555 0100"
    await stage.pulse()
    assert len(ada.inbox) == 2


async def test_after_the_call_a_coordinators_word_counts_at_once(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.MATCHING)
    ada = await stage.person("Ada")
    await _enters(olga)
    assert not (await _application(stage, ada)).late
    await stage.pulse()
    assert "If something in it is not right, Olga can change it" in ada.inbox[0].text


async def test_withdrawing_is_told_and_can_be_undone_before(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await applies(stage, ada, cohort)
    await olga.types("/cohort person person:Ada")
    assert isinstance(await olga.presses("Withdraw it"), Changed)
    assert (await _application(stage, ada)).state is ApplicationState.WITHDRAWN
    await olga.presses("Undo")
    assert (await _application(stage, ada)).state is ApplicationState.SENT
    await olga.types("/cohort person person:Ada")
    await olga.presses("Withdraw it")
    await stage.forward(minutes=10)
    [post] = ada.inbox
    assert notice_of(post.message) == "There is news about your mentoring application"
    assert "Olga has withdrawn it from Mentoring 2027-28." in post.text
    await olga.types("/cohort person person:Ada")
    assert "Ada has no application" in olga.text


async def test_somebody_in_a_pair_is_not_withdrawn(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort()
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await applies(stage, ada, cohort)
    await stage.pair(ben, ada, cohort=cohort)
    await olga.types("/cohort person person:Ada")
    await olga.presses("Withdraw it")
    assert "Ada is in a pair, and the pair comes first: Ada can end it kindly with /mentor leave." in olga.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_before_a_call_nobody_is_applied_for(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.DRAFT)
    await stage.person("Ada")
    await olga.types("/cohort person person:Ada")
    assert olga.text == "“Mentoring 2027-28” is a draft, and its call is not open yet. /cohort open opens it."
    await olga.types("/cohort person withdraw person:Ada")
    assert olga.text == "Ada has no application that could be withdrawn."


class TestLate:
    """Applications after the call."""

    async def _late(self, stage: Stage, state: CohortState = CohortState.MATCHING) -> tuple[Actor, str]:
        cohort = await stage.cohort(state=state)
        ada = await stage.person("Ada")
        return ada, str(await applies(stage, ada, cohort, Wanted.MENTEE, late=True))

    async def test_accepted_it_counts_and_the_person_hears(self, stage: Stage, olga: Actor) -> None:
        ada, number = await self._late(stage)
        reply = await olga.runs("cohort late accept", application=number)
        assert isinstance(reply, Changed)
        assert "Accepted. Ada is part of the next proposal of pairs." in olga.text
        assert (await _application(stage, ada)).state is ApplicationState.ACCEPTED
        await stage.forward(minutes=10)
        assert notice_of(ada.inbox[0].message) == "There is news about your mentoring application"
        assert "you hear from me by Monday, May 3" in ada.inbox[0].text

    async def test_while_pairs_talk_the_person_hears_that_they_wait(self, stage: Stage, olga: Actor) -> None:
        ada, number = await self._late(stage, CohortState.ACTIVE)
        await olga.runs("cohort late accept", application=number)
        await stage.forward(minutes=10)
        assert "As soon as somebody suits you I write to you." in ada.inbox[0].text

    async def test_declined_it_is_kind_and_names_a_person(self, stage: Stage, olga: Actor) -> None:
        ada, number = await self._late(stage)
        await olga.runs("cohort late decline", application=number)
        await stage.forward(minutes=10)
        [post] = ada.inbox
        assert notice_of(post.message) == "There is news about your mentoring application"
        assert "That says nothing about you" in post.text
        assert "Olga read it and is glad to talk" in post.text

    async def test_a_decision_can_be_undone_before_it_is_told(self, stage: Stage, olga: Actor) -> None:
        ada, number = await self._late(stage)
        await olga.runs("cohort late decline", application=number)
        await olga.presses("Undo")
        await stage.forward(minutes=10)
        assert ada.inbox == []
        await olga.runs("cohort late accept", application=number)
        assert "Accepted." in olga.text

    async def test_it_is_decided_once(self, stage: Stage, olga: Actor) -> None:
        _, number = await self._late(stage)
        await olga.runs("cohort late accept", application=number)
        await olga.runs("cohort late decline", application=number)
        assert olga.text == "This application is decided or withdrawn already. /cohort person shows how Ada stands."

    async def test_status_counts_it_apart(self, stage: Stage, olga: Actor) -> None:
        await self._late(stage)
        await olga.types("/cohort status")
        assert "Late, waiting for your yes\n1" in olga.text
        assert "Applications as a mentee\n0" in olga.text
        await olga.presses("Decide about late applications")
        assert "Ada, as a mentee, for Mentoring 2027-28" in olga.text
        await olga.presses("Accept")
        await olga.types("/cohort late")
        assert olga.text == "No late application waits for you."


async def test_a_late_application_has_its_old_place_only_once_it_is_accepted(stage: Stage) -> None:
    cohort = await cast(stage)
    ada = await cohort.mentee("Ada")
    await cohort.mentor("Ben")
    await cohort.matched()
    await ada.types("/mentor withdraw")
    await ada.presses("Yes, withdraw it")
    await stage.to(date(2027, 3, 17))
    await ada.types("/mentor late mentee")
    await ada.sends(name="Ada", institution="X", career="first_years", conduct="yes")

    async def state() -> EnrollmentState:
        async with stage.app.storage.reading() as work:
            [found] = await work.all(select(Enrollment.state).where(Enrollment.person_id == ada.id))
        return found

    assert await state() is EnrollmentState.WITHDRAWN
    await cohort.olga.types("/cohort late")
    await cohort.olga.presses("Accept")
    assert await state() is EnrollmentState.WAITING
    await cohort.olga.presses("Undo")
    assert await state() is EnrollmentState.WITHDRAWN


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_name_alone_is_enough(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    await stage.person("Ada")
    await olga.types("/cohort person Ada")
    assert "Ada has no application for Mentoring 2027-28." in olga.text
    await olga.types('/cohort person "Ada"')
    assert "Ada has no application for Mentoring 2027-28." in olga.text
