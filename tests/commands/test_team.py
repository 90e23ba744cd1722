"""Who runs the program: added, removed, listed, and told what that means."""

from datetime import date

import pytest

from bot.domain import CohortState, Duty
from bot.ui import Changed, Form
from tests.commands.cohort_stage import olga, waiting
from tests.stage import Actor, Stage
from tests.wording import notice_of

__all__ = ["olga"]


async def _add(olga: Actor, duty: str, name: str) -> None:
    await olga.types("/cohort team add")
    await olga.presses(duty)
    await olga.sends(person=name)


async def test_the_team_is_listed_by_duty(stage: Stage, olga: Actor) -> None:
    await stage.person("Lena", Duty.LIAISON, Duty.COMMITTEE)
    await olga.types("/cohort team")
    assert olga.text.split("\n") == [
        "The team of this program",
        "Coordinators",
        "Olga",
        "Liaisons",
        "Lena",
        "The committee",
        "Lena",
        "Remove",
        "Remove",
        "Remove",
        "Add somebody",
    ]


async def test_three_buttons_ask_for_the_duty_and_then_for_the_person(stage: Stage, olga: Actor) -> None:
    await stage.person("Lena")
    await olga.types("/cohort team")
    await olga.presses("Add somebody")
    assert olga.labels() == ["A coordinator", "A liaison", "In the committee"]
    form = await olga.presses("A liaison")
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == ["person"]


@pytest.mark.parametrize(
    ("duty", "became", "means", "button"),
    [
        ("A coordinator", "Lena, you now help to run the mentoring program.", "open calls", "Where do we stand?"),
        ("A liaison", "Lena, you are now a liaison of the mentoring program.", "never what they write", "My pairs"),
        (
            "In the committee",
            "Lena, you are now in the matching committee.",
            "concerns never reach you",
            "Where do we stand?",
        ),
    ],
)
async def test_somebody_new_hears_what_they_are_and_what_it_means(
    stage: Stage, olga: Actor, duty: str, became: str, means: str, button: str
) -> None:
    lena = await stage.person("Lena")
    await _add(olga, duty, "Lena")
    assert "Added." in olga.text
    await stage.forward(minutes=10)
    [post] = lena.inbox
    assert notice_of(post.message) == "You have a new part in the mentoring program"
    for words in (became, means, "Olga added you.", button):
        assert words in post.text


async def test_a_duty_counts_at_once(stage: Stage, olga: Actor) -> None:
    await stage.cohort(state=CohortState.OPEN)
    lena = await stage.person("Lena")
    await _add(olga, "In the committee", "Lena")
    await lena.types("/cohort status")
    assert "open for applications" in lena.text


async def test_undone_in_time_nobody_hears_and_the_duty_is_gone(stage: Stage, olga: Actor) -> None:
    lena = await stage.person("Lena")
    await _add(olga, "A liaison", "Lena")
    assert "Nobody hears of it before Monday, February 1 at 09:10." in olga.text
    assert isinstance(await olga.presses("Undo"), Changed)
    await stage.forward(hours=1)
    assert lena.inbox == []
    await olga.types("/cohort team")
    assert "Lena" not in olga.text


async def test_once_told_it_says_what_to_do_instead(stage: Stage, olga: Actor) -> None:
    await stage.person("Lena")
    await _add(olga, "A liaison", "Lena")
    await stage.forward(minutes=10)
    await olga.presses("Undo")
    assert olga.text == (
        "People have heard of this already, so I cannot undo it. /cohort team takes a duty away again."
    )


async def test_removing_thanks_and_can_be_undone(stage: Stage, olga: Actor) -> None:
    lena = await stage.person("Lena", Duty.LIAISON)
    await olga.types("/cohort team remove")
    assert olga.labels() == ["Olga: Coordinators", "Lena: Liaisons"]
    await olga.presses("Lena: Liaisons")
    assert "Removed. Liaisons without Lena." in olga.text
    await olga.presses("Undo")
    await olga.types("/cohort team")
    assert "Lena" in olga.text
    assert await waiting(stage) == 0
    await olga.types("/cohort team remove")
    await olga.presses("Lena: Liaisons")
    await stage.forward(minutes=10)
    [post] = lena.inbox
    assert notice_of(post.message) == "Your part in the mentoring team has changed"
    assert "Thank you for what you did there." in post.text
    assert "Olga" in post.text


