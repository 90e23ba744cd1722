"""The file of everybody in a cohort: what is in it, who gets it, and that no spreadsheet computes anybody's words."""

from __future__ import annotations

import csv
import io

from sqlalchemy import delete

from bot.domain import Cohort, CohortState, Duty, TeamMember, Wanted
from bot.services import papers
from bot.texts.people_file import file_name
from bot.ui import Paper
from tests.commands.cohort_stage import applies, change_person, olga
from tests.stage import Actor, Posted, Stage

__all__ = ["olga"]


def paper(post: Posted) -> Paper:
    return next(part for part in post.message.parts if isinstance(part, Paper))


async def rows(stage: Stage, post: Posted) -> list[list[str]]:
    content = await papers.made(stage.app.storage, paper(post))
    assert content is not None
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


async def asked_for(stage: Stage, olga: Actor) -> Posted:
    await olga.types("/cohort people")
    await stage.pulse()
    return olga.inbox[-1]


async def test_whoever_asks_gets_it_by_a_letter_and_nobody_else(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    dora = await stage.person("Dora", Duty.COORDINATOR)
    post = await asked_for(stage, olga)
    assert "I am sending it to you" in olga.text
    assert paper(post).name == "mentoring-2027-28-people.csv"
    assert (len(olga.inbox), dora.inbox) == (1, [])


async def test_each_time_it_is_asked_for_it_is_sent_anew(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    await asked_for(stage, olga)
    await stage.forward(minutes=1)
    await asked_for(stage, olga)
    assert len(olga.inbox) == 2


async def test_it_shows_people_and_their_pairs_as_they_are_when_it_is_made(stage: Stage, olga: Actor) -> None:
    run = await stage.cohort(state=CohortState.ACTIVE)
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await applies(stage, ada, run, Wanted.MENTEE, "publishing", "cataloging")
    post = await asked_for(stage, olga)
    await applies(stage, ben, run, Wanted.MENTOR, "cataloging", places=2)
    await stage.pair(ben, ada, cohort=run, liaison=olga)
    head, *people = await rows(stage, post)
    assert head[:2] == ["Name", "Takes part as"]
    found = {row[0]: dict(zip(head, row, strict=True)) for row in people}
    assert list(found) == ["Ada", "Ben"]
    assert found["Ada"]["Would like to learn about"] == "publishing; cataloging and metadata"
    assert found["Ben"]["Places for mentees"] == "2"
    assert (found["Ada"]["In a pair with"], found["Ben"]["In a pair with"]) == ("Ben", "Ada")
    assert found["Ada"]["Liaison"] == "Olga"
    assert found["Ada"]["Has joined this chat"] == "yes"


async def test_a_coordinator_who_has_left_the_team_meanwhile_gets_no_file(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    post = await asked_for(stage, olga)
    async with stage.app.storage.work() as work:
        await work.session.execute(delete(TeamMember).where(TeamMember.person_id == olga.id))
    assert await papers.made(stage.app.storage, paper(post)) is None


async def test_only_coordinators_may_ask(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    liaison = await stage.person("Lena", Duty.LIAISON)
    await liaison.types("/cohort people")
    assert "is for coordinators" in liaison.text
    await stage.pulse()
    assert liaison.inbox == []


async def test_nobodys_words_become_a_formula_or_a_second_row(stage: Stage, olga: Actor) -> None:
    run = await stage.cohort(state=CohortState.OPEN)
    eve = await stage.person("Eve")
    await change_person(stage, eve, name='=HYPERLINK("http://evil.example","x")', institution='\n@SUM(1),"a"\nb')
    await applies(stage, eve, run)
    _head, row = await rows(stage, await asked_for(stage, olga))
    assert row[0] == '\'=HYPERLINK("http://evil.example","x")'
    assert row[2] == '\'@SUM(1),"a" b'


def test_its_name_is_one_that_every_system_takes() -> None:
    for title, name in (
        ("../../etc/passwd", "etc-passwd-people.csv"),
        ("Été 2027 – “R&D”", "t-2027-r-d-people.csv"),
        ("日本", "cohort-7-people.csv"),
    ):
        assert file_name(Cohort(id=7, title=title)) == name
