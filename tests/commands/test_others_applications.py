"""Somebody else's application in a coordinator's hands: the questions, what was said, and what is late."""

from datetime import date

import pytest

from bot.domain import Application, CohortState, Duty
from bot.ui import Form
from tests.commands.cohort_stage import applies, change_person, olga, reads
from tests.stage import Actor, Stage
from tests.wording import words_of

__all__ = ["olga"]

ANSWERS = {"wishes": ["cataloging"], "name": "Ada", "zone": "Chicago", "institution": "X", "career": "student"}


async def test_questions_about_somebody_else_are_about_them(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await olga.types("/cohort person person:Ada")
    form = await olga.presses("As a mentee")
    assert isinstance(form, Form)
    asked = words_of(form)
    assert "Their time zone" in asked
    assert "Your" not in asked.replace("Your application", "")
    assert " you " not in asked.replace("that you wrote", "")
    await olga.sends(**ANSWERS, avoid=[str(ada.id)])
    assert isinstance(olga.last, Form)
    assert list(olga.last.errors) == ["avoid"]
    await olga.sends(**ANSWERS, avoid=[])
    assert "Written down" in olga.text
    await olga.presses("Correct it")
    await olga.sends(**{**ANSWERS, "institution": "Y"})
    await stage.forward(days=1)
    assert "Olga has written down your application" in ada.inbox[0].text
    assert "Olga has corrected your application" in ada.inbox[1].text


async def test_nobody_rules_out_themselves(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await ada.types("/mentor join mentee")
    form = await ada.sends(**ANSWERS, conduct="yes", avoid=[str(ada.id)])
    assert isinstance(form, Form)
    assert list(form.errors) == ["avoid"]


async def test_a_late_application_is_read_before_it_is_decided(stage: Stage, olga: Actor) -> None:
    run = await stage.cohort(state=CohortState.MATCHING)
    ada = await stage.person("Ada")
    await change_person(
        stage, ada, about="I would like to think aloud.", contact="ada@x.org", institution="City Library"
    )
    number = await applies(stage, ada, run, late=True)
    await olga.types("/cohort person person:Ada")
    assert "waits for your decision" in olga.text
    await olga.types("/cohort late")
    await olga.presses("Read it")
    for shown in ("cataloging and metadata", "think aloud", "City Library"):
        assert shown in olga.text
    assert "ada@x.org" not in olga.text
    await olga.presses("Accept")
    assert (await reads(stage, Application, number)).state.value == "accepted"


async def test_what_was_begun_in_one_role_is_there_in_another(stage: Stage) -> None:
    await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await ada.types("/mentor join mentee")
    await ada.sends(wishes=["publishing"], institution="City Library", about="Hello")
    form = await ada.types("/mentor join both")
    assert isinstance(form, Form)
    assert (form.values["wishes"], form.values["institution"], form.values["about"]) == (
        ["publishing"],
        "City Library",
        "Hello",
    )
    await ada.types("/mentor join mentee")
    await ada.sends(**{**ANSWERS, "institution": "Now"}, conduct="yes")
    form = await ada.types("/mentor join both")
    assert isinstance(form, Form)
    assert form.values["institution"] == "Now"


async def test_whoever_withdrew_can_apply_again(stage: Stage) -> None:
    await stage.cohort(state=CohortState.OPEN)
    ada = await stage.person("Ada")
    await ada.types("/mentor join mentee")
    await ada.sends(**ANSWERS, conduct="yes")
    await ada.types("/mentor withdraw")
    await ada.presses("Yes, withdraw it")
    await ada.types("/mentor status")
    assert "You have withdrawn your application, and can apply again until Monday, March 15." in ada.text
    assert isinstance(await ada.presses("Apply again"), Form)


@pytest.mark.parametrize("typed", ["/mentor status", "/cohort status"])
async def test_a_coordinator_of_nothing_is_led_to_a_plan(stage: Stage, olga: Actor, typed: str) -> None:
    await olga.types(typed)
    await olga.presses("Plan a program")
    assert "Which program?" in olga.text
    vera = await stage.person("Vera", Duty.LIAISON)
    await vera.types(typed)
    assert "Plan a program" not in vera.labels()


async def test_the_date_of_a_draft_is_nobodys_promise(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.DRAFT, opens_on=date(2027, 2, 15))
    ada = await stage.person("Ada")
    await ada.types("/mentor join")
    assert "The next call is planned for Monday, February 15." in ada.text
    await olga.types("/cohort open mentoring")
    await olga.presses("Post it on Monday, February 15")
    await ada.types("/mentor join")
    assert "The next call opens on Monday, February 15." in ada.text


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"opens_on": "2026-01-01"}, "opens_on"),
        ({"ends_on": "2035-01-01"}, "ends_on"),
    ],
)
async def test_days_that_must_be_a_slip_are_refused(olga: Actor, answers: dict[str, str], field: str) -> None:
    await olga.types("/cohort create template:alcts")
    form = await olga.sends(**answers)
    assert isinstance(form, Form)
    assert list(form.errors) == [field]


async def test_a_form_that_is_sent_twice_makes_one_draft(olga: Actor) -> None:
    form = await olga.types("/cohort create template:alcts")
    await olga.sends()
    olga.last = form
    await olga.sends()
    assert "is written down already" in olga.text
    assert "Open the call" in olga.labels()
