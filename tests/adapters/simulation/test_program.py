"""A whole program, played: the same seed tells the same story, and what has to hold in it holds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.simulation import figures
from adapters.simulation.figures import Figures
from adapters.simulation.play import play
from adapters.simulation.report import Cost, checks, holds
from adapters.simulation.run import Order, run
from adapters.simulation.world import Plan, Unplayable
from migrations.schema import upgrade
from tests.databases import Sqlite

SMALL = Plan(template="short", pairs=3, seed=5)


async def played(plan: Plan, database: str) -> Figures:
    world = await play(plan, database)
    try:
        return await figures.read(world)
    finally:
        await world.app.close()


async def test_everything_that_has_to_hold_holds(database: str) -> None:
    found = await played(SMALL, database)

    assert found.periods.is_exact
    assert found.mailed.indecent == []
    assert found.mailed.twice == 0
    assert found.failed == []
    assert found.returned == []
    assert holds(found)


async def test_it_is_a_program_with_applications_pairs_talks_and_an_end(database: str) -> None:
    found = await played(SMALL, database)

    assert sum(found.applications.values()) == found.people
    assert sum(found.pairs.values()) == found.asked_pairs == 3
    assert set(found.pairs) <= {"completed", "ended"}
    assert found.talks.happened > 0
    assert found.talks.noted > 0
    assert found.mailed.by_kind["introduction"] == 3
    assert sum(found.periods.outcomes.values()) >= 2 * 3 * 5
    assert "better" in found.proof


def test_the_same_seed_gives_the_same_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for _turn in range(2):
        run(Order(plan=SMALL, json=True), upgrade)
        told.append(json.loads(capsys.readouterr().out))

    assert told[0]["figures"] == told[1]["figures"]
    assert told[0]["figures"]["seed"] == 5
    assert told[0]["cost"]["statements"] > 0


def test_it_writes_a_page_that_needs_no_other_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    html = tmp_path / "report.html"

    run(Order(plan=Plan(template="short", pairs=1), html=html), upgrade)

    page = html.read_text()
    assert page.count("data:image/png;base64,") == 8
    assert "prefers-color-scheme: dark" in page
    assert "http" not in page
    assert "invented people" in capsys.readouterr().out


async def test_a_database_in_which_somebody_lives_is_left_alone(database: str) -> None:
    await played(Plan(template="short", pairs=1), database)

    with pytest.raises(Unplayable, match="lives in this database already"):
        await play(SMALL, database)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order(plan=Plan(template="long")), "no program long"),
        (Order(plan=SMALL, database="mysql://somewhere/else"), "--database must be"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_line(order: Order, said: str) -> None:
    with pytest.raises(Unplayable, match=said) as refusal:
        run(order, upgrade)

    assert "\n" not in str(refusal.value)


async def test_a_report_names_what_does_not_hold(sqlite: Sqlite) -> None:
    found = await played(Plan(template="short", pairs=1), await sqlite.create(tables=True))
    night = replace(found.mailed, indecent=["nudge at Sun 2027-06-06 03:00 in Asia/Kolkata"])
    odd = replace(found, mailed=night, periods=replace(found.periods, missing=2, doubled=1))
    said = dict(checks(odd))

    assert not holds(odd)
    assert said["each member and period has exactly one outcome"] == "no: 2 missing, 1 doubled"
    assert said["unasked letters at night, on weekends or quiet days"].startswith("1: nudge at Sun")


def test_what_a_run_cost_is_told_a_second() -> None:
    cost = Cost(seconds=2.0, statements=100, requests=10)

    assert cost.rates == {"requests_a_second": 5.0, "statements_a_second": 50.0}
