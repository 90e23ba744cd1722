"""One user of a platform in two communities, and one direct message for both."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.domain import Account, Community, Duty, Person, Space, TeamMember
from bot.domain.letter import LetterKind
from bot.storage.outbox import NewLetter, post
from bot.ui import Button, Buttons, Form, _, message
from tests.stage import Actor, Stage


async def in_both(stage: Stage, *duties: Duty) -> tuple[Actor, int, int]:
    """Ada of the stage is Ada of the museum, too, with duties there; the numbers of both communities."""
    ada = await stage.person("Ada")
    async with stage.app.storage.work() as work:
        here = (await work.get(Person, ada.id)).community_id
        museum = Community(name="Museum Mentoring", zone="Europe/Paris", created_at=work.now)
        work.add(museum)
        await work.flush()
        space = Space(community_id=museum.id, platform="test", external="museum", name="Museum")
        person = Person(community_id=museum.id, name="Ada M", zone="Europe/Paris", created_at=work.now)
        work.add(space, person)
        await work.flush()
        work.add(Account(space_id=space.id, user=ada.user, person_id=person.id))
        work.add(*(TeamMember(community_id=museum.id, person_id=person.id, duty=d, since=work.now) for d in duties))
        numbers = here, museum.id
    ada.space = None
    return ada, *numbers


async def test_a_command_asks_which_community_and_runs_there(stage: Stage) -> None:
    ada, here, museum = await in_both(stage, Duty.COORDINATOR)
    await ada.types("/mentor help")
    assert "Which community is this about?" in ada.text
    assert ada.labels() == ["Library Mentoring", "Museum Mentoring"]
    chosen = ada.last
    await ada.presses("Museum Mentoring")
    assert "/cohort create" in ada.text
    ada.last = chosen
    await ada.presses("Library Mentoring")
    assert "/cohort create" not in ada.text
    assert here != museum


async def test_what_was_typed_behind_the_command_is_not_lost(stage: Stage) -> None:
    ada, _here, _museum = await in_both(stage)
    await ada.types("/mentor quiet 18:00 9:00")
    await ada.presses("Museum Mentoring")
    assert "I do not write to you of my own accord" in ada.text
    async with stage.app.storage.reading() as work:
        assert (await work.get(Person, ada.id)).quiet_from is None


async def test_buttons_and_forms_go_on_in_the_same_community(stage: Stage) -> None:
    ada, _here, museum = await in_both(stage, Duty.COORDINATOR)
    await ada.types("/cohort create")
    await ada.presses("Museum Mentoring")
    while not isinstance(ada.last, Form):
        await ada.presses(ada.labels()[0])
    assert ada.last.community == museum
    await ada.sends(title="x" * 60)
    assert isinstance(ada.last, Form)
    assert ada.last.community == museum
    await ada.sends(title="Museum year")
    assert "Which community" not in ada.text
    await ada.presses(ada.labels()[0])
    assert "Which community" not in ada.text
    await ada.types("/cohort status")
    await ada.presses("Museum Mentoring")
    assert "Museum year" in ada.text


async def test_a_letter_says_whose_it_is(stage: Stage) -> None:
    ada, here, museum = await in_both(stage)
    async with stage.app.storage.work() as work:
        for number, name in ((here, "Library"), (museum, "Museum")):
            found = await work.first(select(Person).where(Person.community_id == number))
            assert found is not None
            words = message(_("News"), Buttons((Button(_("{n}", n=name), "mentor quiet"),)))
            await post(work, number, NewLetter(key=name, kind=LetterKind.REMINDER, to=found, message=words))
    await stage.pulse()
    assert [letter.community for letter in ada.inbox] == [here, museum]
    for name, number in (("Library", here), ("Museum", museum)):
        ada.last = None
        form = await ada.presses(name)
        assert isinstance(form, Form)
        assert form.community == number


async def test_a_made_up_community_opens_nothing(stage: Stage) -> None:
    ada, _here, museum = await in_both(stage)
    ben = await stage.person("Ben")
    ben.space = None
    ben.last = message(_("Forged"), Buttons((Button(_("Go"), "mentor status", community=museum),)))
    await ben.presses("Go")
    assert "I do not know you yet" in ben.text
    ben.last = message(_("Forged"), Buttons((Button(_("Go"), "mentor status", community=10**9),)))
    await ben.presses("Go")
    assert "I do not know you yet" in ben.text
    ada.space = "stage"  # on a server, the server says it
    ada.last = message(_("Old"), Buttons((Button(_("Go"), "mentor status", community=museum),)))
    await ada.presses("Go")
    assert "Which community" not in ada.text


async def test_the_only_community_is_taken_and_a_stranger_is_told_where_to_begin(stage: Stage) -> None:
    ben = await stage.person("Ben")
    ben.space = None
    await ben.types("/mentor status")
    assert "You have not applied yet" in ben.text or "No call is open" in ben.text
    stranger = Actor(stage, 0, "U999", "Somebody", "UTC", space=None)
    await stranger.types("/mentor status")
    assert "I do not know you yet" in stranger.text
    await stranger.types("tell me more")
    assert "I do not know that command" in stranger.text


@pytest.mark.parametrize("words", ["We talked about catalogs"])
async def test_words_answer_the_newest_question_of_any_community(stage: Stage, words: str) -> None:
    ada, here, _museum = await in_both(stage)
    ben = await stage.person("Ben")
    await stage.pair(ben, ada, cohort=await stage.cohort(), starts=date(2027, 1, 10))
    ada.space = "stage"
    await ada.types("/goals set")
    ada.space = None
    await ada.types(words)
    form = await ada.presses("Yes, put it there")
    assert isinstance(form, Form)
    assert form.values["title"] == words
    assert form.community == here
