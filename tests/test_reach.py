"""What a replay must be able to say: what it did not reach, and which button leads nowhere."""

from __future__ import annotations

import pytest

from commands import CATALOG
from tests.buttons import wrong_button, wrong_form
from tests.reach import Reach
from tests.stage import Stage


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_command_a_form_and_a_button_that_nobody_reached_are_named(stage: Stage) -> None:
    reach = Reach()
    stage.dispatch.catalog = reach.watched(CATALOG)
    ada = await stage.person("Ada")
    await ada.types("/mentor help")
    assert not reach.ask(CATALOG, "mentor pause")
    assert not reach.show(CATALOG, "nudge talked", {"pair": "7"})
    unreached = reach.unreached(CATALOG)
    assert "the command mentor help" not in unreached
    assert "the command mentor pause" in unreached
    assert "the form of mentor pause" in unreached
    assert "the button nudge talked pair" in unreached
    reach.send(CATALOG, "mentor pause")
    reach.press(CATALOG, "nudge talked", {"pair": "7"})
    assert not [one for one in reach.unreached(CATALOG) if not one.startswith("the command")]


def test_a_button_of_the_platform_s_own_that_nobody_used_is_named() -> None:
    reach = Reach(own=frozenset({"more", "less"}))
    reach.use("more")
    assert reach.unreached(CATALOG)[-1] == "the platform's own button or page less"
    reach.use("less")
    assert not [one for one in reach.unreached(CATALOG) if not one.startswith("the command")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_command_that_was_refused_is_not_reached(stage: Stage) -> None:
    reach = Reach()
    stage.dispatch.catalog = reach.watched(CATALOG)
    ada = await stage.person("Ada")
    await ada.types("/cohort team")
    assert "the command cohort team" in reach.unreached(CATALOG)


@pytest.mark.parametrize(
    ("run", "args", "wrong"),
    [
        ("goals lists", {}, "which the catalog does not know"),
        ("goal list", {}, "which the catalog does not know"),
        ("status", {}, "which the catalog does not know"),
        ("goals list", {"pair": "7"}, "answers “pair”, which it does not ask"),
        ("nudge pace", {"choice": "never"}, "which is no one"),
        ("checkin log", {"minutes": "long"}, "which is no number"),
        ("checkin log", {"date": "soon"}, "which is no date"),
        ("mentor join", {"role": ""}, "which is no one"),
        ('mentor join role:"guest"', {}, "which is no one"),
    ],
)
def test_a_button_that_leads_nowhere_is_refused(run: str, args: dict[str, str], wrong: str) -> None:
    assert wrong in wrong_button(CATALOG, run, args)


@pytest.mark.parametrize("run", ["goals lists", "goals list", 'mentor join role:"guest"'])
def test_a_form_that_leads_nowhere_is_refused(run: str) -> None:
    assert wrong_form(CATALOG, run)


def test_what_leads_somewhere_is_not() -> None:
    assert wrong_button(CATALOG, 'mentor join role:"mentee"', {}) == ""
    assert wrong_button(CATALOG, "nudge pace", {"choice": "monthly"}) == ""
    assert wrong_form(CATALOG, 'mentor join role:"mentee"') == ""
