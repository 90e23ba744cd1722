"""Two chats, one program: a code from one side, typed on the other, confirmed on both."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from bot.domain import Community, Duty, LinkCode, Person, Space, TeamMember
from bot.storage import queries
from bot.storage.work import Work
from commands.spec import Request
from tests.stage import Actor, Stage
from tests.wording import words_of


async def code_of(actor: Actor, command: str = "/cohort link") -> str:
    """A code that somebody lets the bot make."""
    await actor.types(command)
    await actor.sends()
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", actor.text)
    assert found is not None, actor.text
    return found[0]


async def both(stage: Stage) -> tuple[Actor, Actor]:
    """Olga, who coordinates the stage, and Max, an admin of the museum, where nobody does."""
    olga, max_ = await stage.person("Olga", Duty.COORDINATOR), await stage.person("Max", space="museum")
    max_.is_admin = True
    return olga, max_


async def joined(stage: Stage, olga: Actor, max_: Actor) -> None:
    """The museum joins the stage."""
    await max_.types(f"/cohort link {await code_of(olga)}")
    await max_.presses("Yes, join")
    await stage.pulse()
    await olga.presses("Yes, let them join")
    await stage.pulse()


async def community_of(stage: Stage, actor: Actor) -> int:
    async with stage.app.storage.reading() as work:
        return (await work.get(Person, actor.id)).community_id


async def test_a_server_without_a_program_joins_when_both_sides_say_yes(stage: Stage) -> None:
    olga, max_ = await both(stage)
    await max_.types(f"/cohort link {(await code_of(olga)).lower().replace('-', ' ')}")
    assert "Shall Museum join Library Mentoring?" in max_.text
    assert await community_of(stage, max_) != await community_of(stage, olga)
    await max_.presses("Yes, join")
    assert "I have asked Olga" in max_.text
    await stage.pulse()
    assert "May Museum join your community?" in olga.inbox[-1].text
    await olga.presses("Yes, let them join")
    assert "Museum belongs to your community now" in olga.text
    await stage.pulse()
    assert "Olga has agreed" in max_.inbox[-1].text
    assert await community_of(stage, max_) == await community_of(stage, olga)
    await stage.cohort(title="One for both")
    await max_.types("/cohort status")
    assert "is for coordinators" in max_.text
    ben = await stage.person("Ben", space="museum")
    assert await community_of(stage, ben) == await community_of(stage, olga)


async def test_whoever_is_in_both_is_one_person_where_users_roam(stage: Stage) -> None:
    olga, max_ = await both(stage)
    ben = await stage.person("Ben")
    async with stage.app.storage.work() as work:
        for space in await work.all(select(Space)):
            space.roams = True
    await asks_in_the_museum(stage, olga)
    assert len(await people_behind(stage, olga)) == 2
    await joined(stage, olga, max_)
    await asks_in_the_museum(stage, ben)

    assert await people_behind(stage, olga) == {olga.id}
    assert await people_behind(stage, ben) == {ben.id}
    async with stage.app.storage.reading() as work:
        assert await queries.duties_of(work, olga.id) == {Duty.COORDINATOR}


async def asks_in_the_museum(stage: Stage, actor: Actor) -> None:
    await stage.dispatch.answer(
        Request(platform="test", space="museum", user=actor.user, text="mentor help", name=actor.name)
    )


async def people_behind(stage: Stage, actor: Actor) -> set[int]:
    """As whom a user is known."""
    async with stage.app.storage.reading() as work:
        return {person.id for _, person, _ in await queries.accounts_of(work, "test", actor.user)}


async def test_the_team_of_the_one_that_joins_has_no_role_there(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    max_ = await stage.person("Max", Duty.COORDINATOR, Duty.LIAISON, space="museum")
    await joined(stage, olga, max_)
    async with stage.app.storage.reading() as work:
        assert await queries.duties_of(work, max_.id) == frozenset()
        assert await queries.duties_of(work, olga.id) == {Duty.COORDINATOR}


async def test_an_admin_of_the_one_that_joined_rules_nothing_there(stage: Stage) -> None:
    olga, max_ = await both(stage)
    await joined(stage, olga, max_)
    await max_.types("/cohort setup")
    assert "To join the team, ask Olga." in max_.text
    async with stage.app.storage.reading() as work:
        assert await queries.duties_of(work, max_.id) == frozenset()


async def test_help_names_what_each_can_do_about_it(stage: Stage) -> None:
    olga, max_ = await both(stage)
    for actor in (olga, max_):
        await actor.types("/mentor help")
        assert {path for path in ("/cohort link", "/mentor link") if path in actor.text} == {"/cohort link"}
    await joined(stage, olga, max_)
    for actor, shown in ((olga, {"/cohort link", "/mentor link"}), (max_, {"/mentor link"})):
        await actor.types("/mentor help")
        assert {path for path in ("/cohort link", "/mentor link") if path in actor.text} == shown


async def test_a_code_works_once(stage: Stage) -> None:
    olga, max_ = await both(stage)
    code = await code_of(olga)
    await max_.types(f"/cohort link {code}")
    await max_.presses("Yes, join")
    zoo = await stage.person("Zoe", space="zoo")
    zoo.is_admin = True
    await zoo.types(f"/cohort link {code}")
    assert "This code is not valid" in zoo.text
    await zoo.runs("cohort link ask", code=code)
    assert "This code is not valid" in zoo.text


async def test_a_code_holds_ten_minutes(stage: Stage) -> None:
    olga, max_ = await both(stage)
    code = await code_of(olga)
    await stage.forward(minutes=9, seconds=59)
    await max_.types(f"/cohort link {code}")
    assert "Shall Museum join" in max_.text
    await stage.forward(seconds=1)
    await max_.presses("Yes, join")
    assert "This code is not valid" in max_.text
    async with stage.app.storage.reading() as work:
        assert await work.first(select(func.count(LinkCode.id))) == 0


async def test_a_new_code_makes_the_old_one_void(stage: Stage) -> None:
    olga, max_ = await both(stage)
    old, new = await code_of(olga), await code_of(olga)
    await max_.types(f"/cohort link {old}")
    assert "This code is not valid" in max_.text
    await max_.types(f"/cohort link {new}")
    assert "Shall Museum join" in max_.text


async def test_a_community_with_a_program_stays_its_own(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    max_ = await stage.person("Max", Duty.COORDINATOR, space="museum")
    await stage.cohort(title="Mentoring 2027")
    await olga.types(f"/cohort link {await code_of(max_)}")
    assert "Mentoring 2027 was planned here" in olga.text
    assert await community_of(stage, olga) != await community_of(stage, max_)


async def test_a_program_planned_meanwhile_stops_it(stage: Stage) -> None:
    olga, max_ = await both(stage)
    await max_.types(f"/cohort link {await code_of(olga)}")
    await max_.presses("Yes, join")
    await stage.pulse()
    museum = await community_of(stage, max_)
    await stage.cohort(title="Our own", community_id=museum)
    await olga.presses("Yes, let them join")
    assert "Our own was planned" in olga.text
    assert await community_of(stage, max_) == museum


async def test_no_program_is_planned_in_a_community_that_has_joined_another(stage: Stage) -> None:
    """As it happens to whoever sends the form at the very moment in which both sides have said yes."""
    olga = await stage.person("Olga", Duty.COORDINATOR)
    max_ = await stage.person("Max", Duty.COORDINATOR, space="museum")
    await max_.types("/cohort create template:alcts")
    home, museum = await community_of(stage, olga), await community_of(stage, max_)
    async with stage.app.storage.work() as work:
        (await work.get(Community, museum)).joined_id = home
    await max_.sends(title="Our own")
    assert "has just joined another community" in max_.text


async def test_no_is_told_and_changes_nothing(stage: Stage) -> None:
    olga, max_ = await both(stage)
    await max_.types(f"/cohort link {await code_of(olga)}")
    await max_.presses("Yes, join")
    await stage.pulse()
    await olga.presses("No")
    await stage.pulse()
    assert "would rather stay as it is" in max_.inbox[-1].text
    assert await community_of(stage, max_) != await community_of(stage, olga)
    await olga.runs("cohort link yes", code="1")
    assert "This question is over" in olga.text


async def test_after_a_day_the_question_is_over(stage: Stage) -> None:
    olga, max_ = await both(stage)
    await max_.types(f"/cohort link {await code_of(olga)}")
    await max_.presses("Yes, join")
    await stage.forward(hours=25)
    await olga.presses("Yes, let them join")
    assert "This question is over" in olga.text
    assert await community_of(stage, max_) != await community_of(stage, olga)


async def test_only_those_who_decide_may_begin_or_answer(stage: Stage) -> None:
    olga, max_ = await both(stage)
    ada, mia = await stage.person("Ada"), await stage.person("Mia", space="museum")
    await ada.types("/cohort link")
    assert "Only a coordinator can do that. Please ask Olga" in ada.text
    code = await code_of(olga)
    await mia.types(f"/cohort link {code}")
    assert "Only an admin" in mia.text
    await max_.types(f"/cohort link {code}")
    await max_.presses("Yes, join")
    await stage.pulse()
    await ada.runs("cohort link yes", code="1")
    assert await community_of(stage, max_) != await community_of(stage, olga)
    await max_.runs("cohort link yes", code="1")
    assert await community_of(stage, max_) != await community_of(stage, olga)


async def test_an_admin_of_a_chat_without_coordinators_needs_a_code(stage: Stage) -> None:
    _olga, max_ = await both(stage)
    await max_.types("/cohort link")
    await max_.sends()
    assert "Type the code that a coordinator of the other community gave you" in max_.text


async def test_a_code_is_not_for_where_it_was_made(stage: Stage) -> None:
    olga, _max = await both(stage)
    code = await code_of(olga)
    await olga.types(f"/cohort link {code}")
    assert "This code was made here" in olga.text


async def test_everything_of_the_one_that_joins_moves_and_old_buttons_still_lead_somewhere(stage: Stage) -> None:
    olga, max_ = await both(stage)
    before = await community_of(stage, max_)
    async with stage.app.storage.work() as work:
        (await work.get(Person, olga.id)).mail = "same@library.example"
        (await work.get(Person, max_.id)).mail = "same@library.example"
    await joined(stage, olga, max_)
    async with stage.app.storage.reading() as work:
        assert (await work.get(Person, max_.id)).mail == ""
        assert (await work.get(Person, olga.id)).mail == "same@library.example"
        for model in (Space, Person, TeamMember):
            assert await work.first(select(model.id).where(model.community_id == before)) is None
        guest = await work.get(Community, before)
        assert guest.joined_id == await community_of_row(work, olga)
        assert await queries.now_of(work, before) == guest.joined_id
    pressed = Request(platform="test", space=None, user=max_.user, text="mentor status", community=before)
    assert "No call is open" in words_of(await stage.dispatch.answer(pressed))


async def community_of_row(work: Work, actor: Actor) -> int:
    return (await work.get(Person, actor.id)).community_id


async def test_who_joined_an_association_that_joins_on_belongs_to_the_last_one(stage: Stage) -> None:
    olga, max_ = await both(stage)
    await joined(stage, olga, max_)
    before = await community_of(stage, olga)
    zoe = await stage.person("Zoe", Duty.COORDINATOR, space="zoo")
    await joined(stage, zoe, olga)
    assert await community_of(stage, max_) == await community_of(stage, olga) == await community_of(stage, zoe)
    async with stage.app.storage.reading() as work:
        assert {one.joined_id for one in await work.all(select(Community))} == {None, await community_of_row(work, zoe)}
        assert await queries.now_of(work, before) == await community_of_row(work, zoe)
