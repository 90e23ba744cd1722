"""What people type when they type no command, and what help shows to whom."""

import pytest

from bot.domain import CohortState, Duty
from tests.commands.cohort_stage import applies
from tests.stage import Stage


@pytest.mark.parametrize("typed", ["help", "/help", "?", "Help", "/?"])
async def test_help_is_helped(stage: Stage, typed: str) -> None:
    ada = await stage.person("Ada")
    await ada.types(typed)
    assert "What you can do here" in ada.text


async def test_courtesies_are_answered_kindly(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await ada.types("Thanks!")
    assert "You are welcome." in ada.text
    await ada.types("hello")
    assert "checkin" not in ada.text
    assert ada.labels() == ["Where do I stand?", "What can I do here?"]
    await ada.types("I want to leave")
    assert ada.labels() == ["Leave", "Pause my letters"]


async def test_a_command_is_suggested_as_a_button_to_those_who_may_use_it(stage: Stage) -> None:
    await stage.cohort(state=CohortState.OPEN)
    ada, olga = await stage.person("Ada"), await stage.person("Olga", Duty.COORDINATOR)
    await ada.types("/cohort")
    assert "cohort" not in ada.text
    assert ada.labels() == ["Where do I stand?", "What can I do here?"]
    await olga.types("/cohort")
    assert "Did you mean /cohort status?" in olga.text
    await olga.presses(olga.labels()[0])
    assert "open for applications" in olga.text
    await ada.types("/mentor stats")
    await ada.presses("See where I stand, and what comes next")
    assert "You have not applied yet" in ada.text


@pytest.mark.parametrize("typed", ["/cohort statuss", "/mentor cohort statuss"])
async def test_what_was_meant_is_found_behind_mentor_too(stage: Stage, typed: str) -> None:
    await stage.cohort(state=CohortState.OPEN)
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await olga.types(typed)
    assert "Did you mean /cohort status?" in olga.text


async def test_help_shows_what_can_be_done_now(stage: Stage) -> None:
    run = await stage.cohort(state=CohortState.OPEN)
    ada, cem = await stage.person("Ada"), await stage.person("Cem", Duty.COMMITTEE)
    await ada.types("/mentor help")
    for path in ("pause", "resume", "leave", "contact", "withdraw"):
        assert f"/mentor {path}" not in ada.text
    assert "/mentor join" in ada.text
    await applies(stage, ada, run)
    await ada.types("/mentor help")
    assert "/mentor withdraw" in ada.text
    assert "/mentor leave" not in ada.text
    await cem.types("/mentor help")
    assert "/cohort review" not in cem.text
    assert "/cohort status" in cem.text


async def test_help_shows_the_review_once_pairs_are_formed(stage: Stage) -> None:
    run = await stage.cohort(state=CohortState.MATCHING)
    cem, ada, ben = await stage.person("Cem", Duty.COMMITTEE), await stage.person("Ada"), await stage.person("Ben")
    await cem.types("help")
    assert "/cohort review lock" in cem.text
    assert "/cohort publish" not in cem.text
    await stage.pair(ben, ada, cohort=run)
    await ada.types("help")
    for path in ("/mentor leave", "/mentor contact", "/goals set"):
        assert path in ada.text