async def test_a_liaison_with_pairs_leaves_work_behind(stage: Stage, olga: Actor) -> None:
    cohort = await stage.cohort()
    lena, ada, ben = await stage.person("Lena", Duty.LIAISON), await stage.person("Ada"), await stage.person("Ben")
    await stage.pair(ben, ada, cohort=cohort, liaison=lena)
    await olga.types("/cohort team remove")
    await olga.presses("Lena: Liaisons")
    assert "One pair needs another liaison now." in olga.text
    assert olga.labels() == ["Assign liaisons", "Undo"]


async def test_the_last_coordinator_cannot_leave(stage: Stage, olga: Actor) -> None:
    await stage.person("Lena", Duty.LIAISON)
    await olga.types("/cohort team remove")
    await olga.presses("Olga: Coordinators")
    assert olga.text == ("A program needs at least one coordinator. Please name another one first: /cohort team add.")


async def test_a_coordinator_can_leave_to_another_one(stage: Stage, olga: Actor) -> None:
    await stage.person("Paul", Duty.COORDINATOR)
    await olga.types("/cohort team remove")
    await olga.presses("Olga: Coordinators")
    assert "Done, and thank you." in olga.text
    await olga.types("/cohort team")
    assert "/cohort team is for coordinators of this program." in olga.text


async def test_undo_never_leaves_a_program_without_a_coordinator(stage: Stage, olga: Actor) -> None:
    paul = await stage.person("Paul")
    await _add(olga, "A coordinator", "Paul")
    undo = olga.last
    await olga.types("/cohort team remove")
    await olga.presses("Olga: Coordinators")
    paul.last = undo
    await paul.presses("Undo")
    assert "This was undone or changed again since." in paul.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_nobody_is_added_twice_or_unknown(stage: Stage, olga: Actor) -> None:
    await stage.person("Lena", Duty.LIAISON)
    await _add(olga, "A liaison", "Lena")
    form = olga.last
    assert isinstance(form, Form)
    assert "Lena is on that list already. /cohort team shows everybody." in olga.text
    assert list(form.errors) == ["person"]
    await olga.sends(person="Nobody")
    assert "“Nobody”" in olga.text
    assert "ask them to write to me once" in olga.text


@pytest.fixture
async def pair(stage: Stage) -> tuple[Actor, Actor]:
    """Eve, whose pair Lena looks after."""
    cohort = await stage.cohort()
    lena, ben, eve = await stage.person("Lena", Duty.LIAISON), await stage.person("Ben"), await stage.person("Eve")
    await stage.pair(ben, eve, cohort=cohort, liaison=lena)
    await stage.to(date(2027, 6, 10))
    return eve, lena


async def test_a_liaison_who_left_the_team_hears_of_no_concern(stage: Stage, pair: tuple[Actor, Actor]) -> None:
    eve, lena = pair
    olga = await stage.person("Olga", Duty.COORDINATOR, zone="Europe/Berlin")
    await olga.types("/cohort team remove")
    await olga.presses("Lena: Liaisons")
    await stage.forward(hours=1)
    before = len(lena.inbox)
    await eve.runs("nudge trouble", pair="1")
    assert "Lena" not in eve.text
    await eve.runs("nudge tell", pair="1", to="coordinator")
    await stage.pulse()
    assert len(lena.inbox) == before
    assert "Eve asks you to get in touch" in olga.inbox[-1].text


async def test_a_liaison_whose_removal_is_undone_has_the_pairs_again_that_nobody_took(
    stage: Stage, pair: tuple[Actor, Actor]
) -> None:
    _eve, lena = pair
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await olga.types("/cohort team remove")
    await olga.presses("Lena: Liaisons")
    assert "One pair needs another liaison now." in olga.text
    await olga.presses("Undo")
    await lena.types("/liaison pairs")
    assert "You look after 1 pair." in lena.text
