"""Quiet hours: chosen in words or a form, obeyed from the next letter on, and given up as easily."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import select

from bot.domain import Letter, LetterKind, Pairing, Person
from bot.storage.outbox import NewLetter, post
from bot.ui import Form, _, message
from commands.times import as_time
from tests.services.rhythm_stage import DAYS, at, change, couple, read_pairing, read_person
from tests.stage import Stage


@pytest.mark.parametrize("typed", ["quiet 18:00 11:30", "mentor quiet 6pm 11:30am", "/mentor quiet from:18:00 to:11.30",
                                   "quiet 6 pm 11:30"])  # fmt: skip
async def test_a_letter_waits_until_the_quiet_hours_end(stage: Stage, typed: str) -> None:
    _ben, ada, _olga, _cohort, _number = await couple(stage)
    await ada.types(typed)
    assert "From 18:00 to 11:30 I do not write to you of my own accord." in ada.text
    assert "My next letter to you comes on Tuesday, June 15 at 11:30." in ada.text
    person = await read_person(stage, ada)
    assert (person.quiet_from, person.quiet_to) == (time(18), time(11, 30))
    assert person.next_letter_at == at(str(DAYS[0]), 11, minute=30)
    await ada.types("/mentor status")
    assert "Your quiet hours: 18:00 to 11:30." in ada.text
    await stage.to(at(str(DAYS[0]), 12))
    assert [post.at for post in ada.inbox] == [at(str(DAYS[0]), 11, minute=30)]


@pytest.mark.parametrize("typed", ["/mentor quiet off", "quiet off", "a press", "an empty form"])
async def test_they_are_given_up_again(stage: Stage, typed: str) -> None:
    _ben, ada, _olga, _cohort, _number = await couple(stage)
    await ada.types("quiet 18:00 11:30")
    if typed == "a press":
        await ada.presses("No quiet hours")
    elif typed == "an empty form":
        await ada.presses("Change the hours")
        assert isinstance(ada.last, Form)
        assert ada.last.values == {"from": "18:00", "to": "11:30"}
        await ada.sends(**{"from": "", "to": ""})
    else:
        await ada.types(typed)
    assert "You have no quiet hours now" in ada.text
    person = await read_person(stage, ada)
    assert (person.quiet_from, person.quiet_to) == (None, None)
    assert person.next_letter_at == at(str(DAYS[0]), 10)
    await ada.types("/mentor status")
    assert "quiet hours" not in ada.text


@pytest.mark.parametrize(
    ("begins", "ends", "sentence"),
    [
        ("18:00", "18:00", "begin and end at the same time"),
        ("8:00", "20:00", "less than an hour"),
        ("19:30", "19:00", "less than an hour"),
        ("7:00", "19:30", "less than an hour"),
        ("18:00", "", "give both times"),
        ("25:00", "9:00", "write the time like"),
    ],
)
async def test_hours_that_cannot_be_are_refused_beside_their_field(
    stage: Stage, begins: str, ends: str, sentence: str
) -> None:
    ada = await stage.person("Ada")
    await ada.types("/mentor quiet")
    form = await ada.sends(**{"from": begins, "to": ends})
    assert isinstance(form, Form)
    assert sentence in ada.text
    assert form.values == {"from": begins, "to": ends} if ends else form.values["from"] == begins
    assert (await read_person(stage, ada)).quiet_from is None


async def test_an_hour_of_the_day_is_enough(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await ada.types("quiet 9:00 8:00")
    assert "From 09:00 to 08:00" in ada.text


async def test_who_has_no_zone_yet_is_asked_for_it(stage: Stage) -> None:
    olga = await stage.person("Olga", zone="")
    form = await olga.types("quiet 18:00 9:00")
    assert isinstance(form, Form)
    assert form.values == {"from": "18:00", "to": "9:00"}
    olga.zone = "America/Chicago"
    await olga.sends(zone="Chicago")
    assert "From 18:00 to 09:00" in olga.text
    assert (await read_person(stage, olga)).zone == "America/Chicago"


async def test_they_are_offered_where_somebody_wants_to_hear_less(stage: Stage) -> None:
    _ben, ada, _olga, _cohort, _number = await couple(stage)
    await stage.to(at(str(DAYS[0]), 12))
    await ada.presses("Ask me less often")
    assert isinstance(await ada.presses("Choose quiet hours"), Form)
    await ada.types("/mentor help")
    assert "/mentor quiet:" in ada.text


async def test_what_waits_already_keeps_out_of_them(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, number = await couple(stage)
    await change(stage, Pairing, number, first_contact_at=at("2027-06-04", 10))
    async with stage.app.storage.work() as work:
        person = await work.get(Person, ben.id)
        letter = NewLetter(
            key="n", kind=LetterKind.NEWS, to=person, message=message(_("News")), held_until=at("2027-06-02", 10)
        )
        await post(work, person.community_id, letter)
    await ben.types("quiet 17:00 13:00")
    async with stage.app.storage.reading() as work:
        waiting = await work.first(select(Letter).where(Letter.key == "n"))
        assert waiting is not None
        assert waiting.held_until == at("2027-06-02", 13)
    planned = (await read_pairing(stage, number)).first_contact_at
    assert planned is not None
    assert planned.astimezone(at("2027-06-01").tzinfo).hour == at("2027-06-01", 13).hour


def test_a_time_is_read_in_the_ways_people_write_it() -> None:
    assert {as_time(typed) for typed in ["18:00", "6pm", "6 PM", "6 p.m.", "18.00", "18", "6:00pm", "18:00:00"]} == {
        time(18)
    }
    assert [as_time(typed) for typed in ["noon", "12pm", "12am", "midnight", "24:00"]] == [
        time(12), time(12), time(), time(), time(),
    ]  # fmt: skip
    assert [as_time(typed) for typed in ["13pm", "0am", "25:00", "9:70", "soon", "", "24:01", "1:2"]] == [None] * 8
