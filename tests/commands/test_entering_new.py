"""Somebody who has not joined the chat is entered by name and mail, and takes part in all that needs no account."""

import asyncio

import pytest
from sqlalchemy import select

from bot.domain import Application, CohortState, Person
from bot.domain.mail import as_mail
from bot.ui import Form
from tests.commands.arrival_stage import MAIL, applies, enters, kept, people, person_with
from tests.commands.cohort_stage import olga
from tests.stage import Actor, Stage

__all__ = ["olga"]


async def _ready(stage: Stage) -> None:
    await stage.cohort(state=CohortState.OPEN)


async def test_a_name_that_nobody_has_leads_on_to_entering_them(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await olga.types("/cohort person Ada Lovelace")
    assert "I do not find “Ada Lovelace” here." in olga.text
    form = await olga.presses("Enter somebody new")
    assert isinstance(form, Form)
    assert form.values["name"] == "Ada Lovelace"
    assert form.errors == {}
    await olga.sends(mail="  Ada@Example.ORG ")
    assert "Ada Lovelace is written down" in olga.text
    assert olga.labels() == ["As a mentee", "As a mentor", "As both"]
    assert await person_with(stage, MAIL) is not None


async def test_status_and_help_lead_there_too(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await olga.types("/cohort status")
    assert "Not here yet" not in olga.text
    assert isinstance(await olga.presses("Enter somebody new"), Form)
    await olga.types("/mentor help")
    assert "/cohort person new" in olga.text


async def test_an_application_is_written_down_and_the_letter_is_kept_without_alarm(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await applies(olga)
    assert "has not joined this chat yet" in olga.text
    assert f"Please send an invitation to {MAIL}." in olga.text
    await stage.forward(days=3)
    assert await kept(stage) == 1
    assert olga.inbox == []
    ada = await person_with(stage)
    assert ada is not None
    assert ada.unreachable_since is None


async def test_whoever_is_not_here_is_counted_and_listed_with_their_mail(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await olga.types("/cohort person expected")
    assert "Everybody whom you entered is here." in olga.text
    await applies(olga)
    await olga.types("/cohort status")
    assert "Not here yet\n1" in olga.text
    await olga.presses("Who is not here yet")
    assert "1 person is not here yet." in olga.text
    assert f"Ada Lovelace, {MAIL}" in olga.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_wrong_mail_is_said_beside_its_question(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await enters(olga, mail="ada at home")
    assert "“ada at home” is not a mail address. Please write it like ada@example.org." in olga.text
    assert isinstance(olga.last, Form)
    assert olga.last.values["name"] == "Ada Lovelace"
    assert await people(stage) == ["Olga"]


async def test_a_known_mail_goes_on_with_whoever_has_it(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await applies(olga)
    await enters(olga, name="A. Lovelace", mail="ADA@example.org")
    assert "This mail address is Ada Lovelace's, so I go on with Ada Lovelace." in olga.text
    assert "has applied for" in olga.text
    assert olga.labels() == ["Correct it", "Withdraw it"]
    assert await people(stage) == ["Olga", "Ada Lovelace"]


async def test_two_who_enter_one_mail_at_once_enter_one_person(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    args = {"name": "Ada Lovelace", "mail": MAIL}
    await asyncio.gather(*(olga.runs("cohort person new", **args) for _press in range(2)))
    assert await people(stage) == ["Olga", "Ada Lovelace"]


async def test_a_wrong_mail_can_be_corrected_and_not_to_somebody_elses(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await enters(olga, mail="ada@exmaple.org")
    await enters(olga, name="Bea", mail="bea@example.org")
    ada = await person_with(stage, "ada@exmaple.org")
    assert ada is not None
    await olga.runs("cohort person mail", person=str(ada.id))
    await olga.sends(mail="bea@example.org")
    assert "This mail address is Bea's." in olga.text
    await olga.sends(mail=MAIL)
    assert f"Corrected. Ada Lovelace: {MAIL}." in olga.text
    assert (await person_with(stage) or ada).id == ada.id


async def test_correcting_and_withdrawing_need_no_account(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await applies(olga)
    await olga.types("/cohort person Ada Lovelace")
    await olga.presses("Withdraw it")
    await stage.forward(days=1)
    async with stage.app.storage.reading() as work:
        [application] = await work.all(select(Application))
    assert application.state.value == "withdrawn"
    assert olga.inbox == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_nobody_but_a_coordinator_enters_or_sees_them(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await applies(olga)
    eve = await stage.person("Eve")
    for path in ("new", "expected", "arrived", "arrived now"):
        await eve.runs(f"cohort person {path}", name="Eve", mail="eve@example.org", person="2", newcomer="3")
        assert "is for coordinators of this program" in eve.text
        assert MAIL not in eve.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_two_of_one_name_are_told_apart(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await applies(olga)
    await stage.person("Ada Lovelace")
    await olga.types("/cohort person ada lovelace")
    assert olga.labels() == ["Ada Lovelace, not here yet", "Ada Lovelace, who is here"]
    await olga.presses("Ada Lovelace, not here yet")
    assert "Ada Lovelace has applied" in olga.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_duty_is_for_those_who_are_here(stage: Stage, olga: Actor) -> None:
    await _ready(stage)
    await applies(olga)
    ada = await person_with(stage)
    assert isinstance(ada, Person)
    await olga.runs("cohort team add", duty="liaison", person=str(ada.id))
    assert "Ada Lovelace has not joined this chat yet. Please add Ada Lovelace after that." in olga.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada@Example.org ", "ada@example.org"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("ada+mentoring@mail.example.org", "ada+mentoring@mail.example.org"),
        ("ada", ""),
        ("ada@example", ""),
        ("ada@.org", ""),
        ("ada@example..org", ""),
        ("Ada <ada@example.org>", ""),
        ("ada@example.org, ben@example.org", ""),
        ("a" * 200 + "@example.org", ""),
        ("", ""),
    ],
)
def test_mail_addresses_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert as_mail(typed) == kept
